"""The chest example brought to its end on disk, one kind of work after the other.

What the example lacks is written as files that a team would write: model, development cases, reader
study and usability study (of the reader study example, synthetic like all of this), sign-off,
judgements, letter. Ledger and results are made by the commands.
"""

import csv
import hashlib
import io
import shutil
from pathlib import Path

from defensible import dossier, ledger
from defensible.cli.edge import run

EXAMPLES = Path(__file__).parents[2] / "examples"
TODAY = "2026-11-24"
MODEL = b'{"weights": [0.1, 0.2]}\n'


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def begun(folder: Path) -> None:
    """The example as it is, for one market."""
    shutil.copytree(EXAMPLES / "chest-triage", folder)
    _change(folder / "device.yaml", "markets: [us, eu]", "markets: [us]")


def narrowed(folder: Path) -> None:
    """The claim names its sites instead of any."""
    _change(folder / "claims.yaml", "site: any", "site: [East, North, South, West]")


def modelled(folder: Path) -> None:
    """The model is on file, its cases of development are named, and each row says its model."""
    (folder / "model.json").write_bytes(MODEL)
    _append(folder / "device.yaml", f"model: {{path: model.json, sha256: {sha256(MODEL)}}}\n")
    cases = folder / "data" / "cases.csv"
    before = sha256(cases.read_bytes())
    rows = list(csv.DictReader(cases.read_text("utf-8").splitlines()))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [*rows[0], "model"], lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "model": sha256(MODEL)} for row in rows)
    cases.write_text(out.getvalue(), "utf-8")
    others = "case\n" + "".join(f"development-{at}\n" for at in range(50))
    (folder / "data" / "development.csv").write_text(others, "utf-8")
    study = folder / "studies" / "standalone.yaml"
    _change(study, before, sha256(cases.read_bytes()))
    _change(study, "reference: pneumothorax}", "reference: pneumothorax, model_sha256: model}")
    _append(study, "development: {source: data/development.csv, case: case}\n")


def protocolled(folder: Path) -> None:
    """A reader study and a usability study are planned."""
    source = EXAMPLES / "reader-study"
    for name in ("readers", "use"):
        shutil.copy(source / "studies" / f"{name}.yaml", folder / "studies")
    for name in ("readings", "sessions"):
        shutil.copy(source / "data" / f"{name}.csv", folder / "data")
    readers = folder / "studies" / "readers.yaml"
    _change(readers, "claims: [C1]", "claims: []")
    for unmet in ("commission", "omission"):
        _change(readers, f"  - {{metric: {unmet}, goal: {{below: 0.50}}}}\n", "")
    use = folder / "studies" / "use.yaml"
    _change(use, "hazards: [H1]", "hazards: [H-miss]")
    _change(use, "hazards: [H2]", "hazards: [H-input]")
    _change(use, "use_error_below: 0.30", "use_error_below: 0.60")


def frozen(folder: Path) -> None:
    assert run(["freeze", str(folder)]) == 0


def sealed(folder: Path) -> None:
    assert run(["run", str(folder)]) == 0


def signed_off(folder: Path) -> None:
    _append(
        folder / "device.yaml",
        "decisions:\n"
        f"  - {{kind: sign-off, role: head of engineering, on: {TODAY}, version: '0.9', "
        f"model_sha256: {sha256(MODEL)}}}\n",
    )


def reviewed(folder: Path) -> None:
    """What is learned in production has been reviewed (ISO 14971, 10.3): asked for once cleared."""
    _append(
        folder / "risks.yaml",
        f"  reviews:\n    - {{on: {TODAY}, role: quality lead, new_hazards: none, "
        "acceptability: as before, benefit: as before, state_of_the_art: as before, "
        "actions: none, next_by: 2027-05-24}\n",
    )


def cleared(folder: Path) -> None:
    """The regulator's letter is on file for this version and this intended use."""
    letter = b"A letter, invented: no regulator wrote it.\n"
    (folder / "letter.txt").write_bytes(letter)
    use = ledger.digest(dossier.load(folder).intended_use)
    _append(
        folder / "device.yaml",
        f"  - {{kind: clearance, market: us, pathway: 510(k), number: K000000, on: {TODAY}, "
        f"version: '0.9', intended_use_sha256: {use}, letter: letter.txt, "
        f"letter_sha256: {sha256(letter)}}}\n",
    )


STEPS = (narrowed, modelled, protocolled, reviewed, frozen, sealed, signed_off, cleared)
"""In an order in which a team could take them."""
OTHER_ORDER = (protocolled, reviewed, modelled, narrowed, frozen, sealed, signed_off, cleared)
REVIEWED_LAST = (narrowed, modelled, protocolled, frozen, sealed, signed_off, cleared, reviewed)
"""A clearance opens the review of information from production: a duty, and no task."""


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new), "utf-8")


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8").rstrip("\n") + "\n" + text, "utf-8")
