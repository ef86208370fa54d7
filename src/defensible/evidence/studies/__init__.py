"""What runs a study, one module a kind; `evidence.run` chooses by the protocol's `kind`."""

from defensible.evidence.studies import agreement, localization, readers, standalone, usability

__all__ = ["agreement", "localization", "readers", "standalone", "usability"]
