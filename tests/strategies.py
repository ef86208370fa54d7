"""Generators of valid dossiers, as what their files hold, for property tests."""

import io
import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from ruamel.yaml import YAML

from defensible.dossier.claims import MetricName
from defensible.dossier.device import LabelingKind
from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.risks import Acceptability, ControlKind, Reduces
from defensible.dossier.studies import Missing, ProportionInterval, Sampling
from defensible.dossier.vocabulary import (
    Function,
    HumanConfirmation,
    ImagingModality,
    Market,
    Output,
    Sex,
    Significance,
    Situation,
    User,
    Workflow,
)

Files = dict[str, dict[str, Any]]

WORDS = st.text(
    st.characters(categories=("L", "M", "N", "P", "S", "Zs"), max_codepoint=0xFFFF),
    min_size=1,
    max_size=30,
).filter(lambda text: text == text.strip() != "")
"""Any words that a report can show, YAML's own signs and `yes`, `null`, `1e3`, `#` among them."""
TRICKY = st.sampled_from(
    ["yes", "null", "~", "1e3", "007", "0x1F", "- a", "a: b", "#", "2026-11-24"]
)
TEXTS = WORDS | TRICKY
PROPORTIONS = st.floats(0, 1, allow_subnormal=False)
DAYS = st.dates().map(lambda day: day.isoformat())
DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64)


def members(vocabulary: Any) -> Any:
    """One word of a closed vocabulary."""
    return st.sampled_from([one.value for one in vocabulary])


def several(vocabulary: Any) -> Any:
    """Some words of a closed vocabulary, each once."""
    return st.lists(members(vocabulary), min_size=1, max_size=3, unique=True)


def ranges() -> Any:
    """A range with one end or two, that holds something."""
    ends = st.lists(st.integers(0, 120), min_size=2, max_size=2, unique=True).map(sorted)
    both = ends.map(lambda pair: {"from": pair[0], "to": pair[1]})
    return both | st.fixed_dictionaries({"from": st.floats(0, 100)})


def goals() -> Any:
    """A goal with exactly one bound."""
    return st.sampled_from(["above", "below"]).flatmap(
        lambda bound: st.fixed_dictionaries({bound: PROPORTIONS})
    )


LEVELS = st.lists(TEXTS | st.booleans() | st.integers(-(2**53), 2**53), min_size=1, max_size=4)
SCOPES = st.dictionaries(
    st.sampled_from(["age", "sex", "site", "vendor"]), st.just("any") | ranges() | LEVELS
)
DEVICES = st.fixed_dictionaries(
    {"name": TEXTS, "version": TEXTS},
    optional={
        "manufacturer": st.none() | TEXTS,
        "markets": st.lists(members(Market), max_size=4, unique=True),
        "description": TEXTS,
        "labeling": st.just(
            [{"path": "labeling/ifu.md", "kind": LabelingKind.INSTRUCTIONS_FOR_USE.value}]
        ),
        "decisions": st.lists(
            st.fixed_dictionaries(
                {
                    "kind": st.just("sign-off"),
                    "role": TEXTS,
                    "on": DAYS,
                    "version": TEXTS,
                    "model_sha256": DIGESTS,
                }
            ),
            max_size=2,
        ),
    },
)
INTENDED_USES = st.fixed_dictionaries(
    {"function": members(Function)},
    optional={
        "statement": st.none() | TEXTS,
        "imaging_modality": several(ImagingModality),
        "output": several(Output),
        "workflow": st.none() | members(Workflow),
        "human_confirmation": members(HumanConfirmation),
        "user": several(User),
        "population": st.fixed_dictionaries(
            {}, optional={"age_years": ranges(), "sex": several(Sex), "exclusions": st.lists(TEXTS)}
        ),
        "situation": members(Situation),
        "significance": members(Significance),
        "limitations": st.none() | st.lists(TEXTS, max_size=3),
    },
)
ENDPOINTS = st.fixed_dictionaries({"metric": members(MetricName), "goal": goals()})


def intended_uses() -> Any:
    """An intended use as a model."""
    return INTENDED_USES.map(IntendedUse.model_validate)


