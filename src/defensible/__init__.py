"""Which claims can you defend, on the evidence you have?

`defensible` reads a dossier (intended use, claims, studies, risks, labeling) with the raw
evidence beside it, and computes which question is answered: the engineering one, the regulatory
one, or neither yet. One flow, one way: `load → classify → run → assess → render`.
"""

__version__ = "0.1.0"
