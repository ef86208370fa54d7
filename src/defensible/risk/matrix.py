"""The policy's matrix: which cell an estimate falls in, and whether the matrix is total."""

from defensible.dossier.risks import Acceptability, Policy, RiskEstimate


def cell(policy: Policy | None, estimate: RiskEstimate | None) -> Acceptability | None:
    """What the policy says of an estimate; None where there is no policy, estimate or cell.

    No estimate is no answer, and never a low one.
    """
    if policy is None or estimate is None:
        return None
    return policy.matrix.get(estimate.severity, {}).get(estimate.probability)


def holes(policy: Policy) -> tuple[str, ...]:
    """Pairs of severity and probability for which the matrix says nothing."""
    return tuple(
        f"{severity.name} × {probability.name}"
        for severity in policy.severity
        for probability in policy.probability
        if probability.name not in policy.matrix.get(severity.name, {})
    )


def lower(scale: tuple[str, ...], before: str, after: str) -> bool:
    """Whether `after` is a lower step of a scale than `before`."""
    return before in scale and after in scale and scale.index(after) < scale.index(before)
