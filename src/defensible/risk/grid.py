"""The policy's matrix with the risks in it, before and after control."""

from collections.abc import Iterable
from dataclasses import dataclass

from defensible.dossier.risks import Acceptability, Policy, RiskEstimate


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """One cell: what the policy says of it, and the risks that sit there."""

    probability: str
    acceptability: Acceptability | None
    risks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """One severity, rarest probability first."""

    severity: str
    cells: tuple[GridCell, ...]


def grid(
    policy: Policy | None, estimates: Iterable[tuple[str, RiskEstimate | None]]
) -> tuple[GridRow, ...]:
    """The matrix, gravest severity first; risks without an estimate are in no cell."""
    if policy is None:
        return ()
    there: dict[tuple[str, str], list[str]] = {}
    for risk, estimate in estimates:
        if estimate is not None:
            there.setdefault((estimate.severity, estimate.probability), []).append(risk)
    return tuple(
        GridRow(
            severity=severity.name,
            cells=tuple(
                GridCell(
                    probability=one.name,
                    acceptability=policy.matrix.get(severity.name, {}).get(one.name),
                    risks=tuple(there.get((severity.name, one.name), ())),
                )
                for one in policy.probability
            ),
        )
        for severity in reversed(policy.severity)
    )