@st.composite
def dossiers(draw: Any) -> Files:
    """For each file of a valid dossier, what it holds."""
    n_claims, n_studies = draw(st.integers(0, 3)), draw(st.integers(0, 2))
    claims = [f"C{number}" for number in range(1, n_claims + 1)]
    studies = [f"S{number}" for number in range(1, n_studies + 1)]
    files: Files = {
        "device.yaml": draw(DEVICES),
        "intended-use.yaml": draw(INTENDED_USES),
        "claims.yaml": {"claims": [draw(_claim(one, studies)) for one in claims]},
    }
    for one in studies:
        files[f"studies/{one.lower()}.yaml"] = draw(_study(one, claims))
    if draw(st.booleans()):
        files["risks.yaml"] = draw(_risks(studies))
    return files


def write(root: Path, files: Files, *, flow: bool) -> Path:
    """The files in `root`: as block YAML, or as JSON, which is YAML too."""
    (root / "labeling").mkdir(parents=True)
    (root / "labeling/ifu.md").write_text("Read this first.\n", encoding="utf-8")
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(flow_text(data) if flow else _block(data), encoding="utf-8")
    return root


def flow_text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)


def _block(data: Any) -> str:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


def _some(known: list[str]) -> Any:
    return st.lists(st.sampled_from(known), unique=True) if known else st.just([])


def _claim(identifier: str, studies: list[str]) -> Any:
    return st.fixed_dictionaries(
        {
            "id": st.just(identifier),
            "text": TEXTS,
            "endpoints": st.lists(ENDPOINTS, min_size=1, max_size=3),
        },
        optional={"scope": SCOPES, "studies": _some(studies)},
    )


def _study(identifier: str, claims: list[str]) -> Any:
    rule = st.fixed_dictionaries({"is": LEVELS}) | st.fixed_dictionaries({"above": st.just(0.5)})
    return st.fixed_dictionaries(
        {
            "id": st.just(identifier),
            "kind": st.just("standalone"),
            "question": TEXTS,
            "data": st.fixed_dictionaries(
                {
                    "source": st.sampled_from(["data/cases.csv", "s3://bucket/cases.parquet"]),
                    "columns": st.fixed_dictionaries({"case": TEXTS, "reference": TEXTS}),
                },
                optional={"include": st.dictionaries(TEXTS, LEVELS, max_size=2)},
            ),
            "reference_standard": st.fixed_dictionaries({"description": TEXTS, "positive": rule}),
            "analysis": st.fixed_dictionaries(
                {"level": st.just(0.95), "proportions": members(ProportionInterval)},
                optional={
                    "handling": st.fixed_dictionaries({"missing_score": members(Missing)}),
                },
            ),
        },
        optional={
            "claims": _some(claims),
            "sampling": members(Sampling),
            "independent_cases": st.booleans(),
            "dimensions": st.just([{"name": "age", "column": "age", "bands": [18, 45, 65]}]),
        },
    )


def _risks(studies: list[str]) -> Any:
    shown = (
        {"study": st.sampled_from(studies)}
        if studies
        else {"labeling": st.just("labeling/ifu.md"), "passage": TEXTS}
    )
    estimate = st.fixed_dictionaries(
        {
            "severity": st.sampled_from(["minor", "serious"]),
            "probability": st.sampled_from(["remote", "frequent"]),
            "rationale": TEXTS,
        }
    )
    cells = st.fixed_dictionaries(
        {"remote": members(Acceptability), "frequent": members(Acceptability)}
    )
    return st.fixed_dictionaries(
        {
            "policy": st.fixed_dictionaries(
                {
                    "severity": st.just(
                        [{"name": name, "meaning": "harm"} for name in ("minor", "serious")]
                    ),
                    "probability": st.just(
                        [{"name": "remote", "up_to": 0.001}, {"name": "frequent", "up_to": 1}]
                    ),
                    "matrix": st.fixed_dictionaries({"minor": cells, "serious": cells}),
                }
            ),
            "hazards": st.just([{"id": "H1", "text": "Wrong output"}]),
            "controls": st.lists(
                st.fixed_dictionaries(
                    {
                        "id": st.just("RC1"),
                        "text": TEXTS,
                        "kind": members(ControlKind),
                        "reduces": several(Reduces),
                    },
                    optional={"effectiveness": st.fixed_dictionaries(shown)},
                ),
                max_size=1,
            ),
        },
        optional={
            "risks": st.lists(
                st.fixed_dictionaries(
                    {
                        "id": st.just("R1"),
                        "hazard": st.just("H1"),
                        "sequence_of_events": TEXTS,
                        "hazardous_situation": TEXTS,
                        "harm": TEXTS,
                    },
                    optional={"initial": estimate, "residual": estimate},
                ),
                max_size=1,
            )
        },
    )
