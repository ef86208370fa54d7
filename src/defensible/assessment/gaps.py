"""Gaps in the order in which to close them: nothing comes before what it waits for.

Which kind of work waits for which is the table below; it is followed through kinds that have no
open gap, so that a closed step in between does not lose the order of its neighbours.
"""

from dataclasses import replace
from graphlib import TopologicalSorter

from defensible.assessment.result import Cell, Gap, Question, Row

WAITS_FOR: dict[str, tuple[str, ...]] = {
    "intended-use": (),
    "model-artifact": (),
    "description": ("intended-use",),
    "pathway": ("intended-use",),
    "claims": ("intended-use",),
    "labeling": ("intended-use", "claims"),
    "risk-analysis": ("intended-use",),
    "freeze": ("intended-use", "claims"),
    "protocol": ("claims", "freeze", "pathway"),
    "data": ("protocol",),
    "engineering-evidence": ("protocol", "data", "model-artifact"),
    "sign-off": ("engineering-evidence", "model-artifact", "data"),
    "clinical-evidence": ("protocol", "data", "model-artifact", "freeze"),
    "generalization": ("protocol", "data", "model-artifact", "freeze"),
    "risk-control": ("risk-analysis",),
    "human-factors": ("risk-analysis", "protocol"),
    "overall-risk": ("risk-control", "human-factors", "clinical-evidence", "generalization"),
    "claims-defended": ("clinical-evidence", "generalization", "human-factors"),
    "package": ("claims-defended", "overall-risk", "labeling", "description", "pathway"),
    "decision": ("package",),
}


def gaps(rows: tuple[Row, ...]) -> tuple[Gap, ...]:
    """Every need of every cell as a gap, ordered; complexity linear in gaps times kinds."""
    order = TopologicalSorter(WAITS_FOR).static_order()
    position = {kind: index for index, kind in enumerate(order)}
    found = [gap for row in rows for gap in _of_row(row)]
    ordered = sorted(found, key=lambda gap: position[gap.kind])
    by_kind: dict[str, list[Gap]] = {}
    for gap in ordered:
        by_kind.setdefault(gap.kind, []).append(gap)
    return tuple(_linked(gap, by_kind) for gap in ordered)


def _of_row(row: Row) -> list[Gap]:
    sides: tuple[tuple[Question, Cell], ...] = (
        ("engineering", row.engineering),
        ("regulatory", row.regulatory),
    )
    return [
        Gap(
            id=f"G{row.number}{question[0].upper()}{index}",
            row=row.number,
            question=question,
            kind=need.kind,
            what=need.what,
            close=need.close,
            links=need.links,
            waits_for=(),
            blocks=(),
            ongoing=need.ongoing,
        )
        for question, cell in sides
        for index, need in enumerate(cell.needs, start=1)
    ]


def _linked(gap: Gap, by_kind: dict[str, list[Gap]]) -> Gap:
    waited = _before(gap.kind, by_kind)
    before = [one.id for kind, others in by_kind.items() if kind in waited for one in others]
    after = [
        one.id
        for kind, others in by_kind.items()
        if gap.kind in _before(kind, by_kind)
        for one in others
    ]
    return replace(gap, waits_for=tuple(before), blocks=tuple(after))


def _before(kind: str, present: dict[str, list[Gap]]) -> set[str]:
    """Kinds with open gaps that `kind` waits for, through kinds that have none."""
    before: set[str] = set()
    for one in WAITS_FOR[kind]:
        before |= {one} if one in present else _before(one, present)
    return before
