"""One row of the case table from the wanted elements of one object.

Columns are an allow-list: what is not named here does not exist for the table. Values that are
odd, or in which the person stands, are left empty and noted; the row stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from defensible.evidence.dicom import ages, identity, known_terms, values
from defensible.evidence.dicom import elements as tags
from defensible.evidence.dicom.parse import Header, uid_of
from defensible.evidence.dicom.spelling import folded
from defensible.evidence.dicom.syntax import called

Cell: TypeAlias = str | int | float
Row: TypeAlias = dict[str, Cell]

IDENTIFIERS: Final = {
    "image_id": tags.SOP_INSTANCE,
    "series_id": tags.SERIES,
    "study_id": tags.STUDY,
    "patient_id": tags.PATIENT_ID,
}
_TEXTS: Final = {
    "modality": tags.MODALITY,
    "model": tags.MODEL,
    "software": tags.SOFTWARE,
    "body_part": tags.BODY_PART,
    "view": tags.VIEW,
    "laterality": tags.IMAGE_LATERALITY,
    "kernel": tags.KERNEL,
    "scanning_sequence": tags.SCANNING_SEQUENCE,
    "sequence_variant": tags.SEQUENCE_VARIANT,
    "sequence_name": tags.SEQUENCE_NAME,
    "photometric": tags.PHOTOMETRIC,
}
_INSTEAD: Final = {
    "laterality": tags.LATERALITY,
    "sequence_name": tags.PULSE_SEQUENCE,
}
"""Where a text stands if not in its first place."""
_CHOICES: Final = {
    "sex": (tags.SEX, {"M": "male", "F": "female", "O": "other"}),
    "burned_in_annotation": (tags.BURNED_IN, {"YES": "yes", "NO": "no"}),
    "lossy_compression": (tags.LOSSY, {"00": "no", "01": "yes"}),
    "presentation": (
        tags.INTENT,
        {"FOR PRESENTATION": "for presentation", "FOR PROCESSING": "for processing"},
    ),
}
_NUMBERS: Final = {
    "kvp": tags.KVP,
    "tube_current_ma": tags.TUBE_CURRENT,
    "exposure_time_ms": tags.EXPOSURE_TIME,
    "exposure_mas": tags.EXPOSURE,
    "slice_thickness_mm": tags.SLICE_THICKNESS,
    "field_strength_t": tags.FIELD_STRENGTH,
}
_SPACINGS: Final = {
    "pixel_spacing": tags.PIXEL_SPACING,
    "imager_spacing": tags.IMAGER_SPACING,
}
_STANDARD_CLASS: Final = "1.2.840.10008."
_PIXEL_HEAD = 8  # at least
_PLAIN: Final = {"implicit little endian", "explicit little endian", "explicit big endian"}

COLUMNS: Final[Mapping[str, str]] = {
    **dict.fromkeys((*IDENTIFIERS, "site", "manufacturer", *_TEXTS), "text"),
    **dict.fromkeys((*_CHOICES, "sop_class", "transfer_syntax", "age_band", "study_month"), "text"),
    **dict.fromkeys(_NUMBERS, "number"),
    **{f"{name}_{side}_mm": "number" for name in _SPACINGS for side in ("row", "column")},
    **dict.fromkeys(("rows", "columns", "frames"), "whole"),
}
"""Every column of the table that comes from a header, and its kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How identifiers, ages and spellings become cells.

    Attributes
    ----------
    key : bytes
        For the hashes of identifiers.
    edges : tuple of int
        Where bands of age begin, in years, ascending.
    spellings : mapping of str to str
        Folded spelling of a manufacturer to its name.
    hash_paths : bool
        Whether paths are hashed, too, since folders may be named after people.
    """

    key: bytes = field(repr=False)
    edges: tuple[int, ...]
    spellings: Mapping[str, str]
    hash_paths: bool = False


def row(header: Header, terms: Terms) -> tuple[Row, list[str]]:
    """The cells that the object fills, and what was odd in it."""
    found: Row = {}
    notes = list(header.notes)
    held = header.values
    charset = held.get(tags.CHARSET, b"")
    screen = identity.Screen(held)
    _identifiers(found, header, charset, terms, notes)
    _texts(found, held, charset, screen, notes)
    _manufacturer(found, held, charset, screen, terms, notes)
    _choices(found, held, notes)
    _numbers(found, header, notes)
    _days(found, held, terms, notes)
    _object(found, header)
    if _fewer_bytes_than_pixels(header):
        notes.append("truncated: fewer bytes than its pixels take")
    return found, notes


def _choices(found: Row, held: dict[int, bytes], notes: list[str]) -> None:
    for name, (tag, choices) in _CHOICES.items():
        if raw := held.get(tag):
            said = (values.text(raw) or "").upper()
            if said in choices:
                found[name] = choices[said]
            elif said:
                notes.append(f"odd value: {name}")


def _identifiers(
    found: Row, header: Header, charset: bytes, terms: Terms, notes: list[str]
) -> None:
    held, key = header.values, terms.key
    for name, tag in IDENTIFIERS.items():
        raw = held.get(tag, b"")
        said = values.text(raw, charset) if tag == tags.PATIENT_ID else uid_of(raw)
        if not said and tag == tags.SOP_INSTANCE:
            said = uid_of(header.meta.get(0x00020003, b""))
        if said and said != values.ODD:
            found[name] = identity.hashed(key, name, said)
        else:
            notes.append(f"no identifier: {name}")
    if named := held.get(tags.INSTITUTION):
        institution = values.text(named, charset)
        if institution == values.ODD:
            notes.append("odd value: site")
        elif institution:
            found["site"] = identity.site(key, institution)


def _texts(
    found: Row,
    held: dict[int, bytes],
    charset: bytes,
    screen: identity.Screen,
    notes: list[str],
) -> None:
    for name, tag in _TEXTS.items():
        raw = held.get(tag) or held.get(_INSTEAD.get(name, 0))
        if not raw or (said := values.text(raw, charset)) is None:
            continue
        if said == values.ODD:
            notes.append(f"odd value: {name}")
        elif screen.holds(raw) and said not in known_terms.OF.get(name, ()):
            notes.append(f"withheld: {name}")
        else:
            found[name] = said


def _manufacturer(
    found: Row,
    held: dict[int, bytes],
    charset: bytes,
    screen: identity.Screen,
    terms: Terms,
    notes: list[str],
) -> None:
    """The manufacturer by its one name; a spelling not known stands as it is, if it may."""
    raw = held.get(tags.MANUFACTURER)
    if not raw or (said := values.text(raw, charset)) is None:
        return
    if said == values.ODD:
        notes.append("odd value: manufacturer")
        return
    name = terms.spellings.get(folded(said))
    if name is None and screen.holds(raw):
        notes.append("withheld: manufacturer")
        return
    found["manufacturer"] = said if name is None else name


def _numbers(found: Row, header: Header, notes: list[str]) -> None:
    held, encoding = header.values, header.encoding
    for name, tag in _NUMBERS.items():
        if raw := held.get(tag):
            _one(found, name, values.numbers(raw), notes)
    if "exposure_mas" not in found:
        if raw := held.get(tags.EXPOSURE_OF_FRAME):
            _one(found, "exposure_mas", values.binary(raw, encoding), notes)
        elif (raw := held.get(tags.EXPOSURE_MICRO)) and (micro := values.numbers(raw)):
            found["exposure_mas"] = micro[0] / 1000
    _spacings(found, held, notes)
    _counts(found, header, notes)


def _spacings(found: Row, held: dict[int, bytes], notes: list[str]) -> None:
    for name, tag in _SPACINGS.items():
        if raw := held.get(tag):
            two = values.numbers(raw)
            if two and len(two) == 2 and min(two) > 0:
                found[f"{name}_row_mm"], found[f"{name}_column_mm"] = two
            elif two is not None:
                notes.append(f"odd value: {name}")


def _counts(found: Row, header: Header, notes: list[str]) -> None:
    held, encoding = header.values, header.encoding
    for name, tag in (("rows", tags.ROWS), ("columns", tags.COLUMNS)):
        if raw := held.get(tag):
            if (n := values.whole(raw, encoding)) is not None:
                found[name] = n
            else:
                notes.append(f"odd value: {name}")
    if raw := held.get(tags.FRAMES):
        frames = values.numbers(raw)
        if frames and frames[0].is_integer() and 0 <= frames[0] < 2**31:
            found["frames"] = int(frames[0])
        elif frames is not None:
            notes.append("odd value: frames")


def _one(found: Row, name: str, read: tuple[float, ...] | None, notes: list[str]) -> None:
    """The first number of an element that holds one; odd where it holds something else."""
    if read:
        found[name] = read[0]
    elif read is not None:
        notes.append(f"odd value: {name}")


def _days(found: Row, held: dict[int, bytes], terms: Terms, notes: list[str]) -> None:
    """Month of the study and band of age; neither the birth date nor the day goes further."""
    studied = ages.day(_plain(held.get(tags.STUDY_DATE, b"")))
    if studied is not None:
        found["study_month"] = f"{studied.year:04d}-{studied.month:02d}"
    elif held.get(tags.STUDY_DATE, b"").strip(b"\0 "):
        notes.append("odd value: study_month")
    said = _plain(held.get(tags.AGE, b""))
    years = ages.stated(said) if said else None
    if said and years is None:
        notes.append("odd value: age")
    born = ages.day(_plain(held.get(tags.BIRTH_DATE, b"")))
    if years is None and born is not None and studied is not None:
        years = ages.between(born, studied)
    if years is None:
        return
    band = ages.band(years, terms.edges)
    if band is None:
        notes.append("odd value: age")
    else:
        found["age_band"] = band


def _plain(raw: bytes) -> str:
    return raw.decode("ascii", errors="replace").strip("\0 ")


def _object(found: Row, header: Header) -> None:
    """What the standard's own identifiers say: class of object and transfer syntax."""
    uid = uid_of(header.values.get(tags.SOP_CLASS, b"") or header.meta.get(0x00020002, b""))
    if uid:
        standard = uid.startswith(_STANDARD_CLASS) and len(uid) <= 64
        found["sop_class"] = uid if standard and _is_uid(uid) else "private"
    syntax = called(uid_of(header.meta.get(tags.TRANSFER_SYNTAX, b"")))
    if syntax is not None:
        found["transfer_syntax"] = syntax


def _is_uid(uid: str) -> bool:
    return all(one.isascii() and one.isdigit() for one in uid.split("."))


def _fewer_bytes_than_pixels(header: Header) -> bool:
    """Whether pixels that are not compressed would take more bytes than follow the header."""
    size, held, encoding = header.size, header.values, header.encoding
    if size is None or tags.ROWS not in held:
        return False
    if called(uid_of(header.meta.get(tags.TRANSFER_SYNTAX, b""))) not in _PLAIN:
        return False
    total = (values.numbers(held.get(tags.FRAMES, b"1")) or (1.0,))[0]
    for tag in (tags.ROWS, tags.COLUMNS, tags.BITS, tags.SAMPLES):
        total *= values.whole(held.get(tag, b""), encoding) or 0
    return total / 8 > size - header.end - _PIXEL_HEAD
