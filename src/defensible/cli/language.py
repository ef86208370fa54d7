"""`defensible language`: labeling and marketing text held against the intended use."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defensible.cli.envelope import Form, emit, envelope

if TYPE_CHECKING:
    from defensible.regulation.language import Hit, LanguageReview, Spot


def language(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Folder that holds device.yaml; with --use, files of labeling."),
    ] = None,
    use: Annotated[
        Path | None, typer.Option(help="The intended use that lone files are held against.")
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="What lone files call the device, where --use does not say.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
) -> None:
    """Find wording that claims more than the intended use, lacks its limits, or contradicts it.

    Reads Markdown, HTML, PDF and DOCX. Leaves with 1 where there is a hit.
    """
    named = list(paths or [])
    if use is None and (len(named) > 1 or name is not None):
        what = "lone files need --use, the intended use that they are held against"
        raise typer.BadParameter(what if len(named) > 1 else "--name is for lone files, with --use")
    if use is not None and not named:
        raise typer.BadParameter("name the files to be held against --use")
    done = _dossier(named[0] if named else Path()) if use is None else _files(named, use, name)
    emit(envelope("language", _json(done)) if form is Form.JSON else _text(done))
    if done.hits:
        raise typer.Exit(1)


def _dossier(folder: Path) -> "LanguageReview":
    from defensible.dossier import load
    from defensible.regulation.language import review

    return review(load(folder))


def _files(paths: list[Path], use: Path, name: str | None) -> "LanguageReview":
    from defensible.dossier.labeling import lone
    from defensible.dossier.load import load_intended_use
    from defensible.regulation.language import Document, review_documents

    intended = load_intended_use(use)
    documents = [
        Document(path=str(path), said=said) for path, said in zip(paths, lone(paths), strict=True)
    ]
    return review_documents(intended, documents, name=name)


def _json(done: "LanguageReview") -> dict[str, Any]:
    return {
        "pack": done.pack,
        "documents": list(done.documents),
        "hits": [_hit(one) for one in done.hits],
        "not_checked": list(done.not_checked),
    }


def _hit(hit: "Hit") -> dict[str, Any]:
    return {
        "kind": hit.kind,
        "rule": hit.rule,
        "title": hit.title,
        **_spot(hit.spot),
        "words": hit.words,
        "sentence": hit.sentence,
        "why": hit.why,
        "suggestion": hit.suggestion,
        "citation": {
            "source": hit.citation.source,
            "read_on": hit.citation.read_on.isoformat(),
            "confidence": hit.citation.confidence,
        },
        "against": None if hit.against is None else _spot(hit.against),
    }


def _spot(spot: "Spot") -> dict[str, Any]:
    return {"file": spot.file, "unit": spot.unit, "number": spot.number}


def _text(done: "LanguageReview") -> str:
    from textwrap import fill

    n, files = len(done.hits), len(done.documents)
    read = f"{files} {'file' if files == 1 else 'files'} read"
    lines = [f"{n or 'no'} {'hit' if n == 1 else 'hits'}; {read} with the pack {done.pack}"]
    for hit in done.hits:
        lines += ["", *_hit_text(hit)]
    if done.not_checked:
        lines += ["", "Not checked:"]
        lines += [
            fill(one, 78, initial_indent="- ", subsequent_indent="  ") for one in done.not_checked
        ]
    after = (
        "Next: change each of these, or the intended use if that is what is wrong; then run this\n"
        "again. A hit is a reason to look: whether words mislead is for a person to say."
        if n
        else "Next: have a person read it all the same: much that misleads uses other words."
    )
    return "\n".join([*lines, "", *(fill(one, 80) for one in [" ".join(after.split())])])


def _hit_text(hit: "Hit") -> list[str]:
    from textwrap import fill

    from defensible.regulation.language.hit import shown

    def told(label: str, text: str) -> str:
        return fill(
            text,
            80,
            initial_indent=f"  {label:<10}",
            subsequent_indent=" " * 12,
            break_on_hyphens=False,
        )

    cite = hit.citation
    lines = [shown(f"{hit.spot}: {hit.rule}"), told(hit.kind, hit.title)]
    if hit.words:
        lines.append(told("words", f"“{hit.words}”"))
    if hit.sentence and hit.sentence != hit.words:
        lines.append(told("in" if hit.words else "declared", hit.sentence))
    lines.append(told("why", hit.why))
    if hit.against is not None:
        lines.append(told("against", shown(str(hit.against))))
    lines.append(told("do", hit.suggestion))
    lines.append(told("rule", f"{cite.source} (read {cite.read_on}, {cite.confidence})"))
    return lines
