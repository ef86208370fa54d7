"""One row of the case table from the wanted elements of one object.

Columns are an allow-list: what is not named here does not exist for the table. Values that are
odd, or in which the person stands, are left empty and noted; the row stays.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from defensible.evidence.dicom import ages, identity, known_terms, values
from defensible.evidence.dicom import elements as tags
from defensible.evidence.dicom.parse import Header, own_uid, uid_of
from defensible.evidence.dicom.spelling import folded
from defensible.evidence.dicom.syntax import Encoding, called

Cell: TypeAlias = str | int | float
Row: TypeAlias = dict[str, Cell]

IDENTIFIERS: Final = {
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
    "slice_thickness_mm": tags.SLICE_THICKNESS,
    "field_strength_t": tags.FIELD_STRENGTH,
}
_EXPOSURES: Final = {
    "tube_current_ma": tags.TUBE_CURRENT,
    "exposure_time_ms": tags.EXPOSURE_TIME,
    "exposure_mas": tags.EXPOSURE,
}
_SPACINGS: Final = {
    "pixel_spacing": tags.PIXEL_SPACING,
    "imager_spacing": tags.IMAGER_SPACING,
}
_STANDARD_CLASS: Final = re.compile(r"1\.2\.840\.10008\.[15]\.[1-3](\.\d{1,4}){1,8}", re.ASCII)
_quoted = json.encoder.encode_basestring_ascii
_LARGEST: Final = 1e6  # past any exposure; identifiers are larger
_PIXEL_HEAD = 8  # at least
_PLAIN: Final = {"implicit little endian", "explicit little endian", "explicit big endian"}

_ALIKE: Final = tuple(
    tag
    for tag in tags.WANTED
    if tag not in {tags.SOP_INSTANCE, tags.EXPOSURE_MICRO, *_EXPOSURES.values()}
)
"""Elements of which a series has the same, or few."""

COLUMNS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("image_id", *IDENTIFIERS, "site", "manufacturer", *_TEXTS), "text"),
    **dict.fromkeys((*_CHOICES, "sop_class", "transfer_syntax", "age_band", "study_month"), "text"),
    **dict.fromkeys((*_NUMBERS, *_EXPOSURES), "number"),
    **{f"{name}_{side}_mm": "number" for name in _SPACINGS for side in ("row", "column")},
    **dict.fromkeys(("rows", "columns", "frames"), "whole"),
}
"""Every column of the table that comes from a header, and its kind."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
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
    alike, own, notes = parts(header, terms)
    return {**alike.cells, **own}, notes


def parts(header: Header, terms: Terms) -> "tuple[Alike, Row, list[str]]":
    """The cells that a series has in common, those of the image alone, and what was odd.

    The common ones are worked out once and remembered by the bytes that they came from.
    """
    held, meta = header.values, header.meta
    alike = _alike(
        tuple(map(held.get, _ALIKE)),
        meta.get(tags.META_CLASS, b""),
        meta.get(tags.TRANSFER_SYNTAX, b""),
        header.encoding,
        terms,
        damaged=header.damaged,
    )
    own: Row = {}
    notes = [*header.notes, *alike.notes]
    said = own_uid(held.get(tags.SOP_INSTANCE, b"")) or own_uid(meta.get(tags.META_INSTANCE, b""))
    if said:
        own["image_id"] = identity.hashed_once(terms.key, "image_id", said)
    else:
        notes.append("no identifier: image_id")
    _exposure(own, header, notes)
    size = header.size
    if alike.pixel_bytes and size and alike.pixel_bytes > size - header.end - _PIXEL_HEAD:
        notes.append("truncated: fewer bytes than its pixels take")
    return alike, own, notes


class Alike(NamedTuple):
    """What images with the same bytes in the same elements have in common.

    Attributes
    ----------
    cells : dict
        Cells by column.
    members : str
        The same as members of a JSON object, each with a comma before it.
    notes : tuple of str
        What was odd.
    pixel_bytes : float
        Bytes that the pixels take; 0 where they are compressed or there are none.
    """

    cells: Row
    members: str
    notes: tuple[str, ...]
    pixel_bytes: float


