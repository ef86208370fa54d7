"""One batch of work: files in, one line of JSON each out. Runs in a process of its own.

A line holds the cells of a row, already hashed and banded, or the reason why there is none; with
the size and time of the file, by which a later run knows that it need not be read again.
"""

import json
import os
import signal
from pathlib import Path
from typing import Final

from defensible.evidence.dicom import archive, attributes, dicomdir, identity, listing
from defensible.evidence.dicom.attributes import Row, Terms
from defensible.evidence.dicom.listing import Batch, Files, Found
from defensible.evidence.dicom.parse import Header
from defensible.evidence.dicom.reading import UnreadableError, headed, opened
from defensible.evidence.dicom.source import FileSource, TooMuchError

INDEX: Final = "an index (DICOMDIR), not an image"
_dumps = json.JSONEncoder(ensure_ascii=True, allow_nan=False, check_circular=False).encode
_state: dict[str, Terms] = {}


def begin(terms: Terms) -> None:
    """Set up a process: it leaves the keyboard to its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _state["terms"] = terms


def read_here(batch: Batch) -> bytes:
    """The lines of a batch, in a process that `begin` set up."""
    return read(batch, _state["terms"])


def read(batch: Batch, terms: Terms) -> bytes:
    """The lines of a batch, one a file or member."""
    rows = _files(batch.files, terms) if isinstance(batch, Files) else _members(batch, terms)
    return "".join(f"{_dumps(one)}\n" for one in rows).encode("ascii")


def refused(shown: str, reason: str, terms: Terms) -> bytes:
    """The line of something that is not opened."""
    return f"{_dumps({'path': path_of(shown, terms), 'reason': reason})}\n".encode("ascii")


def path_of(shown: str, terms: Terms) -> str:
    """A path as a line holds it."""
    return identity.hashed(terms.key, "path", shown) if terms.hash_paths else shown


def _files(files: tuple[Found, ...], terms: Terms) -> "list[Row]":
    lines: list[Row] = []
    for one in files:
        line: Row = {"path": path_of(one.shown, terms)}
        lines.append(line)
        try:
            handle, said = opened(one.path)
        except UnreadableError as error:
            line["reason"] = str(error)
            continue
        line["size"], line["changed"] = said.st_size, said.st_mtime_ns
        try:
            source = FileSource(handle, said.st_size)
            found = headed(source)
            _fill(line, found, terms)
            if dicomdir.is_index(found):
                lines += _missing(one, dicomdir.named(source, found.begin, found.encoding), terms)
        except UnreadableError as error:
            line["reason"] = _why(one.path, str(error))
        except TooMuchError:
            line["notes"] = "an index without end"
        finally:
            os.close(handle)
    return lines


def _why(path: str, reason: str) -> str:
    """The reason, and for what is a ZIP file by its name why it is not read as one."""
    if path.lower().endswith(".zip"):
        try:
            archive.opened(path)
        except UnreadableError as error:
            return str(error)
    return reason


def _fill(line: Row, found: Header, terms: Terms) -> None:
    if dicomdir.is_index(found):
        line["reason"] = INDEX
        return
    cells, notes = attributes.row(found, terms)
    line.update(cells)
    if notes:
        line["notes"] = "; ".join(dict.fromkeys(notes))


def _missing(index: Found, named: list[tuple[str, ...]], terms: Terms) -> "list[Row]":
    """A line for each file that an index names and the disk lacks."""
    folder, called = Path(index.path).parent, index.shown.rpartition("/")[0]
    lines: list[Row] = []
    for parts in named:
        if not parts:
            lines.append({"path": path_of(index.shown, terms), "reason": listing.NAMED_WRONGLY})
        elif dicomdir.on_disk(folder, parts) is None:
            path = listing.shown("/".join((*filter(None, (called,)), *parts)))
            lines.append({"path": path_of(path, terms), "reason": listing.MISSING})
    return lines


def _members(batch: "listing.Members", terms: Terms) -> "list[Row]":
    zipped = batch.archive
    lines: list[Row] = []
    try:
        packed = archive.opened(zipped.path)
    except UnreadableError as error:
        return [{"path": path_of(zipped.shown, terms), "reason": str(error)}]
    said = Path(zipped.path).stat()
    for member, found in archive.headers(packed, batch.first, batch.last):
        shown = listing.of_member(zipped, member.filename)
        line: Row = {
            "path": path_of(shown, terms),
            "size": said.st_size,
            "changed": said.st_mtime_ns,
        }
        lines.append(line)
        if isinstance(found, str):
            line["reason"] = found
            continue
        _fill(line, found, terms)
        if dicomdir.is_index(found):
            for path in archive.named_by(packed, member, found):
                lost = path_of(listing.of_member(zipped, path), terms)
                lines.append({"path": lost, "reason": listing.MISSING})
    return lines
