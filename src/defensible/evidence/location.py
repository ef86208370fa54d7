"""The bytes that a study names: a path inside the dossier, or a URL.

- A path is relative to the dossier and stays inside it, symbolic links followed.
- A URL has a scheme of the list below; chained and local schemes could read anything, and are not.
- No more than `MOST_BYTES` are read.
"""

from pathlib import Path

from defensible.evidence.faults import Faults, shown

MOST_BYTES = 4 * 2**30
"""Largest table, packed or not."""
SCHEMES = ("https", "http", "s3", "gs", "gcs", "az", "abfs", "abfss", "memory")
_EXTRA = {"s3": "s3", "gs": "gcs", "gcs": "gcs", "az": "azure", "abfs": "azure", "abfss": "azure"}


def spoken(source: str) -> str:
    """`source` as a report may repeat it: an address without its user, password and query."""
    scheme, mark, rest = source.partition("://")
    if not mark:
        return source
    host, slash, path = rest.split("?", maxsplit=1)[0].partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def contents(source: str, faults: Faults, keys: tuple[str | int, ...]) -> bytes | None:
    """The bytes at `source`; None, and a problem at `keys`, where they cannot be had."""
    if "://" in source or "::" in source:
        return _remote(source, faults, keys)
    path = _inside(source, faults, keys)
    return None if path is None else _local(path, source, faults, keys)


def _inside(source: str, faults: Faults, keys: tuple[str | int, ...]) -> Path | None:
    root = faults.dossier.root.resolve()
    mend = "copy the table into the dossier and name it by its path from device.yaml, or use a URL"
    if "\0" in source or Path(source).is_absolute():
        faults.add("E002", keys, f"{shown(source)} is not a path relative to the dossier", mend)
        return None
    try:
        path = (root / source).resolve()
    except (OSError, RuntimeError):
        faults.add("E001", keys, f"{shown(source)} cannot be followed to a file", mend)
        return None
    if not path.is_relative_to(root):
        faults.add("E002", keys, f"{shown(source)} leads out of the dossier", mend)
        return None
    return path


def _local(path: Path, source: str, faults: Faults, keys: tuple[str | int, ...]) -> bytes | None:
    try:
        size = path.stat().st_size
        if path.is_file() and size <= MOST_BYTES:
            return path.read_bytes()
    except FileNotFoundError:
        what, mend = f"there is no file {shown(source)}", _beside(path)
    except PermissionError:
        what = f"{shown(source)} may not be read"
        mend = "give yourself the right to read the file and the folders above it"
    except OSError as error:
        what = f"{shown(source)} cannot be read: {error.strerror or 'the system refused'}"
        mend = "check the path and the disk"
    else:
        if path.is_file():
            _too_large(source, faults, keys)
            return None
        what = f"{shown(source)} is not a file"
        mend = "name one table: CSV, Parquet, or one of them in a zip or gz file"
    faults.add("E001", keys, what, mend)
    return None


def _beside(path: Path) -> str:
    """The nearest file name in the same folder, or what to check."""
    from defensible.evidence.faults import nearest

    try:
        found = sorted(one.name for one in path.parent.iterdir() if one.is_file())
    except OSError:
        found = []
    return nearest(path.name, found) if found else "write the path from the folder of device.yaml"


def _remote(source: str, faults: Faults, keys: tuple[str | int, ...]) -> bytes | None:
    scheme, name = source.split("://", maxsplit=1)[0].lower(), shown(spoken(source))
    if "::" in source or scheme not in SCHEMES:
        faults.add(
            "E002",
            keys,
            f"{name} has a scheme that a study may not read",
            f"use one of {', '.join(SCHEMES)}, or a path inside the dossier",
        )
        return None
    import fsspec

    try:
        with fsspec.open(source, "rb") as file:
            packed = file.read(MOST_BYTES + 1)
    except ImportError:
        extra = _EXTRA.get(scheme, "remote")
        mend = f"install the extra for it: pip install 'defensible[{extra}]'"
        faults.add("E001", keys, f"reading {scheme} needs a package that is not here", mend)
        return None
    except Exception as error:  # noqa: BLE001 - each store of fsspec raises its own; one open() was asked
        what = f"{name} cannot be read ({type(error).__name__})"
        faults.add("E001", keys, what, "check the address, the network and your rights there")
        return None
    if len(packed) > MOST_BYTES:
        _too_large(source, faults, keys)
        return None
    return bytes(packed)


def _too_large(source: str, faults: Faults, keys: tuple[str | int, ...]) -> None:
    what = f"{shown(spoken(source))} is larger than {MOST_BYTES // 2**30} GiB"
    faults.add("E004", keys, what, "keep the columns that the study names, or store it as Parquet")
