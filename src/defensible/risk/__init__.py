"""The ISO 14971 file: matrix, completeness, and how controls are verified."""
