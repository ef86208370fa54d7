"""A small, whole dossier on disk, with evidence that supports its claim; tests spoil one thing."""

import copy
import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

SITES = ("North", "South", "East", "West")
STATEMENT = "Flag reads chest radiographs of adults and flags those with pneumothorax."

DEVICE: dict[str, Any] = {
    "name": "Flag",
    "version": "1.0.0",
    "manufacturer": "Example (fictional)",
    "description": "Software that flags chest radiographs.",
    "markets": ["us"],
    "model": {"path": "model.bin", "sha256": hashlib.sha256(b"weights").hexdigest()},
    "software_items": [{"id": "SI-1", "name": "Inference", "version": "1.0.0"}],
    "labeling": [{"path": "labeling/ifu.md", "kind": "instructions-for-use"}],
    "operating_environment": "A server in the hospital's network.",
    "decisions": [
        {
            "kind": "sign-off",
            "role": "head of engineering",
            "on": "2026-10-01",
            "version": "1.0.0",
            "model_sha256": hashlib.sha256(b"weights").hexdigest(),
        }
    ],
}
INTENDED_USE: dict[str, Any] = {
    "function": "triage",
    "statement": STATEMENT,
    "condition": "pneumothorax",
    "target_finding": "pleural line with absent lung markings",
    "anatomy": "chest",
    "imaging_modality": ["X-ray"],
    "acquisition": {"vendors": None, "parameters": {"view": "frontal"}},
    "output": ["worklist-flag"],
    "workflow": "parallel-to-standard-read",
    "human_confirmation": "full-image-read-by-clinician",
    "user": ["radiologist"],
    "user_qualification": "licensed radiologist",
    "environment": "hospital radiology department",
    "population": {
        "age_years": {"from": 18},
        "sex": ["female", "male"],
        "description": "adults with a frontal chest radiograph",
        "exclusions": [],
    },
    "situation": "critical",
    "significance": "drive",
    "contraindications": [],
    "limitations": ["Not tested on portable radiographs."],
}
CLAIM: dict[str, Any] = {
    "id": "C1",
    "text": "Flags pneumothorax on frontal chest radiographs of adults.",
    "scope": {"site": "any", "sex": ["female", "male"], "age": {"from": 18}},
    "endpoints": [
        {"metric": "sensitivity", "goal": {"above": 0.7}},
        {"metric": "specificity", "goal": {"above": 0.7}},
    ],
    "studies": ["S1"],
}
STUDY: dict[str, Any] = {
    "id": "S1",
    "kind": "standalone",
    "question": "How accurate is the flag?",
    "claims": ["C1"],
    "data": {
        "source": "data/cases.csv",
        "columns": {
            "case": "case",
            "score": "score",
            "reference": "truth",
            "model_sha256": "model",
        },
    },
    "independent_cases": True,
    "sampling": "consecutive",
    "reference_standard": {
        "description": "Two radiologists, a third where they differ.",
        "positive": {"is": [1]},
        "negative": {"is": [0]},
    },
    "output": {"positive": {"at_least": 0.5}},
    "dimensions": [
        {"name": "site", "column": "site"},
        {"name": "sex", "column": "sex"},
        {"name": "age", "column": "age", "bands": [18, 65]},
    ],
    "analysis": {"level": 0.95, "proportions": "wilson", "auc": "delong"},
    "acceptance": [{"metric": "auc", "goal": {"above": 0.9}, "by": "interval"}],
    "development": {"source": "data/development.csv", "case": "case"},
}
FILES: dict[str, Any] = {
    "device.yaml": DEVICE,
    "intended-use.yaml": INTENDED_USE,
    "claims.yaml": {"claims": [CLAIM]},
    "studies/s1.yaml": STUDY,
}


def files() -> dict[str, Any]:
    """A deep copy, for a test to change."""
    return copy.deepcopy(FILES)


def cases(seed: int = 20261123, *, per_site: int = 200) -> str:
    """The case table as CSV: separable scores, one miss in twenty and one false alarm in twenty."""
    rng = np.random.default_rng(seed)
    rows = ["case,site,sex,age,score,truth,model"]
    model = DEVICE["model"]["sha256"]
    for number in range(per_site * len(SITES)):
        truth = number % 2
        right = rng.random() > 0.05
        score = rng.uniform(0.5, 1.0) if (truth == 1) == right else rng.uniform(0.0, 0.49)
        sex = ("female", "male")[int(rng.integers(2))]
        age = int(rng.integers(18, 90))
        site = SITES[number // 2 % len(SITES)]
        rows.append(f"K{number:05d},{site},{sex},{age},{score:.4f},{truth},{model}")
    return "\n".join(rows) + "\n"


def write(root: Path, declared: dict[str, Any] | None = None, *, table: str | None = None) -> Path:
    """The dossier under `root`."""
    yaml = YAML()
    for name, content in (files() if declared is None else declared).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            yaml.dump(content, file)
    (root / "data").mkdir(exist_ok=True)
    (root / "labeling").mkdir(exist_ok=True)
    (root / "data/cases.csv").write_text(cases() if table is None else table, encoding="utf-8")
    (root / "data/development.csv").write_text("case\nD1\nD2\nD3\n", encoding="utf-8")
    (root / "model.bin").write_bytes(b"weights")
    (root / "labeling/ifu.md").write_text(
        f"# Flag 1.0.0\n\n## Intended use\n\n{STATEMENT}\n", encoding="utf-8"
    )
    return root
