"""What is declared: the YAML files as frozen, typed values, each with its place in its file.

Here: the models, loading with positions, problems, JSON Schemas, scaffolding of a new dossier.
Not here: anything that is computed from them.
"""

from defensible.dossier.claims import Claim, Endpoint, Goal, MetricName
from defensible.dossier.device import Device
from defensible.dossier.dossier import Dossier, Labeling, Place
from defensible.dossier.intended_use import IntendedUse, undeclared
from defensible.dossier.load import load
from defensible.dossier.plan import Plan
from defensible.dossier.problem import DossierError, Problem
from defensible.dossier.risks import Risks
from defensible.dossier.scaffold import scaffold
from defensible.dossier.schema import schemas
from defensible.dossier.studies import StandaloneStudy
from defensible.dossier.wording import nearest

__all__ = [
    "Claim",
    "Device",
    "Dossier",
    "DossierError",
    "Endpoint",
    "Goal",
    "IntendedUse",
    "Labeling",
    "MetricName",
    "Place",
    "Plan",
    "Problem",
    "Risks",
    "StandaloneStudy",
    "load",
    "nearest",
    "scaffold",
    "schemas",
    "undeclared",
]
