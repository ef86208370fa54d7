"""What a row says, and what it never says."""

import hmac

import pytest

from defensible.evidence.dicom import ages, attributes, identity, spelling, values
from defensible.evidence.dicom.charset import decoded
from defensible.evidence.dicom.parse import header
from tests.evidence.dicom.test_parse import Held
from tests.evidence.dicom.written import ROOT, TERMS, file, image


def row(**changed):
    return attributes.row(header(Held(file(image(**changed)))), TERMS)


def test_a_row_holds_the_allow_list_and_nothing_else():
    found, notes = row()

    assert notes == []
    assert {name: one for name, one in found.items() if not name.endswith("_id")} == {
        "site": found["site"],
        "modality": "CT",
        "model": "LightSpeed",
        "body_part": "CHEST",
        "kernel": "BONE",
        "photometric": "MONOCHROME2",
        "manufacturer": "GE",
        "sex": "female",
        "kvp": 120.0,
        "exposure_mas": 150.0,
        "slice_thickness_mm": 2.5,
        "pixel_spacing_row_mm": 0.5,
        "pixel_spacing_column_mm": 0.75,
        "rows": 4,
        "columns": 4,
        "study_month": "2019-07",
        "age_band": "45-64",
        "sop_class": "1.2.840.10008.5.1.4.1.1.2",
        "transfer_syntax": "explicit little endian",
    }
    assert found.keys() <= attributes.COLUMNS.keys()


def test_identifiers_are_keyed_hashes_of_their_kind():
    found, _ = row()

    def expected(kind, identifier):
        return hmac.new(TERMS.key, f"{kind}\0{identifier}".encode(), "sha256").hexdigest()[:32]

    assert found["image_id"] == expected("image_id", f"{ROOT}.1")
    assert found["study_id"] == expected("study_id", f"{ROOT}.2")
    assert found["series_id"] == expected("series_id", f"{ROOT}.3")
    assert found["patient_id"] == expected("patient_id", "MRN7654321")
    assert found["site"] == f"site-{expected('site', 'st elsewhere')[:12]}"


def test_spellings_of_one_site_are_one_site():
    assert row(t00080080=("LO", b"ST  ELSEWHERE "))[0]["site"] == row()[0]["site"]


@pytest.mark.parametrize(
    ("said", "band"),
    [(b"017Y", "<18"), (b"018Y", "18-44"), (b"044Y", "18-44"), (b"065Y", "65+"), (b"011M", "<18")],
)
def test_a_stated_age_is_banded(said, band):
    assert row(t00101010=("AS", said))[0]["age_band"] == band


def test_an_age_is_computed_to_the_birthday():
    assert row(t00100030=("DA", b"20010705"))[0]["age_band"] == "<18"
    assert row(t00100030=("DA", b"20010704"))[0]["age_band"] == "18-44"


@pytest.mark.parametrize("said", [b"999Y", b"45", b"old", b"-04Y"])
def test_an_age_that_is_none_is_no_band(said):
    found, notes = row(t00101010=("AS", said), t00100030=("DA", b"20300101"))

    assert "age_band" not in found
    assert "odd value: age" in notes


def test_bands_are_named_as_dimensions_of_a_study_name_theirs():
    edges = (1, 2, 18)

    assert [ages.band(one, edges) for one in (0.5, 1, 17.9, 18, -1, 131)] == [
        "<1",
        "1",
        "2-17",
        "18+",
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("column", "changed"),
    [
        ("model", {"t00081090": ("LO", b"for Zebediah")}),
        ("model", {"t00081090": ("LO", b"DOE^JOHN")}),
        ("model", {"t00081090": ("LO", b"X MRN7654321")}),
        ("kernel", {"t00181210": ("SH", b"1961-02-03")}),
        ("body_part", {"t00180015": ("CS", b"ROSE")}),
        ("manufacturer", {"t00080070": ("LO", b"Quixote & Sons")}),
        ("sequence_name", {"t00180024": ("SH", b"b19610203")}),
    ],
)
def test_a_text_in_which_the_person_stands_is_withheld(column, changed):
    found, notes = row(**changed)

    assert column not in found
    assert notes == [f"withheld: {column}"]


def test_terms_of_the_standard_stay_though_a_person_is_named_like_one():
    found, notes = row(t00100010=("PN", b"CHEST^CT"), t00080070=("LO", b"GE Medical Systems"))

    assert (found["modality"], found["body_part"], found["manufacturer"]) == ("CT", "CHEST", "GE")
    assert notes == []


