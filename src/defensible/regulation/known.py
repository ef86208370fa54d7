"""What the dossier makes known beside the intended use: how bad harm is, what keeps it off."""

from defensible.dossier.risks import Acceptability, Policy, Risk, Risks
from defensible.regulation.readable import NOTHING, Facts


def facts_of(risks: Risks | None) -> Facts:
    """What the risk file tells: the worst severity, and whether outside controls are enough.

    The worst severity of any risk before control is given as `name: meaning` of its step. Nothing
    is known while a risk is not estimated, unless another already is of the worst step: the
    missing one could be worse. No risk at all is a file not yet written, and tells nothing.
    """
    if risks is None or risks.policy is None or not risks.risks:
        return NOTHING
    return {**_worst(risks, risks.policy), **_external(risks, risks.policy)}


def _worst(risks: Risks, policy: Policy) -> Facts:
    steps = {step.name: place for place, step in enumerate(policy.severity)}
    found = [steps.get(one.initial.severity) if one.initial else None for one in risks.risks]
    worst = max((one for one in found if one is not None), default=None)
    if worst is None or (None in found and worst < len(steps) - 1):
        return NOTHING
    step = policy.severity[worst]
    return {"risks.worst_severity": (f"{step.name}: {step.meaning}",)}


def _external(risks: Risks, policy: Policy) -> Facts:
    """Sufficient where the policy accepts what is left of every risk, by outside controls alone.

    A control that does not say where it lies, or a risk without an estimate of what is left, leaves
    it unknown; a risk that rests on a control of the software makes it insufficient. Software is
    taken to fail with certainty: a risk that nothing controls must be acceptable at any rate.
    """
    outside = {one.id: one.outside_software for one in risks.controls}
    answers = {_alone(one, policy, outside) for one in risks.risks}
    if False in answers:
        return {"risks.external_controls": ("insufficient",)}
    return NOTHING if None in answers else {"risks.external_controls": ("sufficient",)}


def _alone(risk: Risk, policy: Policy, outside: dict[str, bool | None]) -> bool | None:
    places = {outside.get(name) for name in risk.controls}
    if False in places:
        return False
    left = risk.residual if risk.controls else risk.initial
    if None in places or left is None:
        return None
    probability = left.probability if risk.controls else policy.probability[-1].name
    cell = policy.matrix.get(left.severity, {}).get(probability)
    return None if cell is None else cell is Acceptability.ACCEPTABLE
