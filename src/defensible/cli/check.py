"""`defensible check`: every problem of a dossier, or what it holds."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defensible.cli.envelope import Form, emit, envelope

if TYPE_CHECKING:
    from defensible.dossier import Dossier


def check(
    folder: Annotated[Path, typer.Argument(help="Folder that holds device.yaml.")] = Path(),
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
) -> None:
    """Name everything that is wrong with a dossier, and what is not declared yet."""
    from defensible import dossier

    summary = _summary(dossier.load(folder))
    emit(envelope("check", summary) if form is Form.JSON else _text(summary))


def _summary(loaded: "Dossier") -> dict[str, Any]:
    from defensible.dossier.intended_use import undeclared
    from defensible.ledger import digest

    risks = loaded.risks
    return {
        "device": {"name": loaded.device.name, "version": loaded.device.version},
        "claims": [one.id for one in loaded.claims],
        "studies": [one.id for one in loaded.studies],
        "hazards": len(risks.hazards) if risks else 0,
        "risks": len(risks.risks) if risks else 0,
        "controls": len(risks.controls) if risks else 0,
        "labeling": [one.path for one in loaded.labeling],
        "undeclared": undeclared(loaded.intended_use),
        "intended_use_sha256": digest(loaded.intended_use),
    }


def _text(summary: dict[str, Any]) -> str:
    from textwrap import fill

    device = summary["device"]
    risks = ", ".join(f"{summary[one]} {one}" for one in ("hazards", "risks", "controls"))
    lines = [
        f"{device['name']} {device['version']}: no problems",
        f"  claims    {', '.join(summary['claims']) or 'none yet'}",
        f"  studies   {', '.join(summary['studies']) or 'none yet'}",
        f"  risks     {risks}",
        f"  labeling  {', '.join(summary['labeling']) or 'none yet'}",
        f"  intended use sha256 {summary['intended_use_sha256']}",
    ]
    if summary["undeclared"]:
        missing = ", ".join(summary["undeclared"])
        n = len(summary["undeclared"])
        still = f"Still to declare in intended-use.yaml ({n}): {missing}"
        lines.append(fill(still, 80, subsequent_indent="  "))
    else:
        lines.append("Next: defensible assess, to see which question the evidence answers.")
    return "\n".join(lines)
