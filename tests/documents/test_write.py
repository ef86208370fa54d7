"""A file is there whole or not at all."""

import pytest

from defensible.documents import write


def test_a_new_file_holds_the_text(tmp_path):
    write(tmp_path / "report.html", "é\n")

    assert (tmp_path / "report.html").read_bytes() == "é\n".encode()
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def test_an_old_file_keeps_its_permissions(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("old")
    path.chmod(0o640)

    write(path, "new")

    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("old")

    with pytest.raises(UnicodeEncodeError):
        write(path, "half\ud800")

    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    path = tmp_path / "none" / "report.html"

    with pytest.raises(FileNotFoundError) as raised:
        write(path, "text")

    assert raised.value.filename == str(path)


def test_a_folder_is_not_replaced(tmp_path):
    (tmp_path / "report.html").mkdir()

    with pytest.raises(IsADirectoryError) as raised:
        write(tmp_path / "report.html", "text")

    assert raised.value.filename == str(tmp_path / "report.html")
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]
