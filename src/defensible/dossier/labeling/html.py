"""HTML as passages: what a reader sees, with its lines; scripts and styles are left out."""

from html.parser import HTMLParser

from defensible.dossier.labeling.markdown import without_comments
from defensible.dossier.labeling.passage import Form, Passage, joined

_HIDDEN = frozenset({"script", "style", "template", "noscript", "svg", "code", "pre"})
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "big", "cite", "dfn", "em", "font", "i", "img", "ins", "label"}
    | {"mark", "q", "s", "small", "span", "strong", "sub", "sup", "time", "u", "wbr", "br"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "title", "th", "caption", "legend"})
_ITEMS = frozenset({"li", "tr", "td", "dd", "dt", "option"})


class _Seen(HTMLParser):
    """Passages as tags begin and end."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.passages: list[Passage] = []
        self.held: list[tuple[str, int]] = []
        self.form = Form.PROSE
        self.hidden: list[str] = []

    def end_passage(self) -> None:
        """What was gathered, as one passage."""
        if (made := joined(self.held, self.form)) is not None:
            self.passages.append(made)
        self.held, self.form = [], Form.PROSE

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that begins a passage, hides one, or stands within one."""
        if tag in _HIDDEN:
            self.hidden.append(tag)
        elif tag == "img":
            self.handle_data(dict(attrs).get("alt") or "")
        elif tag not in _INLINE:
            self.end_passage()
            heads = Form.HEADING if tag in _HEADINGS else Form.PROSE
            self.form = Form.ITEM if tag in _ITEMS else heads

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that is empty; one that would hide hides nothing."""
        if tag not in _HIDDEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """The end of what is hidden, or of a passage."""
        if tag in self.hidden:
            while self.hidden.pop() != tag:
                pass
        elif tag not in _INLINE:
            self.end_passage()

    def handle_data(self, data: str) -> None:
        """Words, line by line."""
        if self.hidden:
            return
        first = self.getpos()[0]
        self.held += [(line, first + index) for index, line in enumerate(data.split("\n"))]


def _closed(text: str) -> str:
    """The text without comments and tags that never end.

    The parser would look for the end of each of them through all that follows.
    """
    plain = without_comments(text).replace("<!--", " ")
    last = plain.rfind(">") + 1
    return plain[:last] + plain[last:].replace("<", "&lt;")


def passages(text: str) -> tuple[Passage, ...]:
    """What a reader sees, passage by passage."""
    seen = _Seen()
    seen.feed(_closed(text))
    seen.close()
    seen.end_passage()
    return tuple(seen.passages)
