"""Mutated DICOM files through a whole intake: no fault, no hang, no name in anything written.

    python -m tests.evidence.dicom.fuzz 100000

Headers in every encoding, an enhanced image, an index and a ZIP file are changed in one to six
places: bits, bytes, lengths, tags, cuts, repeats, pieces of other files. Names, numbers and dates
of the person stand in many elements; any five letters of them in a row count as a leak.
"""

import random
import struct
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

from defensible.dossier import DossierError
from defensible.evidence.dicom import reading, work
from defensible.evidence.dicom.intake import Request, intake
from defensible.evidence.dicom.listing import Files, Found
from defensible.evidence.dicom.table import Level
from tests.evidence.dicom import written
from tests.evidence.dicom.written import CLOSE_ITEM, TERMS, element, open_item

NAMES = ("QUIXOTE", "ZEBEDIAH", "REFERRER", "Elsewhere")
NUMBERS = ("7654321", "1961-02-03", "19610203")
PIECES = {name[at : at + 5].casefold() for name in NAMES for at in range(len(name) - 4)}
PIECES |= set(NUMBERS)  # whole: five digits of them stand in some hash by chance
A_FOLDER = 5_000
SLOWEST_S = 5.0


@dataclass(kw_only=True)
class Tally:
    """What happened to the mutated files."""

    n: int = 0
    rows: int = 0
    refused: int = 0
    unparsed: int = 0
    slowest_s: float = 0.0
    leaks: tuple[str, ...] = ()


def seeds() -> list[bytes]:
    """Whole files to begin with."""
    person = {
        0x00080050: ("SH", b"MRN7654321"),
        0x00081030: ("LO", b"QUIXOTE follow-up"),
        0x00081070: ("PN", b"REFERRER^OPERATOR"),
        0x00090010: ("LO", b"ZEBEDIAH PRIVATE"),
        0x00091001: ("LO", b"QUIXOTE ZEBEDIAH"),
        0x00101001: ("PN", b"ZEBEDIAH^Q"),
        0x00181030: ("LO", b"QUIXOTE PROTOCOL"),
        0x00204000: ("LT", b"ZEBEDIAH QUIXOTE born 19610203"),
    }
    held = dict(sorted({**written.image(), **person}.items()))
    kinds = [written.IMPLICIT, written.EXPLICIT, written.BIG, written.DEFLATED]
    found = [written.file(held, one) for one in kinds]
    found.append(written.data_set(held))
    found.append(written.data_set(held, explicit=False))
    inner = element(0x00081150, "UI", b"1.2.3") + element(0x00100010, "PN", b"QUIXOTE^ZEBEDIAH")
    nested = open_item(0x00081140) + inner + CLOSE_ITEM + written.sequence(0x00081199, inner)
    groups = written.sequence(
        0x52009229, written.sequence(0x00289110, element(0x00180050, "DS", b"1.25"))
    )
    data = written.data_set(held)
    at = data.index(b"\x10\x00\x10\x00PN")
    frames = element(0x00280008, "IS", b"2")
    enhanced = data[:at] + nested + data[at:-44] + frames + groups
    found.append(bytes(128) + b"DICM" + written.meta() + enhanced)
    records = b"".join(
        element(0x00041500, "CS", b"A\\B%d" % n) + element(0x00100010, "PN", b"QUIXOTE^ZEBEDIAH")
        for n in range(3)
    )
    index = element(0x00041130, "CS", b"SET") + written.sequence(0x00041220, records)
    found.append(bytes(128) + b"DICM" + written.meta(sop_class="1.2.840.10008.1.3.10") + index)
    return found


