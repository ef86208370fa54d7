"""What the dossier makes known beside the intended use: how bad the harm of its risks can be."""

from defensible.dossier.risks import Risks
from defensible.regulation.readable import NOTHING, Facts


def facts_of(risks: Risks | None) -> Facts:
    """The worst severity of any risk before control, as `name: meaning` of its step.

    Nothing is known while a risk is not estimated, unless another already is of the worst step:
    the missing one could be worse. No risk at all is a file not yet written, and tells nothing.
    """
    if risks is None or risks.policy is None or not risks.risks:
        return NOTHING
    steps = {step.name: place for place, step in enumerate(risks.policy.severity)}
    found = [steps.get(one.initial.severity) if one.initial else None for one in risks.risks]
    worst = max((one for one in found if one is not None), default=None)
    if worst is None or (None in found and worst < len(steps) - 1):
        return NOTHING
    step = risks.policy.severity[worst]
    return {"risks.worst_severity": (f"{step.name}: {step.meaning}",)}
