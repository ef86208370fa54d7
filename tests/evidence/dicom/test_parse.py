"""One header from any encoding, with anything wrong that real files have wrong."""

import os
import random
import struct
from dataclasses import dataclass, field

import pytest

from defensible.evidence.dicom import elements as tags
from defensible.evidence.dicom import runs, source
from defensible.evidence.dicom.attributes import row
from defensible.evidence.dicom.parse import header
from defensible.evidence.dicom.reading import UnreadableError, headed
from defensible.evidence.dicom.source import FIRST, Budget, StreamSource
from tests.evidence.dicom import fuzz, written
from tests.evidence.dicom.written import CLOSE_ITEM, ROOT, element, file, image, open_item


@dataclass
class Held:
    """Bytes in memory that count what was asked of them."""

    data: bytes
    asked: list[tuple[int, int]] = field(default_factory=list)

    @property
    def size(self):
        return len(self.data)

    def at(self, offset, n):
        self.asked.append((offset, n))
        return self.data[offset : offset + n]


def read(data):
    return header(Held(data))


def with_inserted(after, inserted, elements=None):
    """A file in which bytes stand before the first element past a tag."""
    held = image() if elements is None else elements
    before = {tag: one for tag, one in held.items() if tag <= after}
    rest = {tag: one for tag, one in held.items() if tag > after}
    data = written.data_set(before) + inserted + written.data_set(rest)
    return bytes(128) + b"DICM" + written.meta() + data


NUMBERS = {tags.ROWS, tags.COLUMNS, tags.BITS, tags.SAMPLES}
PLAIN = {tag: one for tag, one in read(file()).values.items() if tag not in NUMBERS}


@pytest.mark.parametrize("syntax", ["IMPLICIT", "EXPLICIT", "BIG", "DEFLATED"])
def test_every_encoding_gives_the_same_row(syntax):
    found, notes = row(read(file(syntax=getattr(written, syntax))), written.TERMS)

    expected, _ = row(read(file()), written.TERMS)
    named = {
        "IMPLICIT": "implicit little endian",
        "EXPLICIT": "explicit little endian",
        "BIG": "explicit big endian",
        "DEFLATED": "deflated",
    }
    assert found == {**expected, "transfer_syntax": named[syntax]}
    assert notes == []
    assert (found["rows"], found["columns"], found["pixel_spacing_column_mm"]) == (4, 4, 0.75)


@pytest.mark.parametrize("explicit", [True, False])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_bare_data_set_is_read_by_its_looks(explicit, order):
    data = written.data_set(image(), explicit=explicit, order=order)

    found = read(data)

    assert found.notes == ["no preamble", "no meta information"]
    assert {tag: found.values[tag] for tag in PLAIN} == PLAIN


def test_meta_information_without_a_preamble_is_read():
    data = file()[132:]

    assert read(data).notes == ["no preamble"]
    assert read(data).values[tags.MODALITY] == b"CT"


def test_another_encoding_than_the_one_stated_is_seen():
    data = bytes(128) + b"DICM" + written.meta(written.IMPLICIT) + written.data_set(image())

    assert read(data).values[tags.KERNEL] == b"BONE"


def test_group_lengths_and_odd_lengths_do_no_harm():
    length = element(0x00080000, "UL", struct.pack("<I", 4))
    odd = struct.pack("<HH2sH", 0x0009, 0x1001, b"LO", 3) + b"odd"
    data = bytes(128) + b"DICM" + written.meta() + length + with_inserted(0x00081090, odd)[132:]
    data = data.replace(written.meta() + length + written.meta(), written.meta() + length)

    assert read(data).values[tags.KERNEL] == b"BONE"


def test_a_wrong_value_representation_is_noted_and_its_value_not_taken():
    found = read(file(image(t00080070=("PN", b"QUIXOTE"), t00081090=("UN", b"LightSpeed"))))

    assert tags.MANUFACTURER not in found.values
    assert found.values[tags.MODEL] == b"LightSpeed"
    assert found.notes == ["wrong value representation: (0008,0070)"]


