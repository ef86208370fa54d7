"""The text of a DOCX, paragraph by paragraph: body, tables, text boxes, notes, headers, footers.

Runs in a process of its own (`apart.py`). Read as it shows with every tracked change accepted: what
was inserted counts, what was deleted does not. A text box or a note has the number of the paragraph
that it hangs on; headers and footers, which stand on pages and not between paragraphs, come first.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement as Element

MOST_BYTES = 67_108_864
MOST_FILES = 5_000

_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

_UNSEEN = frozenset({_FALLBACK, *(_WORDS + name for name in ("del", "moveFrom", "sectPr", "pPr"))})
"""What is not read: text that was deleted or moved away, and the second form of a drawing."""

_BETWEEN = {_WORDS + name: " " for name in ("tab", "br", "cr")} | {_WORDS + "noBreakHyphen": "-"}

_NOTES = {_WORDS + "footnoteReference": "footnotes", _WORDS + "endnoteReference": "endnotes"}


def pieces(data: bytes) -> list[tuple[str, int, str]] | str:
    """Paragraphs and rows with number and form; or why there are none, as a phrase."""
    from docx import Document

    if why := _refused(data):
        return why
    found = list(_read(Document(BytesIO(data))))
    return [one for one in found if one[0].strip()] or "it holds no text"


def _refused(data: bytes) -> str | None:
    """Why a file is not unpacked; what its directory declares is all that will be unpacked."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "it is encrypted, or of the older form .doc"
    try:
        with ZipFile(BytesIO(data)) as packed:
            files = packed.infolist()
    except BadZipFile:
        return "it is damaged, or no DOCX at all"
    if len(files) > MOST_FILES or sum(one.file_size for one in files) > MOST_BYTES:
        return "it unpacks to more than labeling needs"
    return None


def _read(document: "Document") -> Iterator[tuple[str, int, str]]:
    forms = {style.style_id: _form(style.name or "") for style in document.styles if style.style_id}
    margins = [*_parts(document, "header"), *_parts(document, "footer")]
    said = dict.fromkeys(_text(one) for part in margins for one in _blocks(part))
    yield from ((text, 1, "prose") for text in said)
    notes = {
        (name, note.get(_WORDS + "id")): note
        for name in _NOTES.values()
        for part in _parts(document, name)
        for note in part
    }
    for number, block in enumerate(_blocks(document.element.body), start=1):
        yield _text(block), number, _form_of(block, forms)
        for box in block.iter(_WORDS + "txbxContent"):
            if not any(one.tag == _FALLBACK for one in box.iterancestors()):
                yield from ((_text(one), number, _form_of(one, forms)) for one in _blocks(box))
        for mark in block.iter(*_NOTES):
            note = notes.get((_NOTES[mark.tag], mark.get(_WORDS + "id")))
            if note is not None:
                yield from ((_text(one), number, "prose") for one in _blocks(note))


def _parts(document: "Document", kind: str) -> Iterator["Element"]:
    """Roots of the parts of a kind: header, footer, footnotes, endnotes."""
    from docx.oxml import parse_xml

    for related in document.part.rels.values():
        if not related.is_external and related.reltype.endswith(f"/{kind}"):
            yield parse_xml(related.target_part.blob)


def _blocks(within: "Element") -> Iterator["Element"]:
    """Paragraphs and rows of tables in order, whatever control or insertion they stand in."""
    for child in within:
        if child.tag in {_WORDS + "p", _WORDS + "tr"}:
            yield child
        elif child.tag not in _UNSEEN:
            yield from _blocks(child)


def _text(block: "Element") -> str:
    """The words of a paragraph; of a row, its cells with semicolons between them."""
    if block.tag == _WORDS + "p":
        return "".join(_said(block))
    cells = [cell for child in block for cell in _cells(child)]
    said = (" ".join(_text(one) for one in _blocks(cell)).strip() for cell in cells)
    return "; ".join(one for one in dict.fromkeys(said) if one)


def _cells(child: "Element") -> Iterator["Element"]:
    """The cell that this is, or those that a control around it holds."""
    if child.tag == _WORDS + "tc":
        yield child
    elif child.tag not in _UNSEEN:
        for one in child:
            yield from _cells(one)


def _said(within: "Element") -> Iterator[str]:
    """Text in order; text boxes stand for themselves."""
    for child in within:
        if child.tag == _WORDS + "t":
            yield child.text or ""
        elif child.tag in _BETWEEN:
            yield _BETWEEN[child.tag]
        elif child.tag not in _UNSEEN and child.tag != _WORDS + "txbxContent":
            yield from _said(child)


def _form_of(block: "Element", forms: dict[str, str]) -> str:
    if block.tag == _WORDS + "tr":
        return "item"
    style = block.find(f"{_WORDS}pPr/{_WORDS}pStyle")
    return "prose" if style is None else forms.get(style.get(_WORDS + "val") or "", "prose")


def _form(style: str) -> str:
    name = style.casefold()
    if name.startswith(("heading", "title", "subtitle")):
        return "heading"
    return "item" if name.startswith("list") else "prose"
