"""Studies run under seal: first the look is on record, then the data are opened, then the result.

1. Tables that were never opened get their `open` line, before a cell of them is read.
2. The study is run, and its cases held against those of studies whose tables are open, too.
3. Declarations and statement are on disk. 4. The `run` line names them.
A stop in between leaves a look without a result, which is what it was.
"""

from collections.abc import Callable, Iterable

from defensible import __version__
from defensible.dossier.dossier import Dossier
from defensible.dossier.kinds import Study
from defensible.dossier.localization_study import LocalizationStudy
from defensible.dossier.problem import DossierError, Problem
from defensible.dossier.usability_study import UsabilityStudy
from defensible.evidence.finding import StudyResult
from defensible.evidence.inputs import Inputs
from defensible.evidence.record import Record, inputs_of
from defensible.evidence.run import run_one
from defensible.evidence.sealed import stated
from defensible.ledger import frozen, storage
from defensible.ledger.canonical import sha256
from defensible.ledger.chain import Book, Scribe, writing
from defensible.ledger.event import Event, Opened, OpenEvent, Run, RunEvent, Table
from defensible.ledger.problem import broken
from defensible.ledger.statement import enveloped


def seal(
    dossier: Dossier,
    studies: Iterable[Study],
    scribe: Scribe,
    begun: Callable[[str], None],
    *,
    noted: Record | None = None,
) -> tuple[RunEvent, ...]:
    """Run some studies and seal the result of each.

    Parameters
    ----------
    begun : callable
        Told each study's identifier as its work begins.
    noted : Record or None
        A record of the dossier made just before; a table that is not as it says is not sealed.

    Raises
    ------
    DossierError
        What is wrong with any of them; the results of the others are sealed by then.
    SealError
        The chain does not hold.
    """
    done: list[RunEvent] = []
    problems: list[Problem] = []
    for study in studies:
        begun(study.id)
        try:
            done.append(_sealed(dossier, study, scribe, noted))
        except DossierError as error:
            if type(error) is not DossierError:
                raise
            problems += error.problems
    if problems:
        raise DossierError(tuple(problems))
    return tuple(done)


def _sealed(dossier: Dossier, study: Study, scribe: Scribe, noted: Record | None) -> RunEvent:
    now = inputs_of(dossier, study, noted)
    _without_identifiers(dossier, study)
    tables = tuple(
        Table(source=one.source, sha256=one.sha256) for one in now.tested if one.sha256 is not None
    )
    with writing(dossier.root, scribe) as book:
        _note_first_looks(book, study.id, tables, now.plan)
        seen = _opened(book.chain.events)
    result = run_one(dossier, study)
    _of_one_truth(dossier, study, seen, noted)
    read_as_noted(dossier, study, result, now)
    root = dossier.root
    payload = stated(result, now, frozen.kept(root, now.declared))
    statement, data = sha256(payload), enveloped(payload, scribe.key)
    storage.put(root, storage.result(study.id, sha256(data)), data)
    with writing(root, scribe) as book:
        event = book.append(
            Run(
                study=study.id,
                plan=now.plan,
                tables=tables,
                statement=statement,
                envelope=sha256(data),
                tool=__version__,
            )
        )
    assert isinstance(event, RunEvent)  # noqa: S101 - the kind of its payload
    return event


def _note_first_looks(book: Book, study: str, tables: tuple[Table, ...], plan: str) -> None:
    opened = _opened(book.chain.events)
    for one in tables:
        if one.sha256 not in opened:
            opened.add(one.sha256)
            book.append(Opened(study=study, table=one, plan=plan))


def _opened(events: tuple[Event, ...]) -> set[str]:
    return {one.payload.table.sha256 for one in events if isinstance(one, OpenEvent)}


def _of_one_truth(dossier: Dossier, study: Study, seen: set[str], noted: Record | None) -> None:
    """No study whose tables are open gives a case of this one another truth.

    One whose tables nobody opened yet stays unseen: it is compared when it is run.

    Raises
    ------
    DossierError
        One does.
    """
    from defensible.evidence.conflicts import Truths, comparable  # NumPy comes with it

    alike = [one for one in dossier.studies if comparable(study, one)]
    others = [
        one
        for one in alike
        if all(each.sha256 in seen for each in inputs_of(dossier, one, noted).tested)
    ]
    if problems := tuple(Truths(dossier).problems(study, others)):
        raise DossierError(problems)


def _without_identifiers(dossier: Dossier, study: Study) -> None:
    """No dimension lists patients: its levels would stand in the seal.

    Raises
    ------
    DossierError
        A dimension is the column of cases or patients.
    """
    if isinstance(study, UsabilityStudy):
        return
    columns = study.data.columns
    place = dossier.identified.get(study.id)
    file = place.file if place else f"studies/{study.id}.yaml"
    problems = []
    named = [("dimensions", at, one.column) for at, one in enumerate(study.dimensions)]
    identifying = {columns.case, columns.patient}
    if isinstance(study, LocalizationStudy):
        of_lesions = enumerate(study.lesion_dimensions)
        named += [("lesion_dimensions", at, one.column) for at, one in of_lesions]
        identifying |= {study.data.marks.lesions.columns.case}
    for key, index, column in named:
        if column in identifying:
            at = dossier.place(file, key, index, "column")
            what = f"results by '{column}' would seal identifiers of cases or patients"
            problems.append(
                Problem(
                    file=at.file,
                    line=at.line,
                    column=at.column,
                    code="L014",
                    what=what,
                    mend="take another column, or leave this dimension out",
                )
            )
    if problems:
        raise DossierError(tuple(problems))


def read_as_noted(dossier: Dossier, study: Study, result: StudyResult, now: Inputs) -> None:
    """The tables that the study read are those that were noted.

    Raises
    ------
    DossierError
        One was changed in between.
    """
    noted = {one.sha256 for one in now.tables}
    other = [one.source for one in result.ledger.sources if one.sha256 not in noted]
    if other:
        place = dossier.identified.get(study.id)
        file = place.file if place else f"studies/{study.id}.yaml"
        what = f"'{other[0]}' was changed while the study ran; nothing was sealed"
        raise DossierError((broken(file, "L015", what, "run it again when nobody writes it"),))