def mutated(  # noqa: C901 - one case a kind of damage
    data: bytes, others: list[bytes], draw: random.Random
) -> bytes:
    """The data changed in one to six places, mostly past the preamble."""
    held = bytearray(data)
    for _ in range(draw.randrange(1, 7)):
        if len(held) < 16:
            break
        at = draw.randrange(min(128, len(held) - 8), len(held) - 4)
        match draw.randrange(9):
            case 0:
                held[at] ^= 1 << draw.randrange(8)
            case 1:
                held[at] = draw.randrange(256)
            case 2:
                held[at : at + 2] = struct.pack("<H", draw.choice((0, 1, 0xFFFF, 0x7FFF, 9000)))
            case 3:
                many = (0xFFFFFFFF, 0xFFFFFFFE, 0x7FFFFFFF, 0, 1)
                held[at : at + 4] = struct.pack("<I", draw.choice(many))
            case 4:
                del held[at : None if draw.random() < 0.2 else at + draw.randrange(1, 9)]
            case 5:
                held[at:at] = held[at : at + draw.randrange(1, 40)]
            case 6:
                other = draw.choice(others)
                start = draw.randrange(len(other))
                held[at:at] = other[start : start + draw.randrange(1, 200)]
            case 7:
                held[at : at + 4] = struct.pack("<HH", draw.choice((8, 0x10, 0x18, 0x28)), 0x1090)
            case 8:
                held[at : at + 2] = draw.choice((b"SQ", b"UN", b"OB", b"PN", b"LO", b"UI", b"\0\0"))
    return bytes(held)


def leaks(text: str) -> tuple[str, ...]:
    """Pieces of the person in a text."""
    plain = text.casefold()
    return tuple(sorted(piece for piece in PIECES if piece in plain))


def fuzzed(n: int, seed: int, place: Path) -> Tally:
    """Take in `n` mutated files, a folder of some thousand at a time."""
    draw = random.Random(seed)  # noqa: S311 - not for secrets
    kinds = seeds()
    tally = Tally()
    for first in range(0, n, A_FOLDER):
        folder = place / f"{first}"
        (folder / "in").mkdir(parents=True)
        (folder / "out").mkdir()
        some = min(A_FOLDER, n - first)
        for one in range(some):
            data = mutated(draw.choice(kinds), kinds, draw)
            (folder / "in" / f"{one}").write_bytes(data)
            _timed(folder / "in" / f"{one}", tally)
        with zipfile.ZipFile(folder / "in/a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("1", kinds[1])
        broken = mutated((folder / "in/a.zip").read_bytes(), kinds, draw)
        (folder / "in/b.zip").write_bytes(broken)
        _taken(folder, tally)
        tally.n += some
    return tally


def _timed(path: Path, tally: Tally) -> None:
    """The line of one file, with the time that it takes."""
    begun = time.perf_counter()
    lines = work.read(Files((Found(str(path), "a file"),)), TERMS).decode()
    tally.slowest_s = max(tally.slowest_s, time.perf_counter() - begun)
    tally.unparsed += reading.CANNOT_PARSE in lines
    tally.leaks += leaks(lines)


def _silent(done: int, found: int, *, complete: bool) -> None:
    del done, found, complete


def _taken(folder: Path, tally: Tally) -> None:
    """A whole intake of the folder, and what stands in all that it wrote."""
    out = folder / "out/cases.csv"
    request = Request(
        paths=(folder / "in",),
        out=out,
        report=out.with_suffix(".report.json"),
        level=Level.IMAGE,
        terms=TERMS,
    )
    try:
        outcome = intake(request, _silent)
    except DossierError as error:
        tally.leaks += leaks(str(error))
        return
    tally.rows += outcome.n_rows
    tally.refused += outcome.n_refused
    for path in (folder / "out").iterdir():
        tally.leaks += leaks(path.read_text(encoding="utf-8"))


def main() -> None:
    """Print what happened; 1 if anything should not have."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as place:
        tally = fuzzed(n, seed=20261125, place=Path(place))
    sys.stdout.write(f"{tally}\n")
    sys.exit(bool(tally.leaks) or tally.slowest_s > SLOWEST_S)


if __name__ == "__main__":
    main()
