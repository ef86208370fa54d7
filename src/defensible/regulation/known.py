"""What the risk file makes known beside the intended use: harm, what keeps it off, attacks."""

from defensible.dossier.risks import Acceptability, Policy, Risk, Risks
from defensible.regulation.failure_modes import security
from defensible.regulation.readable import NOTHING, Facts


def facts_of(risks: Risks | None) -> Facts:
    """What the risk file tells: worst severity, whether outside controls are enough, attacks.

    The worst severity of any risk before control is given as `name: meaning` of its step. Nothing
    is known while a risk is not estimated, unless another already is of the worst step: the
    missing one could be worse. No risk at all is a file not yet written, and tells nothing.
    """
    if risks is None or not risks.risks:
        return NOTHING
    if risks.policy is None:
        return _security(risks)
    return {
        **_worst(risks, risks.policy),
        **_external(risks, risks.policy),
        **_security(risks),
    }


def _security(risks: Risks) -> Facts:
    """Named where a risk addresses an attack; set aside where a person did so with every one.

    A file that says nothing of attacks, or not of all, leaves it unknown: nobody has looked.
    """
    modes = security()
    if any(modes.intersection(one.modes) for one in risks.risks):
        return {"risks.cybersecurity": ("named",)}
    aside = {one.mode for one in risks.not_applicable}
    return {"risks.cybersecurity": ("set-aside",)} if modes <= aside else NOTHING


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
