"""JSON Schemas of the dossier's files, with a description of every key, for editors."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from defensible.dossier.agreement_study import AgreementStudy
from defensible.dossier.claims import Claims
from defensible.dossier.descriptions import descriptions
from defensible.dossier.device import Device
from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.localization_study import LocalizationStudy
from defensible.dossier.plan import Plan
from defensible.dossier.reader_study import ReaderStudy
from defensible.dossier.risks import Risks
from defensible.dossier.studies import StandaloneStudy
from defensible.dossier.usability_study import UsabilityStudy

FILES: dict[str, type[BaseModel]] = {
    "device": Device,
    "intended-use": IntendedUse,
    "claims": Claims,
    "study": StandaloneStudy,
    "study-readers": ReaderStudy,
    "study-usability": UsabilityStudy,
    "study-agreement": AgreementStudy,
    "study-localization": LocalizationStudy,
    "risks": Risks,
    "plan": Plan,
}
"""Kind of file and the model that it is read into."""


class _Described(GenerateJsonSchema):
    """A JSON Schema with what each key means."""

    def model_schema(self, schema: Any) -> dict[str, Any]:
        """The schema of one model."""
        made = super().model_schema(schema)
        for key, text in descriptions(schema["cls"]).items():
            made["properties"][key].setdefault("description", text)
        return made


def schemas() -> dict[str, dict[str, Any]]:
    """For each kind of file, its JSON Schema (2020-12)."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {
        kind: {"$schema": dialect, **model.model_json_schema(schema_generator=_Described)}
        for kind, model in FILES.items()
    }


def write(folder: Path, wanted: Mapping[str, Any]) -> None:
    """One `<kind>.json` for each of `wanted` into `folder`, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, schema in wanted.items():
        whole = folder / f"{kind}.json"
        part = folder / f".{kind}.json.part"
        part.write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        part.replace(whole)


def modeline(kind: str, *, up: int = 0) -> str:
    """The comment by which an editor finds the schema, from `up` folders below the dossier."""
    return f"# yaml-language-server: $schema={'../' * up}.schema/{kind}.json\n"
