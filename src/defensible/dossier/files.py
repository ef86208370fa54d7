"""Files of the dossier, read as untrusted: inside the folder, bounded, UTF-8."""

from pathlib import Path

from defensible.dossier.problem import Problem

MAX_BYTES = 1_048_576


def inside(root: Path, relative: str) -> Path | None:
    """The path if it stays inside the dossier, links followed; else None."""
    if Path(relative).is_absolute() or "\\" in relative or "\0" in relative:
        return None
    path = (root / relative).resolve()
    return path if path.is_relative_to(root.resolve()) else None


def text(root: Path, relative: str) -> tuple[str | None, Problem | None]:
    """The text of a file, or the one problem that keeps it from being read."""
    path = inside(root, relative)
    if path is None:
        return None, _problem(
            relative, "D015", "this path leads out of the dossier", "move the file into the dossier"
        )
    try:
        if path.stat().st_size > MAX_BYTES:
            return None, _problem(
                relative, "D004", f"the file is larger than {MAX_BYTES // 1024} KiB", "shorten it"
            )
        return path.read_bytes().decode("utf-8-sig"), None
    except FileNotFoundError:
        return None, _problem(
            relative, "D002", "there is no such file", f"write {relative}, or correct the name"
        )
    except UnicodeDecodeError:
        return None, _problem(relative, "D003", "this is not UTF-8 text", "save it as UTF-8")
    except OSError as error:
        why = (error.strerror or "it cannot be read").lower()
        return None, _problem(
            relative, "D001", f"this cannot be read: {why}", "check its permissions"
        )


def _problem(file: str, code: str, what: str, mend: str) -> Problem:
    return Problem(file=file, line=1, column=1, code=code, what=what, mend=mend)
