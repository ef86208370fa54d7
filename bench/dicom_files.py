"""Seeded DICOM files for benches: what scanners write, with a preamble, private blocks and pixels.

Each is explicit little endian, of 120 elements (87 named by the standard), three nested
"""

import random
import struct
from pathlib import Path

LONG = {"OB", "OW", "SQ", "UN", "UT"}
VENDORS = (
    ("SIEMENS", "SOMATOM Definition AS", "syngo CT 2012B"),
    ("GE MEDICAL SYSTEMS", "LightSpeed VCT", "07MW18.4"),
    ("Philips", "Ingenuity CT", "3.5.5"),
    ("TOSHIBA", "Aquilion ONE", "V4.74ER"),
)


def element(tag: int, vr: str, value: bytes) -> bytes:
    """One explicit little endian element, padded to even length."""
    value += (b"\0" if vr in {"UI", "OB", "UN"} else b" ") * (len(value) % 2)
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr.encode()
    if vr in LONG:
        return head + b"\0\0" + struct.pack("<I", len(value)) + value
    return head + struct.pack("<H", len(value)) + value


def text(tag: int, vr: str, said: str) -> bytes:
    """An element that holds text."""
    return element(tag, vr, said.encode("ascii"))


def short(tag: int, n: int) -> bytes:
    """An element that holds an unsigned short."""
    return element(tag, "US", struct.pack("<H", n))


def sequence(tag: int, *inside: bytes) -> bytes:
    """A sequence of undefined length with one item of undefined length."""
    head = struct.pack("<HH2sHI", tag >> 16, tag & 0xFFFF, b"SQ", 0, 0xFFFFFFFF)
    item = struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
    ends = struct.pack("<HHIHHI", 0xFFFE, 0xE00D, 0, 0xFFFE, 0xE0DD, 0)
    return head + item + b"".join(inside) + ends


def with_meta(data: bytes, syntax: str, sop_class: str, sop: str) -> bytes:
    """A whole file: preamble, meta information, data set."""
    meta = b"".join(
        (
            element(0x00020001, "OB", b"\0\1"),
            text(0x00020002, "UI", sop_class),
            text(0x00020003, "UI", sop),
            text(0x00020010, "UI", syntax),
            text(0x00020012, "UI", "1.2.826.0.1.3680043.2.1143"),
            text(0x00020013, "SH", "BENCH_1"),
        )
    )
    length = element(0x00020000, "UL", struct.pack("<I", len(meta)))
    return b"\0" * 128 + b"DICM" + length + meta + data


