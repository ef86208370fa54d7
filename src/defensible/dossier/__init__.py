"""What is declared: the YAML files as frozen, typed values, each with its place in its file.

Here: the models, loading with positions, problems, JSON Schemas, scaffolding of a new dossier.
Not here: anything that is computed from them.
"""

from defensible.dossier.dossier import Dossier, Labeling, Place
from defensible.dossier.load import load
from defensible.dossier.problem import DossierError, Problem

__all__ = ["Dossier", "DossierError", "Labeling", "Place", "Problem", "load"]
