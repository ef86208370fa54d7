"""Regulatory facts as data, held against an intended use: packs, matcher, classification."""