def test_a_value_that_has_swallowed_its_neighbours_is_odd():
    swallowed = b"LightSpeed\x10\x00\x10\x00PN\x10\x00ZEBEDIAH"

    found, notes = row(t00081090=("LO", swallowed))

    assert "model" not in found
    assert notes == ["odd value: model"]


@pytest.mark.parametrize(
    ("changed", "note"),
    [
        ({"t00180060": ("DS", b"high")}, "odd value: kvp"),
        ({"t00180060": ("DS", b"1e999")}, "odd value: kvp"),
        ({"t00180060": ("DS", b"1_0")}, "odd value: kvp"),
        ({"t00280030": ("DS", b"0.5")}, "odd value: pixel_spacing"),
        ({"t00280030": ("DS", b"0\\0")}, "odd value: pixel_spacing"),
        ({"t00100040": ("CS", b"X")}, "odd value: sex"),
        ({"t00080020": ("DA", b"20191332")}, "odd value: study_month"),
        ({"t00280008": ("IS", b"2.5")}, "odd value: frames"),
    ],
)
def test_a_value_of_the_wrong_kind_is_noted(changed, note):
    assert note in row(**changed)[1]


def test_an_empty_value_is_no_value_and_not_odd():
    found, notes = row(t00180060=("DS", b""), t00081090=("LO", b"  "), t00100040=("CS", b""))

    assert notes == []
    assert {"kvp", "model", "sex"} & found.keys() == set()


def test_exposure_in_microampere_seconds_is_turned():
    changed = {"t00181152": None, "t00181153": ("IS", b"2500")}

    assert row(**changed)[0]["exposure_mas"] == 2.5


def test_no_identifier_is_noted_and_the_row_stays():
    found, notes = row(t00100020=("LO", b""), t0020000D=None)

    assert notes[:2] == ["no identifier: study_id", "no identifier: patient_id"]
    assert notes[2:] == ["withheld: model", "withheld: kernel"]
    assert found["modality"] == "CT"


def test_the_class_of_an_object_is_a_number_of_the_standard_or_private():
    assert row(t00080016=("UI", b"1.3.12.2.1107.5.9.1"))[0]["sop_class"] == "private"


@pytest.mark.parametrize(
    ("charset", "raw", "text"),
    [
        (b"ISO_IR 100", "Müller".encode("latin_1"), "Müller"),
        (b"ISO_IR 192", "Ümlaut".encode(), "Ümlaut"),
        (b"ISO_IR 144", "Люкс".encode("iso8859_5"), "Люкс"),
        (b"GB18030", "王".encode("gb18030"), "王"),
        (b"\\ISO 2022 IR 87", b"\x1b$B;3ED\x1b(J", "山田"),
        (b"\\ISO 2022 IR 149", b"\x1b$)C\xb1\xe8", "김"),
        (b"nonsense", b"\xe9", "é"),
    ],
)
def test_texts_are_read_in_their_character_set(charset, raw, text):
    assert decoded(raw, charset) == text


def test_texts_may_have_several_values_of_which_none_is_too_long():
    assert values.text(b" A \\B\0") == "A\\B"
    assert values.text(b"\\") is None
    assert values.text(b"x" * 65) == values.ODD
    assert values.text("evil\u202e".encode(), b"ISO_IR 192") == values.ODD


def test_spellings_of_a_manufacturer_have_one_name():
    known = spelling.known()

    said = [
        "GE MEDICAL SYSTEMS",
        "G.E. Medical Systems",
        "Philips Medical Systems, Inc.",
        "SIEMENS",
    ]
    assert [known[spelling.folded(one)] for one in said] == ["GE", "GE", "Philips", "Siemens"]
    assert known[spelling.folded("TOSHIBA_MEC")] == "Toshiba"
    assert spelling.folded("Unheard Of") not in known


def test_spellings_of_the_user_come_over_those_of_the_program(tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text("ACME: [Acme Medical Devices]\nToshiba/Canon: [TOSHIBA]\n")

    known = spelling.known(own)

    assert known["acme medical devices"] == "ACME"
    assert known["toshiba"] == "Toshiba/Canon"


def test_a_name_of_the_key_does_not_give_it_away():
    assert identity.key_name(b"a" * 32) != identity.key_name(b"b" * 32)
    assert identity.key_name(b"a" * 32) not in (b"a" * 32).hex()
    assert "kkkk" not in repr(TERMS)