@lru_cache(maxsize=2048)
def _alike(
    raws: tuple[bytes | None, ...],
    sop_class: bytes,
    syntax: bytes,
    encoding: Encoding,
    terms: Terms,
    *,
    damaged: bool,
) -> Alike:
    held = {tag: raw for tag, raw in zip(_ALIKE, raws, strict=True) if raw is not None}
    found: Row = {}
    notes: list[str] = []
    charset = held.get(tags.CHARSET, b"")
    screen = identity.Screen(held, damaged=damaged)
    _identifiers(found, held, charset, terms, notes)
    _texts(found, held, charset, screen, notes)
    _manufacturer(found, held, charset, screen, terms, notes)
    _choices(found, held, notes)
    for name, tag in _NUMBERS.items():
        if raw := held.get(tag):
            _one(found, name, values.numbers(raw), notes)
    _spacings(found, held, notes)
    _counts(found, held, encoding, notes)
    _days(found, held, terms, notes)
    _object(found, uid_of(held.get(tags.SOP_CLASS, b"") or sop_class), uid_of(syntax))
    return Alike(found, members(found), tuple(notes), _pixel_bytes(found, held, encoding))


def members(cells: Row) -> str:
    """Cells as members of a JSON object, each with a comma before it."""
    return "".join(
        # a number here is finite, and written as JSON has it
        [
            f',"{name}":{_quoted(cell) if isinstance(cell, str) else repr(cell)}'
            for name, cell in cells.items()
        ]
    )


def _choices(found: Row, held: dict[int, bytes], notes: list[str]) -> None:
    for name, (tag, choices) in _CHOICES.items():
        if raw := held.get(tag):
            said = (values.text(raw) or "").upper()
            if said in choices:
                found[name] = choices[said]
            elif said:
                notes.append(f"odd value: {name}")


def _identifiers(
    found: Row, held: dict[int, bytes], charset: bytes, terms: Terms, notes: list[str]
) -> None:
    key = terms.key
    for name, tag in IDENTIFIERS.items():
        raw = held.get(tag, b"")
        said = values.text(raw, charset) if tag == tags.PATIENT_ID else uid_of(raw)
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


def _exposure(found: Row, header: Header, notes: list[str]) -> None:
    """What changes from image to image of a series."""
    held = header.values
    for name, tag in _EXPOSURES.items():
        if raw := held.get(tag):
            _one(found, name, values.numbers(raw), notes)
    if "exposure_mas" in found:
        return
    if raw := held.get(tags.EXPOSURE_OF_FRAME):
        _one(found, "exposure_mas", values.binary(raw, header.encoding), notes)
    elif (raw := held.get(tags.EXPOSURE_MICRO)) and (micro := values.numbers(raw)):
        found["exposure_mas"] = micro[0] / 1000


def _spacings(found: Row, held: dict[int, bytes], notes: list[str]) -> None:
    for name, tag in _SPACINGS.items():
        if raw := held.get(tag):
            two = values.numbers(raw)
            if two and len(two) == 2 and 0 < min(two) <= max(two) < _LARGEST:
                found[f"{name}_row_mm"], found[f"{name}_column_mm"] = two
            elif two is not None:
                notes.append(f"odd value: {name}")


def _counts(found: Row, held: dict[int, bytes], encoding: Encoding, notes: list[str]) -> None:
    for name, tag in (("rows", tags.ROWS), ("columns", tags.COLUMNS)):
        if raw := held.get(tag):
            if (n := values.whole(raw, encoding)) is not None:
                found[name] = n
            else:
                notes.append(f"odd value: {name}")
    if raw := held.get(tags.FRAMES):
        frames = values.numbers(raw)
        if frames and frames[0].is_integer() and 0 <= frames[0] <= _LARGEST:
            found["frames"] = int(frames[0])
        elif frames is not None:
            notes.append("odd value: frames")


def _one(found: Row, name: str, read: tuple[float, ...] | None, notes: list[str]) -> None:
    """The first number of an element that holds one; odd where it holds something else."""
    if read and abs(read[0]) <= _LARGEST:
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


def _object(found: Row, uid: str, syntax: str) -> None:
    """What the standard's own identifiers say: class of object and transfer syntax."""
    if uid:
        found["sop_class"] = uid if _STANDARD_CLASS.fullmatch(uid) else "private"
    name = called(syntax)
    if name is not None:
        found["transfer_syntax"] = name


def _pixel_bytes(found: Row, held: dict[int, bytes], encoding: Encoding) -> float:
    """Bytes that the pixels take; 0 where they are compressed or there are none."""
    if found.get("transfer_syntax") not in _PLAIN:
        return 0.0
    total = (values.numbers(held.get(tags.FRAMES, b"1")) or (1.0,))[0]
    for tag in (tags.ROWS, tags.COLUMNS, tags.BITS, tags.SAMPLES):
        total *= values.whole(held.get(tag, b""), encoding) or 0
    return total / 8
