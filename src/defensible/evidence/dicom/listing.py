"""What there is to read: folders, ZIP files, indexes and single files, as batches of work.

- Links to folders are not followed, so no circle can be walked; links to files are.
- A path is shown relative to what the user named, with characters that cannot be printed escaped.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from defensible.evidence.dicom import dicomdir
from defensible.evidence.dicom.reading import index_of

A_BATCH: Final = 256
SYMBOLIC_FOLDER: Final = "a symbolic link to a folder, not followed"
NO_FOLDER: Final = "a folder that cannot be listed"
NAMED_WRONGLY: Final = "an index names a file outside its medium"
MISSING: Final = "missing, though an index names it"


@dataclass(frozen=True, slots=True)
class Found:
    """A path that may be a file, and what it is called in the report."""

    path: str
    shown: str


@dataclass(frozen=True, slots=True)
class Refused:
    """What is not opened, and why."""

    shown: str
    reason: str


@dataclass(frozen=True, slots=True)
class Files:
    """A batch of files."""

    files: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Members:
    """A batch of members of a ZIP file, by their place in it."""

    archive: Found
    first: int
    last: int


Batch: TypeAlias = Files | Members


def shown(text: str) -> str:
    """A path on one line that any terminal and any JSON can hold."""
    if text.isprintable():  # no surrogate is
        return text
    plain = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in plain
    )


def of_member(archive: Found, name: str) -> str:
    """What a member of an archive is called in the report."""
    return f"{archive.shown}!/{shown(name)}"


def walked(paths: Sequence[Path]) -> Iterator[Found | Refused]:
    """Everything below the paths, in the order of names."""
    names = [path.name or str(path) for path in paths]
    for index, path in enumerate(paths):
        prefix = ""
        if len(paths) > 1:
            prefix = (
                names[index] if names.count(names[index]) == 1 else f"{index + 1}-{names[index]}"
            )
        if path.is_dir():
            yield from _below(str(path), prefix)
        else:
            name = prefix or path.name
            yield Found(str(path), shown(name))
            yield from _named_by(path, name.rpartition("/")[0])


def _below(root: str, prefix: str) -> Iterator[Found | Refused]:
    folders = [(root, prefix)]
    while folders:
        folder, called = folders.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda one: one.name)
        except OSError:
            yield Refused(shown(called or "."), NO_FOLDER)
            continue
        deeper = []
        for entry in listed:
            name = f"{called}/{entry.name}" if called else entry.name
            if entry.is_dir(follow_symlinks=False):
                deeper.append((entry.path, name))
            elif entry.is_symlink() and _is_folder(entry):
                yield Refused(shown(name), SYMBOLIC_FOLDER)
            else:
                yield Found(entry.path, shown(name))
        folders.extend(reversed(deeper))


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _named_by(path: Path, prefix: str) -> Iterator[Found]:
    """The files of a DICOMDIR that was named by itself; where it is read, those missing count."""
    for parts in index_of(str(path)) or ():
        file = dicomdir.on_disk(path.parent, parts) if parts else None
        if file is not None:
            yield Found(str(file), shown("/".join((*filter(None, (prefix,)), *parts))))


def batches(found: Iterator[Found]) -> Iterator[Batch]:
    """Files by the hundred, and ZIP files member by member."""
    from defensible.evidence.dicom.archive import n_members

    plain: list[Found] = []
    for one in found:
        if one.path.lower().endswith(".zip") and (n := n_members(one.path)) is not None:
            for first in range(0, n, A_BATCH):
                yield Members(one, first, min(first + A_BATCH, n))
            continue
        plain.append(one)
        if len(plain) == A_BATCH:
            yield Files(tuple(plain))
            plain = []
    if plain:
        yield Files(tuple(plain))
