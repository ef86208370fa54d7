"""Whether a sealed result still stands: current, early, stale or missing, and why, in words.

- Stale: something that it rests on is not what it was. Early: nothing is, and its data were opened
  before intended use, claims and plan were frozen as they stand. Stale goes before early.
- Before and after are the order of the chain. A freeze counts from the first of the unbroken row
  of freezes that have this study's parts as they are now.
- A table counts as opened where its bytes were, or where its name was under other bytes: added
  rows do not make cases unseen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from defensible.dossier.dossier import Dossier
from defensible.dossier.kinds import Study
from defensible.evidence import sealed
from defensible.evidence.faults import counted
from defensible.evidence.inputs import MODEL, Inputs, TableInput
from defensible.evidence.sealed import Sealed, SealedTable
from defensible.ledger import frozen
from defensible.ledger.chain import Chain
from defensible.ledger.event import FreezeEvent, OpenEvent, RunEvent, Table


class State(Enum):
    """How a sealed result stands to what is declared now."""

    CURRENT = "current"
    EARLY = "early"
    STALE = "stale"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reuse:
    """How often a table was opened by runs, and under how many plans."""

    source: str
    n_runs: int
    n_plans: int
    n_studies: int

    @property
    def words(self) -> str:
        """`data/cases.csv was opened 3 times under 2 plans`, and of how many studies they are."""
        of = f" of {self.n_studies} studies" if self.n_studies > 1 else ""
        return (
            f"{self.source} was opened {counted(self.n_runs, 'time')} "
            f"under {counted(self.n_plans, 'plan')}{of}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The state of one study's sealed result.

    Attributes
    ----------
    why : tuple of str
        What changed, or what was opened too early; empty where it is current.
    """

    study: str
    state: State
    why: tuple[str, ...]
    sealed: Sealed | None
    reuse: tuple[Reuse, ...]
    inputs: Inputs

    @property
    def usable(self) -> bool:
        """Whether the sealed figures are those of what is declared now."""
        return (
            self.state in {State.CURRENT, State.EARLY}
            and self.sealed is not None
            and self.sealed.result is not None
        )


def standing(dossier: Dossier, study: Study, chain: Chain, now: Inputs) -> Standing:
    """How the sealed result of one study stands to what it rests on now.

    Raises
    ------
    SealError
        A sealed file is gone, or no longer what was sealed.
    """
    runs = [
        one for one in chain.events if isinstance(one, RunEvent) and one.payload.study == study.id
    ]
    found = sealed.read(dossier.root, runs[-1]) if runs else None
    state, why = _state(dossier, study, chain, now, found)
    return Standing(
        study=study.id,
        state=state,
        why=why,
        sealed=found,
        reuse=tuple(_reuse(chain, one) for one in now.tested),
        inputs=now,
    )


def _state(
    dossier: Dossier, study: Study, chain: Chain, now: Inputs, found: Sealed | None
) -> tuple[State, tuple[str, ...]]:
    if found is None:
        return State.MISSING, ("it was never run under seal",)
    if changed := _changed(dossier, study, now, found):
        return State.STALE, changed
    if before := too_early(dossier, chain, now):
        return State.EARLY, before
    return State.CURRENT, ()


def _changed(dossier: Dossier, study: Study, now: Inputs, found: Sealed) -> tuple[str, ...]:
    """What is not as it was when the result was sealed."""
    if found.result is None:
        return (f"defensible {found.event.payload.tool} sealed it in another form",)
    said = _declared(dossier, found.declared, now.declared)
    known = {(one.role, one.source): one for one in found.tables}
    for table in now.tables:
        before = known.get((table.role, table.source))
        if before is not None and before.sha256 != table.sha256:
            said.append(_table(dossier, study, table, before, found.n_rows.get(table.source)))
    return tuple(said)


def _declared(dossier: Dossier, before: Mapping[str, str], now: Mapping[str, Any]) -> list[str]:
    said = []
    for name in dict.fromkeys([*now, *before]):
        if name not in before:
            said.append(f"{name} added")
        elif name not in now:
            said.append(f"{name} no longer served")
        else:
            words = frozen.differs(dossier.root, name, before[name], now[name])
            said += [_model(one) if name == MODEL else f"{name} {one}" for one in words]
    return said


def _model(words: str) -> str:
    name, _, rest = words.partition(" ")
    return f"{'model on file' if name == 'on_file' else 'declared model'} {rest}"


def _table(
    dossier: Dossier,
    study: Study,
    table: TableInput,
    before: SealedTable,
    n_rows: int | None,
) -> str:
    from defensible.evidence.table_changes import difference  # reads rows: Polars comes with it

    return f"{table.source} {difference(dossier, study, table, before, n_rows)}"


def too_early(dossier: Dossier, chain: Chain, now: Inputs) -> tuple[str, ...]:
    """Why nothing shows that intended use, claims and plan were frozen before the data opened."""
    freezes = frozen.freezes(chain)
    if not freezes:
        return ("nothing is frozen",)
    parts = {name: value for name, value in now.declared.items() if name != MODEL}
    if differs := _unfrozen(dossier, freezes[-1], parts):
        return differs
    first = freezes[-1]
    for one in reversed(freezes[:-1]):
        if _unfrozen(dossier, one, parts):
            break
        first = one
    return tuple(
        f"{table.source}{other} was first opened on {opened.time[:10]} (line {opened.sequence}), "
        f"before the freeze of {first.time[:10]} (line {first.sequence})"
        for table in now.tested
        for opened, other in [_first_opened(chain, table)]
        if opened is not None and opened.sequence < first.sequence
    )


def _unfrozen(dossier: Dossier, event: FreezeEvent, parts: Mapping[str, Any]) -> tuple[str, ...]:
    """Parts that a freeze does not have as they are now."""
    said = []
    for name, value in parts.items():
        if name not in event.payload.parts:
            said.append(f"{name} is not frozen")
        else:
            words = frozen.differs(dossier.root, name, event.payload.parts[name], value)
            said += [f"{name} is not as it was frozen: {one}" for one in words]
    return tuple(said)


def _first_opened(chain: Chain, table: TableInput) -> tuple[OpenEvent | None, str]:
    for one in chain.events:
        if isinstance(one, OpenEvent) and _alike(one.payload.table, table):
            other = "" if one.payload.table.sha256 == table.sha256 else ", with other bytes,"
            return one, other
    return None, ""


def _alike(before: Table, now: TableInput) -> bool:
    return before.sha256 == now.sha256 or before.source == now.source


def _reuse(chain: Chain, table: TableInput) -> Reuse:
    """Looks at a table: each run under its plan, and a first look that no run followed."""
    looks = [
        (one.payload.study, one.payload.plan)
        for one in chain.events
        if isinstance(one, RunEvent) and any(_alike(each, table) for each in one.payload.tables)
    ]
    opened = {
        (one.payload.study, one.payload.plan)
        for one in chain.events
        if isinstance(one, OpenEvent) and _alike(one.payload.table, table)
    }
    looks += opened - set(looks)
    return Reuse(
        source=table.source,
        n_runs=len(looks),
        n_plans=len({plan for _, plan in looks}),
        n_studies=len({study for study, _ in looks}),
    )
