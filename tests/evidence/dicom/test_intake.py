"""Whole intakes: what is in the folders comes out once, and nothing of it is lost in silence."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import polars as pl
import pytest

from defensible.dossier import DossierError
from defensible.evidence.dicom import archive, journal, table, work
from defensible.evidence.dicom.identity import hashed
from defensible.evidence.dicom.intake import Request, intake
from defensible.evidence.dicom.joined import Join, asked
from defensible.evidence.dicom.table import Level
from tests.evidence.dicom.written import (
    CT,
    ROOT,
    TERMS,
    element,
    file,
    image,
    meta,
    numbered,
    sequence,
)

COLUMNS_OF_IMAGE = {"study_id", "series_id", "patient_id"}


def silent(done, found, *, complete):
    """No one is told."""


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()
    (tmp_path / "out").mkdir()
    return folder


def taken(folder, *paths, out="cases.parquet", level=Level.IMAGE, joins=(), workers=1, terms=TERMS):
    target = folder.parent / "out" / out
    request = Request(
        paths=paths or (folder,),
        out=target,
        report=target.with_suffix(".report.json"),
        level=level,
        terms=terms,
        joins=joins,
        workers=workers,
    )
    outcome = intake(request, silent)
    return outcome, json.loads(request.report.read_text(encoding="utf-8"))


def rows(folder, out="cases.parquet"):
    path = folder.parent / "out" / out
    return pl.read_csv(path) if out.endswith(".csv") else pl.read_parquet(path)


def reasons(report):
    return {one["path"]: one["reason"] for one in report["files_without_row"]}


def test_every_file_is_a_row_or_a_reason(images):
    (images / "deep").mkdir()
    (images / "deep/1.dcm").write_bytes(numbered(1))
    (images / "2").write_bytes(numbered(2))
    (images / "copy of 2").write_bytes(numbered(2))
    (images / "other 2").write_bytes(numbered(2, t00180060=("DS", b"80")))
    (images / "empty").touch()
    (images / "notes.txt").write_text("Zebediah Quixote, born 1961\n" * 20)
    (images / "cut").write_bytes(file()[:140])
    os.mkfifo(images / "pipe")
    (images / "loop").symlink_to("loop")
    (images / "nowhere").symlink_to("absent")
    (images / "linked").symlink_to(".")
    (images / "link to 1").symlink_to("deep/1.dcm")

    outcome, report = taken(images)

    assert (outcome.n_files, outcome.n_rows, outcome.n_refused) == (12, 2, 10)
    assert reasons(report) == {
        "copy of 2": table.DUPLICATE,
        "other 2": table.DUPLICATE_DIFFERS,
        "empty": "empty",
        "notes.txt": "not DICOM",
        "cut": "no data set",
        "pipe": "not a regular file",
        "loop": "a symbolic link that leads back to itself",
        "nowhere": "gone, or a link to nothing",
        "linked": "a symbolic link to a folder, not followed",
        "link to 1": table.DUPLICATE,
    }
    assert "Zebediah" not in json.dumps(report)
    assert [one.name for one in (images.parent / "out").iterdir()] == [
        "cases.report.json",
        "cases.parquet",
    ] or len(list((images.parent / "out").iterdir())) == 2


def test_a_file_that_may_not_be_read_is_counted(images, monkeypatch):
    (images / "1").write_bytes(numbered(1))
    (images / "2").write_bytes(numbered(2))
    real = os.open

    def refusing(path, flags, *rest):
        if str(path).endswith("/2"):
            raise PermissionError(13, "Permission denied", path)
        return real(path, flags, *rest)

    monkeypatch.setattr(os, "open", refusing)

    _, report = taken(images)

    assert reasons(report) == {"2": "no permission to read"}


def test_devices_are_not_read(images):
    (images / "1").write_bytes(numbered(1))
    (images / "zero").symlink_to("/dev/zero")

    assert reasons(taken(images)[1]) == {"zero": "not a regular file"}


def test_processes_give_what_one_process_gives(images):
    for n in range(4300):
        (images / f"{n:04d}").write_bytes(numbered(n))
    taken(images, out="one.parquet")

    outcome, _ = taken(images, out="two.parquet", workers=2)

    assert outcome.n_rows == 4300
    assert rows(images, "one.parquet").equals(rows(images, "two.parquet"))


def test_series_and_studies_say_what_their_images_agree_on(images):
    for n in range(6):
        series = ("UI", f"{ROOT}.3.{n // 3}".encode())
        kernel = ("SH", b"SOFT" if n < 3 else b"BONE")
        changed = {"t0020000E": series, "t00181210": kernel, "t00181152": ("IS", str(n).encode())}
        (images / f"{n}").write_bytes(numbered(n, **changed))

    taken(images, out="series.parquet", level=Level.SERIES)
    taken(images, out="studies.parquet", level=Level.STUDY)

    series = rows(images, "series.parquet").select("n_images", "kernel", "exposure_mas", "varies")
    assert series.rows() == [(3, "SOFT", None, "exposure_mas"), (3, "BONE", None, "exposure_mas")]
    study = rows(images, "studies.parquet").select(
        "n_images", "n_series", "kernel", "kvp", "varies"
    )
    assert study.rows() == [
        (6, 2, None, 120.0, "series_id; kernel; exposure_mas")
    ] or study.rows() == [(6, 2, None, 120.0, "kernel; exposure_mas")]
    assert "image_id" not in rows(images, "series.parquet").columns


def test_images_without_a_study_are_rows_of_their_own(images):
    for n in range(2):
        (images / f"{n}").write_bytes(numbered(n, t0020000D=None))

    taken(images, level=Level.STUDY)

    assert rows(images)["n_images"].to_list() == [1, 1]


def test_a_number_that_two_sites_use_is_pointed_out(images):
    (images / "1").write_bytes(numbered(1))
    (images / "2").write_bytes(numbered(2, t00080080=("LO", b"Another")))

    assert taken(images)[0].n_patients_at_sites == 1


def test_tables_are_joined_before_identifiers_are_hashed(images, tmp_path):
    for n in (1, 2, 3):
        (images / f"{n}").write_bytes(numbered(n))
    predictions, reference = tmp_path / "predictions.csv", tmp_path / "reference.csv"
    predictions.write_text(
        f"SOPInstanceUID,score,PatientName,other\n{ROOT}.1.1,0.5,Quixote,{ROOT}.7.8\n"
        f"{ROOT}.1.3,-0.25,Quixote,{ROOT}.7.9\n{ROOT}.1.9,0.1,Quixote,\n"
    )
    reference.write_text(f"study_uid,truth\n{ROOT}.2,1\n")
    joins = asked([predictions, reference], ["image_uid=SOPInstanceUID", "study_uid"], Level.IMAGE)

    outcome, _ = taken(images, joins=joins)

    frame = rows(images)
    assert frame.sort("score", nulls_last=True)["score"].to_list() == ["-0.25", "0.5", None]
    assert frame["truth"].to_list() == ["1"] * 3
    first, second = outcome.joins
    assert (first.n_rows, first.n_unused, first.n_unmatched) == (3, 1, 1)
    assert (first.carried, first.left_behind) == (("score",), ("PatientName", "other"))
    assert (second.n_rows, second.n_unused, second.n_unmatched) == (1, 0, 0)
    assert ROOT not in frame.write_csv()


def test_a_key_that_names_two_rows_is_refused(images, tmp_path):
    (images / "1").write_bytes(numbered(1))
    reference = tmp_path / "reference.csv"
    reference.write_text(f"study_uid,truth\n{ROOT}.2,1\n{ROOT}.2,0\n")

    with pytest.raises(DossierError) as caught:
        taken(images, joins=(Join(file=reference, on="study_uid", column="study_uid"),))

    assert [one.code for one in caught.value.problems] == ["E008"]


def test_an_archive_is_read_in_place(images):
    with zipfile.ZipFile(images / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("folder/", b"")
        packed.writestr("folder/1.dcm", numbered(1))
        packed.writestr("../../escaped.dcm", numbered(2))
        packed.writestr("/etc/absolute.dcm", numbered(3))
        packed.writestr("inner.zip", b"PK")
        packed.writestr("empty", b"")
        packed.writestr("readme.txt", b"nothing " * 50)

    outcome, report = taken(images)

    assert (outcome.n_files, outcome.n_rows) == (6, 3)
    assert reasons(report) == {
        "a.zip!/inner.zip": "a ZIP file in a ZIP file, not opened",
        "a.zip!/empty": "empty",
        "a.zip!/readme.txt": "not DICOM",
    }
    assert not (images.parent / "escaped.dcm").exists()


def test_a_bomb_is_let_out_only_so_far(images):
    head = numbered(1).split(element(0x00100010, "PN", b"QUIXOTE^ZEBEDIAH"))[0]
    huge = head + element(0x00091010, "OB", bytes(66 * 2**20)) + numbered(2)[132:]
    with zipfile.ZipFile(images / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for n in range(3):
            packed.writestr(f"{n}.dcm", huge)

    with pytest.raises(DossierError) as caught:
        taken(images)

    assert [one.code for one in caught.value.problems] == ["E041"]
    report = json.loads((images.parent / "out/cases.report.json").read_text())
    assert set(reasons(report).values()) <= {archive.BOMB, "a header without end"}
    assert report["refused"][archive.BOMB] == 2


def test_members_that_overlap_are_refused(images):
    path = images / "overlap.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as packed:
        for n in range(50):
            packed.writestr(f"{n}.dcm", numbered(n))
    data = path.read_bytes()
    end = data.rfind(b"PK\5\6")
    directory = int.from_bytes(data[end + 16 : end + 20], "little")
    first = data[: data.find(b"PK\3\4", 4)]  # one member, that all entries point to
    entries = data[directory:end]
    step = len(entries) // 50
    pointed = b"".join(
        entries[one * step : one * step + 42]
        + bytes(4)
        + entries[one * step + 46 : (one + 1) * step]
        for one in range(50)
    )
    tail = data[end : end + 16] + len(first).to_bytes(4, "little") + data[end + 20 :]
    path.write_bytes(first + pointed + tail)
    (images / "1").write_bytes(numbered(1))

    _, report = taken(images)

    assert [one for one in reasons(report) if one != "overlap.zip"] == []


@pytest.mark.parametrize("damage", [b"", b"PK\3\4", b"PK\5\6" + bytes(18) + b"x"])
def test_a_damaged_archive_is_a_reason(images, damage):
    (images / "a.zip").write_bytes(damage)
    (images / "1").write_bytes(numbered(1))

    assert reasons(taken(images)[1])["a.zip"] in {
        "empty",
        "a ZIP file that cannot be opened",
        "a ZIP file that holds no file",
    }


def index(*names):
    records = [element(0x00041500, "CS", one) for one in names]
    data = element(0x00041130, "CS", b"SET") + sequence(0x00041220, *records)
    return bytes(128) + b"DICM" + meta(sop_class="1.2.840.10008.1.3.10") + data


def test_an_index_is_followed_and_what_it_lacks_is_counted(images):
    (images / "a").mkdir()
    (images / "a/im1").write_bytes(numbered(1))
    (images / "a/im9").write_bytes(numbered(9))
    (images / "DICOMDIR").write_bytes(index(b"A\\IM1", b"A\\IM2", b"..\\..\\X"))

    outcome, report = taken(images, images / "DICOMDIR")

    assert outcome.n_rows == 1
    assert reasons(report) == {
        "DICOMDIR": work.INDEX,
        "A/IM2": "missing, though an index names it",
    } | {"DICOMDIR": reasons(report)["DICOMDIR"]}
    assert report["refused"] == {
        work.INDEX: 1,
        "missing, though an index names it": 1,
        "an index names a file outside its medium": 1,
    }
    assert taken(images)[0].n_rows == 2


def test_an_index_in_an_archive_is_held_against_the_archive(images):
    with zipfile.ZipFile(images / "a.zip", "w") as packed:
        packed.writestr("DICOMDIR", index(b"A\\IM1", b"A\\IM2"))
        packed.writestr("A/IM1", numbered(1))

    assert reasons(taken(images)[1]) == {
        "a.zip!/DICOMDIR": work.INDEX,
        "a.zip!/A/IM2": "missing, though an index names it",
    }


def test_what_intake_writes_is_no_input_of_it(images):
    out = images.parent / "out"
    (out / "1").write_bytes(numbered(1))

    taken(out)
    outcome, report = taken(out)

    assert (outcome.n_files, reasons(report)) == (1, {})


def test_a_kill_at_any_moment_loses_nothing(images):
    with zipfile.ZipFile(images / "z.zip", "w") as packed:
        for n in range(300):
            packed.writestr(f"{n}", numbered(10_000 + n))
    for n in range(900):
        (images / f"{n:04d}").write_bytes(numbered(n))
    (images / "bad").write_bytes(b"x" * 300)
    taken(images, out="whole.parquet")
    code = (
        "import sys, pathlib, time\n"
        "from tests.evidence.dicom import test_intake as t\n"
        "t.silent = lambda done, found, *, complete: time.sleep(0.05)\n"
        "t.taken(pathlib.Path(sys.argv[1]))\n"
    )
    root = Path(__file__).resolve().parents[3]
    env = {**os.environ, "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"}
    out = images.parent / "out"
    child = subprocess.Popen([sys.executable, "-c", code, str(images)], env=env)  # noqa: S603 - ours
    while not any(one.stat().st_size for one in out.glob(".cases*.intake")):
        time.sleep(0.005)
        assert child.poll() is None
    child.send_signal(signal.SIGKILL)
    child.wait()
    half = next(out.glob(".cases*.intake"))
    with half.open("ab") as torn:
        torn.write(b'{"path": "cut off')
    (images / "0000").unlink()
    (images / "0001").write_bytes(numbered(1, t00180060=("DS", b"100")))

    outcome, report = taken(images)

    assert outcome.n_resumed > 0
    assert (outcome.n_rows, outcome.n_files) == (1199, 1200)
    assert reasons(report) == {"bad": "not DICOM"}
    changed = rows(images).filter(pl.col("kvp") == 100)
    assert changed["image_id"].to_list() == [hashed(TERMS.key, "image_id", f"{ROOT}.1.1")]
    assert list(out.glob(".*")) == []


def test_a_journal_made_with_another_key_is_of_no_use(images):
    (images / "1").write_bytes(numbered(1))
    out = images.parent / "out"
    (out / ".cases.parquet.0123456789abcdef.intake").write_text('{"path": "1", "size": 1}\n')

    assert taken(images)[0].n_resumed == 0
    assert list(out.glob(".*")) == []


def test_two_runs_do_not_write_one_table(images):
    (images / "1").write_bytes(numbered(1))
    with (
        journal.Journal(images.parent / "out/cases.parquet", TERMS),
        pytest.raises(DossierError) as caught,
    ):
        taken(images)

    assert [one.code for one in caught.value.problems] == ["E040"]


def test_a_table_for_a_spreadsheet_holds_no_formula(images):
    (images / "1").write_bytes(numbered(1, t00081090=("LO", b"=cmd|' /C calc'!A0")))
    (images / "2").write_bytes(numbered(2, t00081090=("LO", b"-12.5")))

    taken(images, out="cases.csv")

    assert sorted(rows(images, "cases.csv")["model"].to_list()) == ["'=cmd|' /C calc'!A0", "-12.5"]


def test_paths_are_hashed_where_folders_are_named_after_people(images):
    from dataclasses import replace

    (images / "QUIXOTE ZEBEDIAH").mkdir()
    (images / "QUIXOTE ZEBEDIAH/1").write_bytes(b"no" * 200)
    (images / "2").write_bytes(numbered(2))

    _, report = taken(images, terms=replace(TERMS, hash_paths=True))

    assert "QUIXOTE" not in json.dumps(report)
    assert list(reasons(report)) == [hashed(TERMS.key, "path", "QUIXOTE ZEBEDIAH/1")]


def test_names_that_no_terminal_can_show_are_escaped(images):
    (images / "a\x1b[31m\n").write_bytes(b"no" * 200)
    Path(os.fsdecode(os.fsencode(images) + b"/\xff\xfe")).write_bytes(b"no" * 200)
    (images / "2").write_bytes(numbered(2))

    assert sorted(reasons(taken(images)[1])) == ["\\udcff\\udcfe", "a\\x1b[31m\\n"]


def test_nothing_of_the_person_is_in_table_report_or_journal(images):
    secrets = ("QUIXOTE", "ZEBEDIAH", "REFERRER", "MRN7654321", "19610203", ROOT, "Elsewhere")
    for n in range(3):
        (images / f"{n}").write_bytes(numbered(n))
    taken(images, out="cases.csv")

    said = "".join(one.read_text() for one in (images.parent / "out").iterdir())
    line = work.read(next(iter_batch(images)), TERMS).decode()
    assert [one for one in secrets if one.casefold() in (said + line).casefold()] == []
    assert CT in said


def iter_batch(folder):
    from defensible.evidence.dicom.listing import batches, walked

    return batches(one for one in walked([folder]))


def test_two_folders_of_one_name_are_told_apart(images, tmp_path):
    other = tmp_path / "b/images"
    other.mkdir(parents=True)
    (other / "x").write_bytes(b"no" * 300)
    (images / "x").write_bytes(b"no" * 300)
    (images / "1").write_bytes(numbered(1))

    assert sorted(reasons(taken(images, images, other)[1])) == ["1-images/x", "2-images/x"]


def test_the_first_rows_do_not_depend_on_the_order_of_the_disk(images):
    for n in (3, 1, 2):
        (images / f"{n}").write_bytes(numbered(n))

    taken(images)

    expected = [hashed(TERMS.key, "image_id", f"{ROOT}.1.{n}") for n in (1, 2, 3)]
    assert rows(images)["image_id"].to_list() == expected


def test_an_image_of_another_study_keeps_its_columns(images):
    (images / "1").write_bytes(file(image()))

    taken(images)

    assert set(rows(images).columns) >= COLUMNS_OF_IMAGE
