"""A dossier from its folder: all of it, or every problem of it in one pass.

Each file is read once; what one file gets wrong hides nothing of another.
"""

import os
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from defensible.dossier import claim_conditions, paths, references, risk_folder
from defensible.dossier.claims import Claims
from defensible.dossier.device import Device
from defensible.dossier.dossier import Dossier, Labeling
from defensible.dossier.explain import problems
from defensible.dossier.files import (
    MAX_YAML_BYTES,
    UnreadableError,
    content,
    inside,
    regular,
    text,
    there,
)
from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.kinds import KINDS, Study
from defensible.dossier.labeling import MAX_LABELING_BYTES, words
from defensible.dossier.plan import Plan
from defensible.dossier.problem import DossierError, Problem
from defensible.dossier.references import STUDIES, Files
from defensible.dossier.risks import Risks
from defensible.dossier.studies import StandaloneStudy
from defensible.dossier.wording import cut, nearest
from defensible.dossier.yaml_source import Source, read

MAX_STUDIES = 200
Model = TypeVar("Model", bound=BaseModel)

NEEDED = ("device.yaml", "intended-use.yaml", "claims.yaml")
OPTIONAL = ("risks.yaml", "plan.yaml")


def load(root: Path) -> Dossier:
    """The dossier in `root`, whole and consistent.

    Parameters
    ----------
    root : Path
        Folder that holds `device.yaml`, `intended-use.yaml` and `claims.yaml`.

    Returns
    -------
    Dossier
        Frozen; every identifier is unique and every reference leads somewhere.

    Raises
    ------
    DossierError
        Everything that is wrong, once, in file order.

    Notes
    -----
    Linear in the size of the files; half a MiB at most each, 200 studies.
    """
    entries = _entries(root)
    loading = _Loading(root)
    loading.mislaid(entries)
    device = loading.file("device.yaml", Device)
    intended_use = loading.file("intended-use.yaml", IntendedUse)
    claims = loading.file("claims.yaml", Claims)
    risks = loading.risks()
    plan = loading.file("plan.yaml", Plan) if there(root, "plan.yaml") else None
    studies = loading.studies()
    identified = loading.across()
    labeling = loading.labeling(device)
    if loading.problems or device is None or intended_use is None or claims is None:
        raise DossierError(tuple(dict.fromkeys(loading.problems)))
    return Dossier(
        root=root,
        device=device,
        intended_use=intended_use,
        claims=claims.claims,
        studies=studies,
        risks=risks,
        plan=plan,
        labeling=labeling,
        places={name: one.places for name, one in loading.sources.items() if one is not None},
        identified=identified,
    )


def load_intended_use(path: Path) -> IntendedUse:
    """An `intended-use.yaml` alone, with no dossier around it.

    Raises
    ------
    DossierError
        Everything that is wrong with the file, once.
    """
    target = Path(os.path.realpath(path))  # whoever names a link means what it leads to
    loading = _Loading(target.parent)
    use = loading.file(target.name, IntendedUse)
    if use is None or loading.problems:
        raise DossierError(tuple(replace(one, file=str(path)) for one in loading.problems))
    return use


def _entries(root: Path) -> list[str]:
    """Names in the folder; where there is nothing to read, nothing else could be said."""
    name = str(root)
    begin = f"write a first dossier with `defensible new {name} --function FUNCTION`"
    try:
        entries = [entry.name for entry in root.iterdir()]
    except FileNotFoundError:
        raise DossierError((_whole(name, "D001", "there is no such folder", begin),)) from None
    except NotADirectoryError:
        mend = "name the folder that holds device.yaml"
        raise DossierError((_whole(name, "D001", "this is a file, not a folder", mend),)) from None
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "unknown reason").lower()
        what = f"this folder cannot be read: {why}"
        raise DossierError((_whole(name, "D001", what, "check its permissions"),)) from None
    if not entries:
        raise DossierError((_whole(name, "D001", "this folder is empty", begin),))
    if not set(entries) & {*NEEDED, *OPTIONAL, "studies", "risks"}:
        what = "this folder holds no dossier: there is no device.yaml"
        mend = "name the folder that holds device.yaml, or write one with `defensible new`"
        raise DossierError((_whole(name, "D001", what, mend),))
    return entries


