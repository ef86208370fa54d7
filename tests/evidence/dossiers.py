"""A small dossier with one study on disk; a test changes one thing of it, or of its table."""

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from defensible.dossier import Dossier, DossierError, Problem, load
from defensible.evidence import run
from defensible.evidence.finding import Measurement, Stratum, StudyResult

STUDY: dict[str, Any] = {
    "id": "S1",
    "kind": "standalone",
    "question": "How accurate is the flag?",
    "data": {
        "source": "data/cases.csv",
        "columns": {"case": "case", "score": "score", "reference": "truth"},
    },
    "independent_cases": True,
    "sampling": "consecutive",
    "reference_standard": {
        "description": "Two radiologists, a third where they differ.",
        "positive": {"is": [1]},
    },
    "output": {"positive": {"at_least": 0.5}},
    "analysis": {"level": 0.95, "proportions": "wilson", "auc": "delong"},
}
TABLE = """\
case,score,truth,site
K1,0.9,1,North
K2,0.8,1,South
K3,0.4,1,North
K4,0.7,1,South
K5,0.6,0,North
K6,0.3,0,South
K7,0.2,0,North
K8,0.1,0,
"""
SITE = {"name": "site", "column": "site"}
REMOVED = object()


def write(
    root: Path,
    changes: Mapping[str, Any] | None = None,
    *,
    table: str | bytes | None = TABLE,
    files: Mapping[str, str | bytes] | None = None,
    claims: list[dict[str, Any]] | None = None,
    device: dict[str, Any] | None = None,
) -> Path:
    """The dossier under `root`; `changes` by key path, such as `analysis.auc`."""
    study = copy.deepcopy(STUDY)
    for path, value in (changes or {}).items():
        *above, last = path.split(".")
        here = study
        for key in above:
            here = here.setdefault(key, {})
        if value is REMOVED:
            del here[last]
        else:
            here[last] = value
    yaml = YAML()
    (root / "studies").mkdir(parents=True, exist_ok=True)
    (root / "data").mkdir(exist_ok=True)
    for name, content in (
        ("device.yaml", {"name": "Flag", "version": "1.0.0", **(device or {})}),
        ("intended-use.yaml", {"function": "triage"}),
        ("claims.yaml", {"claims": claims or []}),
        ("studies/s1.yaml", study),
    ):
        with (root / name).open("w", encoding="utf-8") as file:
            yaml.dump(content, file)
    written = dict(files or {})
    if table is not None:
        written["data/cases.csv"] = table
    for name, cells in written.items():
        (root / name).write_bytes(cells if isinstance(cells, bytes) else cells.encode())
    return root


def loaded(root: Path, changes: Mapping[str, Any] | None = None, **given: Any) -> Dossier:
    """The dossier, written and loaded."""
    return load(write(root, changes, **given))


def result(root: Path, changes: Mapping[str, Any] | None = None, **given: Any) -> StudyResult:
    """The result of its study."""
    (only,) = run(loaded(root, changes, **given))
    return only


def problems(root: Path, changes: Mapping[str, Any] | None = None, **given: Any) -> list[str]:
    """What is wrong with it, each as a person reads it; fails where nothing is."""
    dossier = loaded(root, changes, **given)
    try:
        run(dossier)
    except DossierError as error:
        return [str(one) for one in error.problems]
    raise AssertionError("no problem was found")


def outcome(dossier: Dossier) -> StudyResult | tuple[Problem, ...]:
    """The result of its study, or what is wrong; anything else is raised."""
    try:
        (only,) = run(dossier)
    except DossierError as error:
        return error.problems
    return only


def at(one: StudyResult, metric: str, *levels: tuple[str, str]) -> Measurement:
    """The measurement of `metric` at some levels; of all cases without any."""
    stratum = Stratum(levels=levels)
    return next(m for m in one.measurements if (m.metric.value, m.stratum) == (metric, stratum))


def tallies(one: StudyResult) -> dict[str, tuple[int, str]]:
    """Reason, number, and what was done."""
    return {tally.reason: (tally.n, tally.treated) for tally in one.ledger.tallies}


def balanced(one: StudyResult) -> bool:
    """Whether rows read are rows left out, excluded, or analysed."""
    gone = sum(t.n for t in one.ledger.tallies if t.treated in {"left out", "excluded"})
    return one.ledger.n_read - gone == one.ledger.n_analysed
