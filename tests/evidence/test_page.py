"""The page of this kind of study: its example is valid, and every key of the protocol is on it."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from defensible.dossier import studies
from defensible.dossier.studies import StandaloneStudy

PAGE = Path(__file__).resolve().parents[2] / "docs" / "studies" / "standalone.md"
MODELS = [
    one
    for one in vars(studies).values()
    if isinstance(one, type) and issubclass(one, BaseModel) and one.__module__ == studies.__name__
]


def example() -> str:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    return block


def test_the_example_on_the_page_is_a_valid_study():
    study = StandaloneStudy.model_validate(YAML(typ="safe").load(example()))

    assert study.id == "S-hospitals"
    assert study.development is not None


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_of_a_protocol_is_on_the_page(model):
    page = PAGE.read_text(encoding="utf-8")

    for name, field in model.model_fields.items():
        assert (field.alias or name) in page
