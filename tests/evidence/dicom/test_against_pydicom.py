"""Real and broken files of five projects, attribute by attribute against pydicom.

Every file that pydicom can parse gives a row, and every raw value on the allow-list is the same.
Where it is not, the rule that makes it so is here in words.
"""

import csv
import logging
import os
import warnings
from pathlib import Path

import pydicom
import pytest

from defensible.evidence.dicom import attributes, dicomdir, spelling, values
from defensible.evidence.dicom import elements as tags
from defensible.evidence.dicom.charset import decoded
from defensible.evidence.dicom.parse import header
from defensible.evidence.dicom.reading import UnreadableError, headed
from defensible.evidence.dicom.source import FileSource
from tests.evidence.dicom.written import TERMS

FILES = Path(__file__).resolve().parents[4] / "shared/data/dicom-files"
if not FILES.is_dir():
    pytest.skip("the DICOM files are not here", allow_module_level=True)

with (FILES / "manifest.csv").open(encoding="utf-8", newline="") as manifest:
    NAMES = [one["file"] for one in csv.DictReader(manifest)]
NO_OBJECT = {"pydicom-3.0.2/test_files/no_meta.dcm"}
"""A byte stands before its first tag; pydicom, forced, makes of it one unknown element."""
ITEM_ASTRAY = {"fo-dicom/Test_Data/FreezePattern.dcm"}
"""A sequence of stated length 0, and its item after it: what pydicom finds in it is no attribute of
the image. Here the header ends before it."""
FROM_FRAMES = {tags.SLICE_THICKNESS, tags.PIXEL_SPACING, tags.KERNEL, tags.KVP}
"""Read from the functional groups of frames where the image itself does not have them."""


def ours(name):
    handle = os.open(FILES / name, os.O_RDONLY)
    try:
        return headed(FileSource(handle, os.fstat(handle).st_size))
    finally:
        os.close(handle)


def theirs(name):
    """The raw elements that pydicom finds at the top."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        try:
            found = pydicom.dcmread(FILES / name, force=True, stop_before_pixels=True)
        finally:
            logging.disable(logging.NOTSET)
    raw = {}
    for tag in found.keys():  # noqa: SIM118 - iterating a data set would convert its elements
        if tag == 0xFFFEE000 and name in ITEM_ASTRAY:
            break
        raw[int(tag)] = found.get_item(tag)
    return raw


def test_there_are_254_of_them():
    assert len(NAMES) == 254


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_pydicom_parses_gives_the_same_values(name):
    expected = theirs(name)
    if name in NO_OBJECT:
        with pytest.raises(UnreadableError, match="not DICOM"):
            ours(name)
        return
    found = ours(name)
    if dicomdir.is_index(found):
        assert 0x00041220 in expected
        return

    for tag in tags.WANTED:
        if tag in expected:
            value = expected[tag].value
            if isinstance(value, bytes):
                assert found.values[tag] == value
            elif tag != tags.CHARSET:  # pydicom has turned it into names of codecs
                assert not value and not found.values[tag]  # noqa: PT018 - both empty
        elif tag in found.values:
            assert tag in FROM_FRAMES & set(found.values)
            assert tags.FRAMES in expected
    if not found.values:
        assert found.notes[0] == "nothing that is wanted"


def converted(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pydicom.dcmread(FILES / name, force=True, stop_before_pixels=True)


NUMBERS = {
    "kvp": "KVP",
    "tube_current_ma": "XRayTubeCurrent",
    "exposure_time_ms": "ExposureTime",
    "slice_thickness_mm": "SliceThickness",
    "field_strength_t": "MagneticFieldStrength",
    "rows": "Rows",
    "columns": "Columns",
    "frames": "NumberOfFrames",
}
TEXTS = {
    "modality": "Modality",
    "model": "ManufacturerModelName",
    "software": "SoftwareVersions",
    "body_part": "BodyPartExamined",
    "view": "ViewPosition",
    "kernel": "ConvolutionKernel",
    "photometric": "PhotometricInterpretation",
}


@pytest.mark.parametrize("name", sorted(set(NAMES) - NO_OBJECT))
def test_a_row_says_what_pydicom_says(name):
    read = ours(name)
    if dicomdir.is_index(read):
        return
    found, notes = attributes.row(read, TERMS)
    expected = converted(name)

    top = theirs(name)

    for column, keyword in {**NUMBERS, **TEXTS}.items():
        if pydicom.datadict.tag_for_keyword(keyword) not in top and column not in found:
            continue
        if f"odd value: {column}" in notes or f"withheld: {column}" in notes:
            continue
        if column not in found:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                assert not expected.get(keyword)
            continue
        if keyword not in expected:
            assert "frames" in found
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            said = expected.get(keyword)
        if column in NUMBERS:
            assert found[column] == pytest.approx(float(said), abs=0)
        else:
            many = isinstance(said, pydicom.multival.MultiValue)
            assert found[column] == ("\\".join(map(str, said)) if many else str(said)).strip()


@pytest.mark.parametrize("name", [one for one in NAMES if "charset" in one or "/chr" in one])
def test_names_are_decoded_as_pydicom_decodes_them(name):
    found = ours(name)
    raw = found.values.get(tags.PATIENT_NAME, b"")
    said = converted(name).get("PatientName")

    if not raw or said is None:
        pytest.skip("no name in it")
    said = "Zhang^XiaoDong=张^小东" if "GB2312" in name else str(said)  # pydicom leaves escapes in
    assert decoded(raw, found.values.get(tags.CHARSET, b"")).rstrip(" \0=") == said


def test_no_row_holds_a_name_an_identifier_or_a_birth_date():
    leaks = []
    for name in sorted(set(NAMES) - NO_OBJECT):
        read = ours(name)
        if dicomdir.is_index(read):
            continue
        found, _ = attributes.row(read, TERMS)
        cells = {str(one).casefold() for column, one in found.items() if column != "modality"}
        for tag in (*tags.NAMES, *tags.NUMBERS_OF_PERSONS, tags.BIRTH_DATE, tags.INSTITUTION):
            raw = read.values.get(tag, b"")
            said = values.text(raw, read.values.get(tags.CHARSET, b"")) if raw else None
            if said and len(said) > 2 and said.casefold() in cells:
                leaks.append((name, hex(tag), said))
    assert leaks == []


def test_manufacturers_of_the_manifest_have_one_name_each_or_are_reported():
    known = spelling.known()
    with (FILES / "manifest.csv").open(encoding="utf-8", newline="") as file:
        said = {one["manufacturer"] for one in csv.DictReader(file)} - {""}

    names = {one: known.get(spelling.folded(one)) for one in said}

    assert {name for one, name in names.items() if one.upper().startswith(("GE ", "G.E."))} == {
        "GE"
    }
    assert {name for one, name in names.items() if "philips" in one.lower()} == {"Philips"}
    assert sorted(one for one, name in names.items() if name is None) == [
        "ACME Products",
        "Acme Medical Devices",
        "CMS, Inc.",
        "Distributed Medical",
        "FO-DICOM",
        "GDCM Factory",
        "Kuratorium OFFIS e.V.",
        "LEAD Technologies, Inc.",
        "Manufacturer name here",
        "QIICR",
        "debug",
        "pydicom",
    ]


def test_the_parser_alone_agrees_on_a_file_held_in_memory():
    name = next(one for one in NAMES if one.endswith("CT_small.dcm"))
    data = (FILES / name).read_bytes()

    class Held:
        size = len(data)

        def at(self, offset, n):
            return data[offset : offset + n]

    assert header(Held()).values == ours(name).values
