"""DICOM bytes as tests need them: every encoding, and everything that is wrong with them."""

import struct

from defensible.evidence.dicom.attributes import Terms

LONG = {"OB", "OW", "SQ", "UN", "UT"}
CT = "1.2.840.10008.5.1.4.1.1.2"
IMPLICIT, EXPLICIT = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1"
BIG, DEFLATED = "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"
UNDEFINED = 0xFFFFFFFF
TERMS = Terms(key=b"k" * 32, edges=(18, 45, 65), spellings={"ge medical systems": "GE"})
ROOT = "1.2.826.0.1.3680043.8.498"

Elements = dict[int, tuple[str, bytes | int]]


def image(**changed) -> Elements:
    """A whole CT image; keyword `t00100010=("PN", b"...")` changes an element, None removes it."""
    found: Elements = {
        0x00080016: ("UI", CT.encode()),
        0x00080018: ("UI", f"{ROOT}.1".encode()),
        0x00080020: ("DA", b"20190704"),
        0x00080060: ("CS", b"CT"),
        0x00080070: ("LO", b"GE MEDICAL SYSTEMS"),
        0x00080080: ("LO", b"St Elsewhere"),
        0x00080090: ("PN", b"REFERRER^ROSE"),
        0x0008103E: ("LO", b"ZEBEDIAH SERIES"),
        0x00081090: ("LO", b"LightSpeed"),
        0x00100010: ("PN", b"QUIXOTE^ZEBEDIAH"),
        0x00100020: ("LO", b"MRN7654321"),
        0x00100030: ("DA", b"19610203"),
        0x00100040: ("CS", b"F"),
        0x00104000: ("LT", b"ZEBEDIAH QUIXOTE called"),
        0x00180015: ("CS", b"CHEST"),
        0x00180050: ("DS", b"2.5"),
        0x00180060: ("DS", b"120"),
        0x00181152: ("IS", b"150"),
        0x00181210: ("SH", b"BONE"),
        0x0020000D: ("UI", f"{ROOT}.2".encode()),
        0x0020000E: ("UI", f"{ROOT}.3".encode()),
        0x00280002: ("US", 1),
        0x00280004: ("CS", b"MONOCHROME2"),
        0x00280010: ("US", 4),
        0x00280011: ("US", 4),
        0x00280030: ("DS", b"0.5\\0.75"),
        0x00280100: ("US", 16),
        0x7FE00010: ("OW", bytes(32)),
    }
    for name, value in changed.items():
        tag = int(name[1:], 16)
        if value is None:
            del found[tag]
        else:
            found[tag] = value
    return dict(sorted(found.items()))


def element(tag: int, vr: str, value, *, order: str = "<", explicit: bool = True) -> bytes:
    """One element, padded to even length; a whole number is written in the byte order."""
    raw = struct.pack(f"{order}H", value) if isinstance(value, int) else value
    raw += (b"\0" if vr in {"UI", "OB", "OW", "UN"} else b" ") * (len(raw) % 2)
    head = struct.pack(f"{order}HH", tag >> 16, tag & 0xFFFF)
    if not explicit:
        return head + struct.pack(f"{order}I", len(raw)) + raw
    if vr in LONG:
        return head + vr.encode() + b"\0\0" + struct.pack(f"{order}I", len(raw)) + raw
    return head + vr.encode() + struct.pack(f"{order}H", len(raw)) + raw


def data_set(elements: Elements, *, order: str = "<", explicit: bool = True) -> bytes:
    return b"".join(
        element(tag, vr, value, order=order, explicit=explicit)
        for tag, (vr, value) in elements.items()
    )


def meta(syntax: str = EXPLICIT, *, sop: str = f"{ROOT}.1", sop_class: str = CT) -> bytes:
    held = b"".join(
        (
            element(0x00020002, "UI", sop_class.encode()),
            element(0x00020003, "UI", sop.encode()),
            element(0x00020010, "UI", syntax.encode()),
        )
    )
    return element(0x00020000, "UL", struct.pack("<I", len(held))) + held


def file(elements: Elements | None = None, syntax: str = EXPLICIT) -> bytes:
    """A whole file: preamble, meta information, data set in the encoding of `syntax`."""
    held = image() if elements is None else elements
    data = data_set(held, order=">" if syntax == BIG else "<", explicit=syntax != IMPLICIT)
    if syntax == DEFLATED:
        import zlib

        packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        data = packing.compress(data) + packing.flush()
    return bytes(128) + b"DICM" + meta(syntax) + data


def numbered(n: int, **changed) -> bytes:
    """An image of its own SOP instance; study and series by `changed`, else the usual ones."""
    return file(image(t00080018=("UI", f"{ROOT}.1.{n}".encode()), **changed))


def open_item(tag: int) -> bytes:
    """The beginning of a sequence of undefined length, with one open item."""
    return struct.pack(
        "<HH2sHIHHI", tag >> 16, tag & 0xFFFF, b"SQ", 0, UNDEFINED, 0xFFFE, 0xE000, UNDEFINED
    )


CLOSE_ITEM = struct.pack("<HHIHHI", 0xFFFE, 0xE00D, 0, 0xFFFE, 0xE0DD, 0)


def sequence(tag: int, *items: bytes) -> bytes:
    """A sequence whose lengths are stated."""
    inside = b"".join(struct.pack("<HHI", 0xFFFE, 0xE000, len(one)) + one for one in items)
    return element(tag, "SQ", inside)
