"""`defensible verify`: whether every seal holds, step by step."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defensible.cli.envelope import Form, emit, envelope

if TYPE_CHECKING:
    from defensible.dossier import Dossier
    from defensible.ledger.verify import Step, Trust

DOES_NOT_HOLD = 3


def verify(
    folder: Annotated[Path, typer.Argument(help="Folder that holds device.yaml.")] = Path(),
    rerun: Annotated[
        bool, typer.Option("--rerun", help="Run each study again and compare its figures.")
    ] = False,
    trust: Annotated[
        list[Path] | None,
        typer.Option("--trust", help="Public key that you trust; then all must be signed."),
    ] = None,
    tsa_certificate: Annotated[
        Path | None,
        typer.Option("--tsa-certificate", help="Certificate of the time-stamp authority (PEM)."),
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
) -> None:
    """Check digests, signatures and order of everything sealed; exit 3 where a seal fails."""
    from defensible import dossier
    from defensible.ledger import timestamps
    from defensible.ledger import verify as sealed

    loaded = dossier.load(folder)
    authority = None if tsa_certificate is None else timestamps.certificate(tsa_certificate)
    steps = sealed.verify(loaded, _trust(loaded, trust), authority)
    if rerun:
        steps = (*steps, _rerun(loaded, steps))
    problems = [problem for step in steps for problem in step.problems]
    if form is Form.JSON:
        emit(envelope("verify", _result(steps), problems))
    else:
        emit(_text(steps))
    if problems:
        raise typer.Exit(DOES_NOT_HOLD)


def _trust(loaded: "Dossier", named: list[Path] | None) -> "Trust":
    from defensible.ledger.signing import public_key
    from defensible.ledger.verify import Trust, declared_trust

    if not named:
        return declared_trust(loaded)
    return Trust(keys={public_key(one): one.name for one in named}, all_signed=True)


def _rerun(loaded: "Dossier", steps: "tuple[Step, ...]") -> "Step":
    from defensible.evidence.rerun import rerun
    from defensible.ledger import chain
    from defensible.ledger.verify import Step

    if steps[0].problems:
        return Step(number=8, title="the rerun", said=("not done: see step 1",), done=False)
    return rerun(loaded, chain.held(loaded.root))


def _result(steps: "tuple[Step, ...]") -> dict[str, Any]:
    return {
        "holds": not any(one.problems for one in steps),
        "cautions": _cautions(steps),
        "steps": [
            {
                "step": one.number,
                "title": one.title,
                "answer": _answer(one),
                "said": list(one.said),
            }
            for one in steps
        ],
    }


def _cautions(steps: "tuple[Step, ...]") -> list[str]:
    """What breaks no seal and is to be known: clocks that went backwards."""
    return [said for step in steps for said in step.said if said.startswith("L008 ")]


def _answer(step: "Step") -> str:
    if step.problems:
        return "fails"
    return "holds" if step.done else "not checked"


def _text(steps: "tuple[Step, ...]") -> str:
    from textwrap import wrap

    from defensible.screen import clean

    lines = []
    for step in steps:
        lines.append(f"{step.number}. {step.title}: {_answer(step)}")
        for said in step.said:
            lines += wrap(clean(said), 80, initial_indent="   ", subsequent_indent="     ")
        for one in step.problems:
            lines += wrap(
                clean(f"{one.file}:{one.line}: {one.code} {one.what}"),
                80,
                initial_indent="   ",
                subsequent_indent="     ",
                break_on_hyphens=False,
                break_long_words=False,
            )
            lines += wrap(one.mend, 80, initial_indent="     ", subsequent_indent="     ")
    n = sum(len(one.problems) for one in steps)
    unchecked = [str(one.number) for one in steps if not one.done]
    if not n and unchecked:
        lines.append(f"What was checked holds; not checked: step {', '.join(unchecked)}.")
    elif not n:
        lines.append("Every seal holds. What they hold is for `defensible assess` to say.")
    else:
        what = "seal does" if n == 1 else "seals do"
        lines.append(f"{n} {what} not hold; nothing here should be relied on until that is mended.")
    if _cautions(steps):
        lines.append("The order of events is shown; their times are not (L008, step 5).")
    return "\n".join(lines)