class _Loading:
    """The problems and sources gathered on the way."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.sources: dict[str, Source | None] = {}
        self.misspelt: set[str] = set()

    def mislaid(self, entries: list[str]) -> None:
        """Files that look like one of ours under a name that nothing reads."""
        known = (*NEEDED, *OPTIONAL)
        for entry in sorted(entries):
            name = entry.lower().replace("_", "-")
            if entry in known or not name.endswith((".yaml", ".yml")):
                continue
            stems = [one.removesuffix(".yaml") for one in known]
            close = get_close_matches(name.rsplit(".", 1)[0], stems, n=1, cutoff=0.8)
            if close and f"{close[0]}.yaml" not in entries:
                what = f"nothing reads a file of this name; {close[0]}.yaml is not there"
                mend = f"rename it to {close[0]}.yaml"
                self.problems.append(_whole(cut(entry), "D018", what, mend))

    def file(self, file: str, model: type[Model]) -> Model | None:
        """One file as a frozen value, or None and the problems that it has."""
        source = self._source(file)
        return None if source is None else self._validated(source, model)

    def risks(self) -> Risks | None:
        """The risk file, from `risks.yaml` or from the files of the folder `risks`."""
        name = risk_folder.FILE
        files = [name] if there(self.root, name) else []
        files += self._listed(risk_folder.FOLDER, name, most=risk_folder.MAX_FILES)
        self.problems += risk_folder.both(files)
        if files in ([], [name]):
            return self.file(name, Risks) if files else None
        parts = [part for one in files if (part := self.file(one, Risks)) is not None]
        sources = [self.sources.pop(one) for one in files]
        known = [one for one in sources if one is not None]
        if len(known) < len(files) or self.misspelt & set(files):
            self.misspelt.add(name)
        self.sources[name], twice = risk_folder.joined(known) if known else (None, [])
        self.problems += twice
        return risk_folder.together(parts)

    def studies(self) -> tuple[Study, ...]:
        """Every study that could be read, by name of its file."""
        files = self._listed(STUDIES, STUDIES, most=MAX_STUDIES)
        read_ = [self._study(one) for one in files]
        return tuple(study for study in read_ if study is not None)

    def _listed(self, folder: str, home: str, *, most: int) -> list[str]:
        """The YAML files of a folder by name; where some are missed, `home` is not whole."""
        name = folder.rstrip("/")
        found: list[str] = []
        if there(self.root, name):
            try:
                found = sorted(one.name for one in (self.root / name).iterdir() if _read(one.name))
            except OSError as error:
                why = (error.strerror or "unknown reason").lower()
                what = f"this folder cannot be read: {why}"
                self._missed(name, home, "D001", what, "check it and its permissions")
        if len(found) > most:
            what = f"there are {len(found)} files; {most} at most are read"
            self._missed(name, home, "D004", what, "split the dossier")
        return [f"{folder}{one}" for one in found[:most]]

    def _missed(self, folder: str, home: str, code: str, what: str, mend: str) -> None:
        self._note(_whole(folder, code, what, mend))
        self.sources.setdefault(home, None)
        self.misspelt.add(home)

    def across(self) -> Any:
        """Where each identifier is declared; what files say of each other is checked on the way."""
        files = Files(sources=self.sources, misspelt=frozenset(self.misspelt))
        identified, twice = references.identified(files)
        self.problems += twice + references.named_twice(files) + references.dangling(files)
        self.problems += claim_conditions.strange(files)
        self.problems += paths.named(self.root, files) + paths.tables(self.root, files)
        return identified

    def labeling(self, device: Device | None) -> tuple[Labeling, ...]:
        """The words of each labeling file that is there."""
        found = []
        for index, one in enumerate(device.labeling if device else ()):
            target = inside(self.root, one.path)
            if target is None or not regular(target):
                continue  # already a problem of device.yaml
            try:
                data = content(self.root, one.path, most=MAX_LABELING_BYTES)
                found.append(Labeling(path=one.path, kind=one.kind, words=words(one.path, data)))
            except UnreadableError as error:
                source = self.sources["device.yaml"]
                place = source.value_place(("labeling", index, "path")) if source else None
                line, column = (place.line, place.column) if place else (1, 1)
                what = f"'{cut(one.path)}': {error.what}"
                self._note(_problem("device.yaml", line, column, error.code, what, error.mend))
        return tuple(found)

    def _source(self, file: str) -> Source | None:
        self.sources[file] = None
        try:
            source = read(file, text(self.root, file, most=MAX_YAML_BYTES))
        except UnreadableError as error:
            self._note(_whole(file, error.code, error.what, error.mend))
            return None
        self.problems += source.problems
        if not source.readable:
            return None
        self.sources[file] = source
        return source

    def _validated(self, source: Source, model: type[Model]) -> Model | None:
        if not isinstance(source.data, dict):
            if not source.problems:
                empty = source.data is None
                what = "there is nothing in this file" if empty else "`key: value` is expected here"
                mend = "`defensible schema` prints its keys"
                self._note(_whole(source.file, "D007", what, mend))
            self.sources[source.file] = None
            return None
        keys = {field.alias or name for name, field in model.model_fields.items()}
        if source.data.keys() - keys:
            self.misspelt.add(source.file)
        try:
            return model.model_validate(source.data)
        except ValidationError as error:
            self.problems += problems(source, model, error)
            return None

    def _study(self, file: str) -> Study | None:
        source = self._source(file)
        if source is None:
            return None
        kind = source.data.get("kind") if isinstance(source.data, dict) else None
        if isinstance(kind, str) and kind not in KINDS:
            at = source.value_place(("kind",))
            what = f"there is no kind of study '{cut(kind)}'"
            self._note(_problem(file, at.line, at.column, "D008", what, nearest(kind, KINDS)))
            return None
        return self._validated(source, KINDS.get(str(kind), StandaloneStudy))

    def _note(self, problem: Problem) -> None:
        self.problems.append(problem)


def _read(name: str) -> bool:
    return name.lower().endswith((".yaml", ".yml")) and not name.startswith(".")


def _whole(file: str, code: str, what: str, mend: str) -> Problem:
    return _problem(file, 1, 1, code, what, mend)


def _problem(file: str, line: int, column: int, code: str, what: str, mend: str) -> Problem:
    return Problem(file=file, line=line, column=column, code=code, what=what, mend=mend)
