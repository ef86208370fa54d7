"""`defensible check`: every problem of a dossier, or what it holds."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defensible.cli.envelope import Form, emit, envelope
from defensible.cli.frozen import approval_lines, frozen, frozen_lines

if TYPE_CHECKING:
    from defensible.dossier import Dossier


def check(
    folder: Annotated[Path, typer.Argument(help="Folder that holds device.yaml.")] = Path(),
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
) -> None:
    """Name everything that is wrong with a dossier.

    Where nothing is: what it holds, the digest of the intended use, and what is not declared yet.
    """
    from defensible import dossier

    loaded = dossier.load(folder)
    if loaded.risks and (
        loaded.risks.not_applicable or any(one.modes for one in loaded.risks.risks)
    ):
        from defensible.risk.modes import unknown  # reads the catalogue, for files that name modes

        if problems := unknown(loaded):
            raise dossier.DossierError(problems)
    summary = {**_summary(loaded), "frozen": frozen(loaded)}
    emit(envelope("check", summary) if form is Form.JSON else _text(summary))


def _summary(loaded: "Dossier") -> dict[str, Any]:
    from defensible.dossier import undeclared
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
    device = summary["device"]
    risks = ", ".join(f"{summary[one]} {one}" for one in ("hazards", "risks", "controls"))
    missing = summary["undeclared"]
    lines = [
        _wrapped(f"{device['name']} {device['version']}: no problems"),
        _wrapped(f"  claims    {', '.join(summary['claims']) or 'none yet'}"),
        _wrapped(f"  studies   {', '.join(summary['studies']) or 'none yet'}"),
        f"  risks     {risks}",
        _wrapped(f"  labeling  {', '.join(summary['labeling']) or 'none yet'}"),
        f"  intended use (sha256)\n            {summary['intended_use_sha256']}",
        *frozen_lines(summary["frozen"]),
        *approval_lines(summary["frozen"]),
    ]
    if missing:
        still = f"Still to declare in intended-use.yaml ({len(missing)}): {', '.join(missing)}"
        return "\n".join([*lines, _wrapped(still, by=2)])
    lines.append("Next: `defensible assess`, to see which question the evidence answers.")
    return "\n".join(lines)


def _wrapped(text: str, *, by: int = 12) -> str:
    from textwrap import fill

    return fill(text, 80, subsequent_indent=" " * by, break_on_hyphens=False)
