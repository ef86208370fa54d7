"""A labeling file's bytes as passages, by the ending of its name."""

from dataclasses import dataclass
from pathlib import PurePath

from defensible.dossier.files import UnreadableError, decoded
from defensible.dossier.labeling import apart, html, markdown, pdf
from defensible.dossier.labeling.passage import Form, Passage, Unit, joined

MAX_LABELING_BYTES = 10_485_760


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a labeling file says.

    Attributes
    ----------
    text : str
        All of it; for Markdown as it stands in the file.
    unit : Unit
        What the places of the passages are counted in.
    silent : tuple of int
        Pages from which no text could be taken, such as pictures of it.
    """

    text: str
    unit: Unit
    passages: tuple[Passage, ...]
    silent: tuple[int, ...] = ()


def words(name: str, data: bytes) -> Words:
    """The words of a file; one whose name ends in none of the known ways is read as Markdown.

    Raises
    ------
    UnreadableError
        It is not what its name says, is damaged or encrypted, or a library is missing.
    """
    ending = PurePath(name).suffix.lower()
    if ending == ".pdf":
        lines = [(str(text), int(number)) for text, number in apart.pieces("pdf", data)]
        said = tuple(pdf.passages([one for one in lines if one[0]]))
        silent = tuple(number for text, number in lines if not text)
        return _words(said, Unit.PAGE, silent)
    if ending == ".docx":
        found = apart.pieces("docx", data)
        made = (joined([(str(text), int(n))], Form(form)) for text, n, form in found)
        return _words(tuple(one for one in made if one is not None), Unit.PARAGRAPH)
    if ending in {".doc", ".odt", ".rtf", ".pptx"}:
        what = f"nothing here reads {ending}"
        raise UnreadableError("R003", what, "save it as DOCX, PDF, HTML or Markdown")
    text = decoded(data)
    if ending in {".html", ".htm"}:
        return _words(html.passages(text), Unit.LINE)
    return Words(text=text, unit=Unit.LINE, passages=tuple(markdown.passages(text)))


def _words(passages: tuple[Passage, ...], unit: Unit, silent: tuple[int, ...] = ()) -> Words:
    text = "\n".join(one.text for one in passages)
    return Words(text=text, unit=unit, passages=passages, silent=silent)
