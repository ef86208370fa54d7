"""The record of a dossier: how each study's sealed result stands, and what was planned and run.

The plan is sealed before the data are opened, so that the record has a denominator: a study that
was once frozen stays counted, whatever later freezes leave out.
"""

from dataclasses import dataclass

from defensible.dossier.dossier import Dossier
from defensible.dossier.kinds import Study
from defensible.evidence.finding import StudyResult
from defensible.evidence.freshness import Standing, State, standing
from defensible.evidence.inputs import Inputs, inputs
from defensible.ledger import frozen
from defensible.ledger.chain import Chain, held
from defensible.ledger.event import FreezeEvent, RunEvent

_STUDY = frozen.study("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Analyses:
    """Studies by what was planned and what was run, in the order of the ledger."""

    planned: tuple[str, ...]
    run: tuple[str, ...]
    not_run: tuple[str, ...]
    """Planned, and never run."""
    unplanned: tuple[str, ...]
    """Run before any freeze had their protocol, or never planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the ledger shows of a dossier.

    Attributes
    ----------
    freeze : FreezeEvent or None
        The last freeze.
    changes : tuple of Change
        What differs from it, in words.
    standings : tuple of Standing
        One a study, in the order of the dossier.
    """

    chain: Chain
    freeze: FreezeEvent | None
    changes: tuple[frozen.Change, ...]
    analyses: Analyses
    standings: tuple[Standing, ...]

    def of(self, study: str) -> Standing | None:
        """The standing of one study."""
        return next((one for one in self.standings if one.study == study), None)

    @property
    def stale(self) -> tuple[str, ...]:
        """Studies whose result would have to be sealed anew, or for the first time."""
        return tuple(
            one.study for one in self.standings if one.state in {State.STALE, State.MISSING}
        )


def record(dossier: Dossier, *, noted: Record | None = None) -> Record:
    """What the ledger shows of a dossier as it stands; nothing is written.

    Parameters
    ----------
    noted : Record or None
        An earlier record of the same dossier, whose digests of tables are taken as they are.

    Raises
    ------
    SealError
        The chain, or a sealed file that it names, does not hold.
    """
    chain = held(dossier.root)
    freezes = frozen.freezes(chain)
    last = freezes[-1] if freezes else None
    changed = frozen.since(last.payload.parts, dossier.root, frozen.parts(dossier)) if last else ()
    return Record(
        chain=chain,
        freeze=last,
        changes=changed,
        analyses=_analyses(chain),
        standings=tuple(
            standing(dossier, one, chain, inputs_of(dossier, one, noted)) for one in dossier.studies
        ),
    )


def inputs_of(dossier: Dossier, study: Study, noted: Record | None) -> Inputs:
    """What a study rests on, as an earlier record has it, or else as it is now."""
    before = noted.of(study.id) if noted is not None else None
    return inputs(dossier, study) if before is None else before.inputs


def results(dossier: Dossier, found: Record) -> tuple[StudyResult, ...]:
    """The result of each study: as sealed where that stands, else computed and not sealed.

    Raises
    ------
    DossierError
        What is wrong with the tables or plans of the studies that are computed.
    """
    from defensible.evidence.run import run_these

    sealed = {
        one.study: one.sealed.result
        for one in found.standings
        if one.usable and one.sealed is not None and one.sealed.result is not None
    }
    others = tuple(one for one in dossier.studies if one.id not in sealed)
    computed = {one.study: one for one in run_these(dossier, others)} if others else {}
    return tuple(sealed.get(one.id) or computed[one.id] for one in dossier.studies)


def _analyses(chain: Chain) -> Analyses:
    planned: dict[str, None] = {}
    run: dict[str, None] = {}
    unplanned: dict[str, None] = {}
    for event in chain.events:
        if isinstance(event, FreezeEvent):
            parts = event.payload.parts
            planned |= dict.fromkeys(
                name.removeprefix(_STUDY) for name in parts if name.startswith(_STUDY)
            )
        elif isinstance(event, RunEvent):
            study = event.payload.study
            run[study] = None
            if study not in planned:
                unplanned[study] = None
    return Analyses(
        planned=tuple(planned),
        run=tuple(run),
        not_run=tuple(one for one in planned if one not in run),
        unplanned=tuple(unplanned),
    )