def computed_tomography(draw: random.Random, image: int, pixels: int = 32_768) -> bytes:
    """One slice of a CT series of forty."""
    study, number = divmod(image, 40)
    drawn = random.Random(study)  # noqa: S311 - not for secrets
    vendor, model, software = drawn.choice(VENDORS)
    root = f"1.2.826.0.1.3680043.8.{study + 1000}"
    sop, sop_class = f"{root}.2.{number + 1}", "1.2.840.10008.5.1.4.1.1.2"
    year = drawn.randrange(2008, 2024)
    day = f"{year}{drawn.randrange(1, 13):02d}{drawn.randrange(1, 29):02d}"
    name = f"FAMILY{drawn.randrange(10**6)}^GIVEN{drawn.randrange(10**6)}"
    code = (text(0x00080100, "SH", "CTABD"), text(0x00080102, "SH", "99X"))
    parts = [
        text(0x00080005, "CS", "ISO_IR 100"),
        text(0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"),
        text(0x00080012, "DA", day),
        text(0x00080013, "TM", "101112.123000"),
        text(0x00080016, "UI", sop_class),
        text(0x00080018, "UI", sop),
        *(text(tag, "DA", day) for tag in range(0x00080020, 0x00080024)),
        *(text(tag, "TM", "101010.5") for tag in range(0x00080030, 0x00080034)),
        text(0x00080050, "SH", f"A{drawn.randrange(10**7)}"),
        text(0x00080060, "CS", "CT"),
        text(0x00080070, "LO", vendor),
        text(0x00080080, "LO", f"Hospital {drawn.randrange(12)}"),
        text(0x00080081, "ST", "1 Main Street"),
        text(0x00080090, "PN", f"REFERRER{drawn.randrange(1000)}^DR"),
        text(0x00081010, "SH", f"CT{drawn.randrange(9)}"),
        text(0x00081030, "LO", "CT ABDOMEN WITH CONTRAST"),
        sequence(0x00081032, *code),
        text(0x0008103E, "LO", "AX 5.0 B30f"),
        text(0x00081040, "LO", "RADIOLOGY"),
        text(0x00081070, "PN", f"OPERATOR{drawn.randrange(99)}"),
        text(0x00081090, "LO", model),
        sequence(0x00081111, text(0x00081150, "UI", sop_class), text(0x00081155, "UI", root)),
        sequence(0x00081140, text(0x00081150, "UI", sop_class), text(0x00081155, "UI", root)),
        text(0x00100010, "PN", name),
        text(0x00100020, "LO", f"P{drawn.randrange(10**8):08d}"),
        text(0x00100030, "DA", f"{drawn.randrange(1930, 2000)}0517"),
        text(0x00100040, "CS", drawn.choice("MF")),
        text(0x00101010, "AS", f"{drawn.randrange(18, 95):03d}Y"),
        text(0x00101020, "DS", "1.75"),
        text(0x00101030, "DS", "80"),
        text(0x00180010, "LO", "CONTRAST"),
        text(0x00180015, "CS", "ABDOMEN"),
        text(0x00180022, "CS", "HELIX"),
        text(0x00180050, "DS", drawn.choice(("1.0", "3.0", "5.0"))),
        text(0x00180060, "DS", "120"),
        text(0x00180090, "DS", "500"),
        text(0x00181000, "LO", f"{drawn.randrange(10**5)}"),
        text(0x00181020, "LO", software),
        text(0x00181030, "LO", "Abdomen Routine"),
        *(text(tag, "DS", "500.0") for tag in (0x00181100, 0x00181110, 0x00181111)),
        *(text(tag, "DS", "0") for tag in (0x00181120, 0x00181130)),
        text(0x00181140, "CS", "CW"),
        text(0x00181150, "IS", "500"),
        text(0x00181151, "IS", f"{draw.randrange(80, 400)}"),
        text(0x00181152, "IS", f"{draw.randrange(50, 200)}"),
        text(0x00181160, "SH", "FLAT"),
        text(0x00181170, "IS", "40"),
        text(0x00181190, "DS", "1.2"),
        text(0x00181210, "SH", "B30f"),
        text(0x00185100, "CS", "HFS"),
        text(0x00190010, "LO", f"{vendor} CT"),
        *(text(0x00191000 + one, "DS", f"{draw.random():.6f}") for one in range(30)),
        text(0x0020000D, "UI", root),
        text(0x0020000E, "UI", f"{root}.1"),
        text(0x00200010, "SH", f"{study}"),
        text(0x00200011, "IS", "2"),
        text(0x00200012, "IS", "1"),
        text(0x00200013, "IS", f"{number + 1}"),
        text(0x00200032, "DS", f"-180.5\\-170.5\\{-5.0 * number:.1f}"),
        text(0x00200037, "DS", "1\\0\\0\\0\\1\\0"),
        text(0x00200052, "UI", f"{root}.9"),
        text(0x00201040, "LO", ""),
        text(0x00201041, "DS", f"{-5.0 * number:.1f}"),
        short(0x00280002, 1),
        text(0x00280004, "CS", "MONOCHROME2"),
        short(0x00280010, 128),
        short(0x00280011, 128),
        text(0x00280030, "DS", "0.703125\\0.703125"),
        *(short(tag, 16) for tag in (0x00280100, 0x00280101)),
        short(0x00280102, 15),
        short(0x00280103, 1),
        text(0x00281050, "DS", "40"),
        text(0x00281051, "DS", "400"),
        text(0x00281052, "DS", "-1024"),
        text(0x00281053, "DS", "1"),
        element(0x00290010, "LO", b"PRIVATE HEADER"),
        element(0x00291010, "OB", draw.randbytes(2048)),
        text(0x00321060, "LO", "CT ABDOMEN"),
        text(0x00400244, "DA", day),
        text(0x00400253, "SH", f"{study}"),
        element(0x7FE00010, "OW", b"\0" * pixels),
    ]
    return with_meta(b"".join(parts), "1.2.840.10008.1.2.1", sop_class, sop)


def made(folder: Path, n: int, seed: int) -> None:
    """Write `n` files, a folder a study, whose names and folders say nothing."""
    draw = random.Random(seed)  # noqa: S311 - not for secrets
    for image in range(n):
        study = folder / f"{image // 40:05d}"
        study.mkdir(parents=True, exist_ok=True)
        (study / f"{image % 40:03d}.dcm").write_bytes(computed_tomography(draw, image))
