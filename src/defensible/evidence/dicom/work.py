"""One batch of work: files in, one line of JSON each out. Runs in a process of its own.

A line holds the cells of a row, already hashed and banded, or the reason why there is none; with
the size and time of the file, by which a later run knows that it need not be read again.
"""

import json
import os
import signal
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from defensible.evidence.dicom import archive, attributes, dicomdir, identity, listing
from defensible.evidence.dicom.attributes import Row, Terms
from defensible.evidence.dicom.listing import Batch, Files, Found
from defensible.evidence.dicom.parse import Header
from defensible.evidence.dicom.reading import UnreadableError, headed, opened
from defensible.evidence.dicom.source import FIRST, FileSource, TooMuchError

INDEX: Final = "an index (DICOMDIR), not an image"
_AHEAD: Final = 8
"""Files of which the disk reads the first bytes while earlier ones are parsed."""
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
    lines = _files(batch.files, terms) if isinstance(batch, Files) else _members(batch, terms)
    return "".join(lines).encode("ascii")


def refused(shown: str, reason: str, terms: Terms) -> bytes:
    """The line of something that is not opened."""
    return _refused(shown, reason, terms).encode("ascii")


def path_of(shown: str, terms: Terms) -> str:
    """A path as a line holds it."""
    return identity.hashed_once(terms.key, "path", shown) if terms.hash_paths else shown


def _files(files: tuple[Found, ...], terms: Terms) -> Iterator[str]:
    for one, handle, said in _ahead(files):
        if isinstance(said, str):
            yield _refused(one.shown, said, terms)
            continue
        try:
            source = FileSource(handle, said.st_size)
            found = headed(source)
            if not dicomdir.is_index(found):
                yield _line(one.shown, said, found, terms)
            else:
                yield _refused(one.shown, INDEX, terms, said)
                named = dicomdir.named(source, found.begin, found.encoding)
                yield from _missing(one, named, terms)
        except UnreadableError as error:
            yield _refused(one.shown, _why(one.path, str(error)), terms, said)
        except TooMuchError:
            yield _refused(one.shown, "an index without end", terms, said)
        finally:
            os.close(handle)


def _ahead(files: tuple[Found, ...]) -> Iterator[tuple[Found, int, os.stat_result | str]]:
    """Each file with its handle, or why there is none; the disk is asked for several at once."""
    waiting: deque[tuple[Found, int, os.stat_result | str]] = deque()
    try:
        for one in files:
            waiting.append(_asked_for(one))
            if len(waiting) > _AHEAD:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()
    finally:
        for _, handle, said in waiting:
            if not isinstance(said, str):
                os.close(handle)


def _asked_for(one: Found) -> tuple[Found, int, os.stat_result | str]:
    """A file opened, and its first bytes asked for where the system can be told to."""
    try:
        handle, said = opened(one.path)
    except UnreadableError as error:
        return one, -1, str(error)
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(handle, 0, FIRST, os.POSIX_FADV_WILLNEED)
    return one, handle, said


def _line(shown: str, said: os.stat_result, found: Header, terms: Terms) -> str:
    """The line of an object that is an image."""
    alike, own, notes = attributes.parts(found, terms)
    if notes:
        own["notes"] = "; ".join(dict.fromkeys(notes))
    own["size"], own["changed"] = said.st_size, said.st_mtime_ns
    path = _dumps(path_of(shown, terms))
    return f'{{"path":{path}{alike.members}{attributes.members(own)}}}\n'


def _refused(shown: str, reason: str, terms: Terms, said: os.stat_result | None = None) -> str:
    """The line of what gives no row; without size and time it is looked at again next time."""
    line: Row = {"path": path_of(shown, terms), "reason": reason}
    if said is not None:
        line["size"], line["changed"] = said.st_size, said.st_mtime_ns
    return f"{_dumps(line)}\n"


def _why(path: str, reason: str) -> str:
    """The reason, and for what is a ZIP file by its name why it is not read as one."""
    if path.lower().endswith(".zip"):
        try:
            archive.opened(path)
        except UnreadableError as error:
            return str(error)
        return "a ZIP file that holds no file"
    return reason


def _missing(index: Found, named: list[tuple[str, ...]], terms: Terms) -> Iterator[str]:
    """A line for each file that an index names and the disk lacks."""
    folder, called = Path(index.path).parent, index.shown.rpartition("/")[0]
    for parts in named:
        if not parts:
            yield _refused(index.shown, listing.NAMED_WRONGLY, terms)
        elif dicomdir.on_disk(folder, parts) is None:
            path = listing.shown("/".join((*filter(None, (called,)), *parts)))
            yield _refused(path, listing.MISSING, terms)


def _members(batch: listing.Members, terms: Terms) -> Iterator[str]:
    zipped = batch.archive
    try:
        packed = archive.opened(zipped.path)
        said = Path(zipped.path).stat()
    except (UnreadableError, OSError):
        yield _refused(zipped.shown, "a ZIP file that cannot be opened", terms)
        return
    for member, found in archive.headers(packed, batch.first, batch.last):
        shown = listing.of_member(zipped, member.filename)
        if isinstance(found, str):
            yield _refused(shown, found, terms, said)
            continue
        if not dicomdir.is_index(found):
            yield _line(shown, said, found, terms)
        else:
            yield _refused(shown, INDEX, terms, said)
            for path in archive.named_by(packed, member, found):
                yield _refused(listing.of_member(zipped, path), listing.MISSING, terms)