def test_a_value_representation_that_is_none_means_an_implicit_element():
    odd = struct.pack("<HHI", 0x0009, 0x1001, 6) + b"abcdef"

    assert read(with_inserted(0x00081090, odd)).values[tags.KERNEL] == b"BONE"


def test_a_header_out_of_step_is_damaged_however_often_it_is_read():
    odd = struct.pack("<HHI", 0x0009, 0x1001, 6) + b"abcdef"

    assert [read(with_inserted(0x00081090, odd)).damaged for _ in range(3)] == [True] * 3


def test_a_header_is_read_the_same_whatever_was_read_before(monkeypatch):
    draw = random.Random(7)  # noqa: S311 - not for secrets
    kinds = fuzz.seeds()
    nested = open_item(0x00081140) + element(0x00081150, "UI", b"1.2") + CLOSE_ITEM
    kinds += [with_inserted(0x00081090, nested), with_inserted(0x00081090, nested + nested)]
    kinds += [
        with_inserted(0x00081090, open_item(0x00081140) * n + CLOSE_ITEM * n) for n in (3, 90)
    ]
    files = [fuzz.mutated(draw.choice(kinds), kinds, draw) for _ in range(1500)] + kinds * 2

    warm = [_read_or_why(one) for one in files]

    for one, before in zip(files, warm, strict=True):
        monkeypatch.setattr(runs, "_KNOWN", {})
        assert _read_or_why(one) == before


def _read_or_why(data):
    """Everything that a header says, or why there is none."""
    try:
        found = headed(Held(data))
    except UnreadableError as error:
        return str(error)
    said = (found.begin, found.end, found.damaged, found.notes)
    return (*said, found.meta, list(found.values.items()))


def test_the_same_tags_inside_a_sequence_are_not_those_of_the_image():
    inner = element(0x00080060, "CS", b"MR") + element(0x00181210, "SH", b"SOFT")
    undefined = open_item(0x00081140) + inner + CLOSE_ITEM
    stated = written.sequence(0x00081199, inner, inner)

    found = read(with_inserted(0x00081090, undefined + stated))

    assert (found.values[tags.MODALITY], found.values[tags.KERNEL]) == (b"CT", b"BONE")


def test_a_sequence_of_unknown_representation_has_implicit_items():
    inner = element(0x00080060, "CS", b"MR", explicit=False)
    head = struct.pack("<HH2sHI", 0x0009, 0x1010, b"UN", 0, written.UNDEFINED)
    item = struct.pack("<HHI", 0xFFFE, 0xE000, written.UNDEFINED)

    found = read(with_inserted(0x00081090, head + item + inner + CLOSE_ITEM))

    assert (found.values[tags.MODALITY], found.values[tags.KERNEL]) == (b"CT", b"BONE")
    assert found.notes == []


def test_ten_thousand_levels_of_sequences_are_stepped_over():
    depth = 10_000
    nested = open_item(0x00081140) * depth + CLOSE_ITEM * depth

    assert read(with_inserted(0x00081090, nested)).values[tags.KERNEL] == b"BONE"


def test_ten_thousand_levels_that_never_close_are_a_truncated_file():
    found = read(with_inserted(0x00081090, open_item(0x00081140) * 10_000))

    assert found.values[tags.MODALITY] == b"CT"
    assert found.notes[0] == "truncated: inside the header"


def test_a_length_of_four_gigabytes_is_neither_allocated_nor_believed():
    data = with_inserted(0x00081090, struct.pack("<HH2sHI", 9, 0x1001, b"OB", 0, 0xFFFFFFFE))
    held = Held(data)

    found = header(held)

    assert found.notes == ["truncated: inside the header"]
    assert max(n for _, n in held.asked) == FIRST


def test_what_is_large_and_not_wanted_is_jumped_over():
    held = Held(with_inserted(0x00081090, element(0x00091010, "OB", bytes(5_000_000))))

    assert header(held).values[tags.KERNEL] == b"BONE"
    assert [n for _, n in held.asked] == [FIRST, FIRST]


def test_a_long_value_for_a_wanted_tag_is_not_taken():
    data = with_inserted(0x00081090, element(0x00081090, "UN", b"x" * 100_000), image())

    found = read(data)

    assert found.notes == ["too long: (0008,1090)"]
    assert found.values[tags.KERNEL] == b"BONE"


