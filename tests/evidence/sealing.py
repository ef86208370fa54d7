"""A small dossier that is frozen and run under seal, with a clock of its own."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from defensible import dossier, evidence, ledger
from defensible.evidence.finding import StudyResult
from defensible.evidence.inputs import inputs
from defensible.evidence.sealed import stated
from defensible.ledger import frozen, storage
from defensible.ledger.canonical import sha256
from defensible.ledger.event import Run
from defensible.ledger.statement import enveloped
from tests.assessment import small
from tests.sealed.seal import scribe

PER_SITE = 20


def write(root: Path, declared: dict[str, Any] | None = None) -> Path:
    """The dossier of `tests.assessment.small`, with few cases."""
    return small.write(root, declared, table=small.cases(per_site=PER_SITE))


def freeze(root: Path) -> None:
    """Freeze it as it stands."""
    loaded = dossier.load(root)
    with ledger.writing(root, scribe(None)) as book:
        ledger.freeze(book, root, loaded)


def run(root: Path) -> tuple[str, ...]:
    """Run what is stale, under seal; which studies that were."""
    loaded = dossier.load(root)
    stale = evidence.record(loaded).stale
    chosen = [one for one in loaded.studies if one.id in stale]
    evidence.seal(loaded, chosen, scribe(None), lambda _: None)
    return stale


def forge(root: Path, result: StudyResult) -> None:
    """Put under seal what no run ever gave: a chain and digests that hold, of invented figures."""
    loaded = dossier.load(root)
    study = loaded.studies[0]
    now = inputs(loaded, study)
    payload = stated(result, now, frozen.kept(root, now.declared))
    data = enveloped(payload, None)
    storage.put(root, storage.result(study.id, sha256(data)), data)
    with ledger.writing(root, scribe(None)) as book:
        book.append(
            Run(
                study=study.id,
                plan=now.plan,
                tables=(),
                statement=sha256(payload),
                envelope=sha256(data),
                tool="0.1.0",
            )
        )


def better(result: StudyResult) -> StudyResult:
    """The same result, one lower limit raised."""
    first = result.measurements[0]
    assert first.estimate is not None
    raised = replace(first, estimate=replace(first.estimate, low=0.99))
    return replace(result, measurements=(raised, *result.measurements[1:]))


def standing(root: Path) -> Any:
    """How the seal of its study stands."""
    (only,) = evidence.record(dossier.load(root)).standings
    return only


def words(root: Path) -> tuple[str, tuple[str, ...]]:
    """The state and why."""
    one = standing(root)
    return one.state.value, one.why
