"""Tags that intake reads, the value representations that each may have, and nothing else.

This is the allow-list: what is not here is skipped unread. `IDENTITY` is read to be hashed, to
find an age, or to hold the other texts against; none of it leaves `identity` and `ages`.
"""

from collections.abc import Mapping
from typing import Final

UNDEFINED: Final = 0xFFFFFFFF
"""The length that says: until the delimiter."""
ITEM: Final = 0xFFFEE000
ITEM_END: Final = 0xFFFEE00D
SEQUENCE_END: Final = 0xFFFEE0DD

_SHORT = b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split()
_LONG = b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split()
HEAD: Final[Mapping[bytes, int]] = {**dict.fromkeys(_SHORT, 8), **dict.fromkeys(_LONG, 12)}
"""Bytes from the tag of an explicit element to its value."""

NO_VR: Final = b""
"""What implicit elements have for a value representation."""
_ANY = frozenset({NO_VR, b"UN"})
TEXT: Final = _ANY | {b"AS", b"CS", b"DS", b"IS", b"LO", b"SH", b"UC"}
UID: Final = _ANY | {b"UI", b"LO", b"SH", b"CS"}
WHOLE: Final = _ANY | {b"US", b"UL", b"SS", b"SL"}
NUMBER: Final = _ANY | {b"DS", b"IS"}
FLOAT: Final = _ANY | {b"FD", b"FL"}
DATE: Final = _ANY | {b"DA", b"DT"}
NAME: Final = _ANY | {b"PN", b"LO", b"SH", b"CS", b"UC"}

META_CLASS, META_INSTANCE, TRANSFER_SYNTAX = 0x00020002, 0x00020003, 0x00020010
META: Final[Mapping[int, frozenset[bytes]]] = dict.fromkeys(
    (META_CLASS, META_INSTANCE, TRANSFER_SYNTAX), UID
)
LAST_OF_META: Final = 0x0002FFFF

CHARSET, SOP_CLASS, SOP_INSTANCE = 0x00080005, 0x00080016, 0x00080018
STUDY_DATE, MODALITY, INTENT = 0x00080020, 0x00080060, 0x00080068
MANUFACTURER, INSTITUTION, MODEL = 0x00080070, 0x00080080, 0x00081090
PATIENT_NAME, PATIENT_ID, BIRTH_DATE = 0x00100010, 0x00100020, 0x00100030
SEX, AGE = 0x00100040, 0x00101010
BODY_PART, SCANNING_SEQUENCE, SEQUENCE_VARIANT = 0x00180015, 0x00180020, 0x00180021
SEQUENCE_NAME, SLICE_THICKNESS, KVP, FIELD_STRENGTH = 0x00180024, 0x00180050, 0x00180060, 0x00180087
SOFTWARE, EXPOSURE_TIME, TUBE_CURRENT = 0x00181020, 0x00181150, 0x00181151
EXPOSURE, EXPOSURE_MICRO, IMAGER_SPACING = 0x00181152, 0x00181153, 0x00181164
KERNEL, VIEW, PULSE_SEQUENCE = 0x00181210, 0x00185101, 0x00189005
KVP_OF_FRAME, EXPOSURE_OF_FRAME = 0x00180060, 0x00189332
STUDY, SERIES, LATERALITY, IMAGE_LATERALITY = 0x0020000D, 0x0020000E, 0x00200060, 0x00200062
PHOTOMETRIC, FRAMES, ROWS, COLUMNS = 0x00280004, 0x00280008, 0x00280010, 0x00280011
SAMPLES, BITS = 0x00280002, 0x00280100
PIXEL_SPACING, BURNED_IN, LOSSY = 0x00280030, 0x00280301, 0x00282110
LAST_OF_IMAGE: Final = 0x0028FFFF
SHARED_GROUPS, FRAME_GROUPS = 0x52009229, 0x52009230

NAMES: Final = (
    PATIENT_NAME,
    0x00080090,  # referring physician
    0x00081048,  # physicians of record
    0x00081050,  # performing physician
    0x00081060,  # physicians reading
    0x00081070,  # operators
    0x00101001,  # other patient names
    0x00101005,  # patient's birth name
    0x00101060,  # patient's mother's birth name
    0x00102297,  # responsible person
)
NUMBERS_OF_PERSONS: Final = (PATIENT_ID, 0x00080050, 0x00101000)
"""Patient identifier, accession number, other patient identifiers."""
IDENTITY: Final[Mapping[int, frozenset[bytes]]] = {
    **dict.fromkeys(NAMES, NAME),
    **dict.fromkeys(NUMBERS_OF_PERSONS, TEXT),
    INSTITUTION: TEXT,
    BIRTH_DATE: DATE,
    STUDY_DATE: DATE,
    AGE: TEXT,
}
WANTED: Final[Mapping[int, frozenset[bytes]]] = {
    **IDENTITY,
    **dict.fromkeys((SOP_CLASS, SOP_INSTANCE, STUDY, SERIES), UID),
    **dict.fromkeys((CHARSET, MODALITY, INTENT, MANUFACTURER, MODEL, SOFTWARE, SEX), TEXT),
    **dict.fromkeys((BODY_PART, SCANNING_SEQUENCE, SEQUENCE_VARIANT, SEQUENCE_NAME), TEXT),
    **dict.fromkeys((KERNEL, VIEW, PULSE_SEQUENCE, LATERALITY, IMAGE_LATERALITY), TEXT),
    **dict.fromkeys((PHOTOMETRIC, BURNED_IN, LOSSY), TEXT),
    **dict.fromkeys((SLICE_THICKNESS, KVP, FIELD_STRENGTH, EXPOSURE_TIME, TUBE_CURRENT), NUMBER),
    **dict.fromkeys((EXPOSURE, EXPOSURE_MICRO, IMAGER_SPACING, PIXEL_SPACING, FRAMES), NUMBER),
    **dict.fromkeys((ROWS, COLUMNS, SAMPLES, BITS), WHOLE),
}

OF_FRAME: Final[Mapping[int, Mapping[int, frozenset[bytes]]]] = {
    0x00289110: {SLICE_THICKNESS: NUMBER, PIXEL_SPACING: NUMBER},  # pixel measures
    0x00189314: {KERNEL: TEXT},  # CT reconstruction
    0x00189321: {EXPOSURE_OF_FRAME: FLOAT},  # CT exposure
    0x00189325: {KVP_OF_FRAME: NUMBER},  # CT X-ray details
}
"""Of an item of functional groups: the sequences that are entered, and what is read there."""