@pytest.mark.parametrize("padding", range(7900, 8200, 7))
def test_a_value_across_the_border_of_a_window_is_whole(padding):
    data = with_inserted(0x00080060, element(0x00080061, "UT", bytes(padding)))

    assert {tag: read(data).values[tag] for tag in PLAIN} == PLAIN


def test_a_stream_gives_what_a_file_gives():
    import io

    data = with_inserted(0x00081090, element(0x00091010, "OB", bytes(300_000)))
    source = StreamSource(io.BytesIO(data), Budget(10**6))

    assert header(source).values == read(data).values


def test_a_system_without_positioned_reads_reads_the_same(tmp_path):
    path = tmp_path / "1.dcm"
    path.write_bytes(file())
    with path.open("rb") as opened:
        handle = opened.fileno()
        assert source._seek_and_read(handle, 50, 132) == os.pread(handle, 50, 132)


def test_a_file_that_ends_anywhere_gives_what_was_there_or_a_reason():
    data = file()
    whole = read(data).values

    for end in range(len(data)):
        try:
            found = headed(Held(data[:end]))
        except UnreadableError as error:
            assert str(error) in {"not DICOM", "no data set"}  # noqa: PT017 - or no error at all
        else:
            assert found.values.items() <= whole.items()


def test_pixels_that_are_cut_are_noted():
    data = file(image(t7FE00010=("OW", bytes(32))))

    _, notes = row(read(data[:-8]), written.TERMS)

    assert notes == ["truncated: fewer bytes than its pixels take"]
    assert row(read(data), written.TERMS)[1] == []


def test_text_and_noise_are_not_dicom():
    noise = random.Random(1).randbytes(4000)  # noqa: S311 - not for secrets

    for data in (b"name,born\nQuixote,1961\n" * 99, noise, b"PK\3\4" + bytes(500), b"\0" * 500):
        with pytest.raises(UnreadableError, match="not DICOM"):
            headed(Held(data))


def test_an_enhanced_image_says_thickness_and_spacing_in_its_frames():
    measures = written.sequence(
        0x00289110,
        element(0x00180050, "DS", b"1.25") + element(0x00280030, "DS", b"0.4\\0.4"),
    )
    kernel = written.sequence(0x00189314, element(0x00181210, "SH", b"B40"))
    other = written.sequence(0x00289110, element(0x00180050, "DS", b"9"))
    groups = written.sequence(0x52009229, kernel)
    groups += open_item(0x52009230) + measures + struct.pack("<HHI", 0xFFFE, 0xE00D, 0)
    groups += struct.pack("<HHI", 0xFFFE, 0xE000, len(other)) + other
    groups += struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    held = image(
        t00180050=None, t00280030=None, t00181210=None, t00280008=("IS", b"2"), t7FE00010=None
    )

    found, _ = row(read(with_inserted(0x00280100, groups, held)), written.TERMS)

    assert (found["slice_thickness_mm"], found["pixel_spacing_row_mm"]) == (1.25, 0.4)
    assert (found["kernel"], found["frames"]) == ("B40", 2)


def test_an_index_names_its_files_and_none_outside():
    from defensible.evidence.dicom import dicomdir

    records = [
        element(0x00041500, "CS", name)
        for name in (b"A\\B\\IM1", b"A\\..\\..\\PASSWD", b"A\\B\\IM1")
    ]
    data = bytes(128) + b"DICM"
    data += written.meta(sop_class="1.2.840.10008.1.3.10")
    data += element(0x00041130, "CS", b"SET") + written.sequence(0x00041220, *records)
    found = read(data)

    assert dicomdir.is_index(found)
    assert dicomdir.named(Held(data), found.begin, found.encoding) == [("A", "B", "IM1"), ()]


def test_the_root_of_the_made_images_is_in_none_of_their_cells():
    found, _ = row(read(file()), written.TERMS)

    said = " ".join(map(str, found.values()))
    assert [
        one for one in (ROOT, "MRN7654321", "QUIXOTE", "1961", "Elsewhere") if one in said
    ] == []
