"""A dossier from its folder: all of it, or every problem of it in one pass."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from defensible.dossier import files, references
from defensible.dossier.claims import Claims
from defensible.dossier.device import Device
from defensible.dossier.dossier import Dossier, KeyPath, Labeling, Place
from defensible.dossier.explain import nearest, problems, shown
from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.plan import Plan
from defensible.dossier.problem import DossierError, Problem
from defensible.dossier.risks import Risks
from defensible.dossier.studies import KINDS, StandaloneStudy
from defensible.dossier.yaml_source import Source, read

MAX_STUDIES = 200
Model = TypeVar("Model", bound=BaseModel)


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
    Reads each file once, 1 MiB at most each; linear in their size.
    """
    return _Loading(root).dossier()


class _Loading:
    """The problems and sources gathered on the way."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.sources: dict[str, Source] = {}

    def dossier(self) -> Dossier:
        self._folder()
        device = self._file("device.yaml", Device)
        intended_use = self._file("intended-use.yaml", IntendedUse)
        claims = self._file("claims.yaml", Claims)
        risks = self._optional("risks.yaml", Risks)
        plan = self._optional("plan.yaml", Plan)
        names, studies = self._studies()
        parts = references.Parts(
            root=self.root,
            device=device,
            claims=claims.claims if claims else None,
            studies=studies,
            studies_whole=len(studies) == len(names),
            risks=risks,
            at=self._at,
        )
        identified, twice = references.identified(parts)
        self.problems += twice + references.dangling(parts)
        self.problems += references.paths(parts) + references.sources(parts)
        labeling = self._labeling(device)
        if self.problems or device is None or intended_use is None or claims is None:
            raise DossierError(tuple(dict.fromkeys(self.problems)))
        return Dossier(
            root=self.root,
            device=device,
            intended_use=intended_use,
            claims=claims.claims,
            studies=tuple(study for _, study in studies),
            risks=risks,
            plan=plan,
            labeling=labeling,
            places={name: source.places for name, source in self.sources.items()},
            identified=identified,
        )

    def _folder(self) -> None:
        """Stop at once where there is no folder to read: nothing else could be said."""
        name = str(self.root)
        try:
            entries = [entry.name for entry in self.root.iterdir()]
        except OSError as error:
            why = (error.strerror or "it cannot be read").lower()
            raise DossierError(
                (_whole(name, "D001", f"this folder cannot be read: {why}", "check the path"),)
            ) from None
        if not entries:
            mend = f"write a first dossier with `defensible new {name} --function FUNCTION`"
            raise DossierError((_whole(name, "D001", "this folder is empty", mend),))

    def _optional(self, file: str, model: type[Model]) -> Model | None:
        return self._file(file, model) if (self.root / file).exists() else None

    def _file(self, file: str, model: type[Model]) -> Model | None:
        source = self._source(file)
        return None if source is None else self._validated(source, model)

    def _source(self, file: str) -> Source | None:
        text, problem = files.text(self.root, file)
        if problem is not None or text is None:
            self.problems += [problem] if problem else []
            return None
        source = read(file, text)
        self.sources[file] = source
        self.problems += source.problems
        return None if source.problems else source

    def _validated(self, source: Source, model: type[Model]) -> Model | None:
        if not isinstance(source.data, dict):
            what = "this file holds no keys" if source.data is None else "keys are expected here"
            mend = f"see `defensible schema` for the form of {source.file}"
            self.problems.append(_whole(source.file, "D007", what, mend))
            return None
        try:
            return model.model_validate(source.data)
        except ValidationError as error:
            self.problems += problems(source, model, error)
            return None

    def _studies(self) -> tuple[list[str], tuple[tuple[str, StandaloneStudy], ...]]:
        folder = self.root / "studies"
        try:
            found = sorted(one.name for one in folder.iterdir() if one.suffix in {".yaml", ".yml"})
        except FileNotFoundError:
            found = []
        except OSError as error:
            why = (error.strerror or "it cannot be read").lower()
            self.problems.append(
                _whole("studies", "D001", f"this folder cannot be read: {why}", "check it")
            )
            found = []
        names = [f"studies/{name}" for name in found[:MAX_STUDIES]]
        if len(found) > MAX_STUDIES:
            what = f"there are {len(found)} studies; {MAX_STUDIES} at most are read"
            self.problems.append(_whole("studies", "D004", what, "split the dossier"))
        studies = [(name, study) for name in names if (study := self._study(name)) is not None]
        return names, tuple(studies)

    def _study(self, file: str) -> StandaloneStudy | None:
        source = self._source(file)
        if source is None:
            return None
        kind = source.data.get("kind") if isinstance(source.data, dict) else None
        if isinstance(kind, str) and kind not in KINDS:
            place = source.value_places[("kind",)]
            what, mend = f"there is no kind of study '{shown(kind)}'", nearest(kind, list(KINDS))
            self.problems.append(_at(place, "D008", what, mend))
            return None
        return self._validated(source, KINDS.get(str(kind), StandaloneStudy))

    def _labeling(self, device: Device | None) -> tuple[Labeling, ...]:
        found = []
        for index, one in enumerate(device.labeling if device else ()):
            target = files.inside(self.root, one.path)
            if target is None or not target.is_file():
                continue  # already a problem of device.yaml
            text, problem = files.text(self.root, one.path)
            if problem is not None or text is None:
                place = self._at("device.yaml", ("labeling", index, "path"))
                what = problem.what if problem else "this cannot be read"
                self.problems.append(_at(place, "D003", f"{one.path}: {what}", "mend the file"))
                continue
            found.append(Labeling(path=one.path, kind=one.kind, text=text))
        return tuple(found)

    def _at(self, file: str, path: KeyPath) -> Place:
        source = self.sources[file]
        return source.value_places.get(path) or source.place(path)


def _whole(file: str, code: str, what: str, mend: str) -> Problem:
    return Problem(file=file, line=1, column=1, code=code, what=what, mend=mend)


def _at(place: Place, code: str, what: str, mend: str) -> Problem:
    return Problem(
        file=place.file, line=place.line, column=place.column, code=code, what=what, mend=mend
    )
