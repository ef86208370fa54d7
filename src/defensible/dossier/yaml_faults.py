"""Faults of YAML's grammar in our words; the library's text is never shown."""

from ruamel.yaml.error import MarkedYAMLError

from defensible.dossier.problem import Problem

_INDENT = "check the indent here and the colon above; put text that holds ': ' in quotes"
_SEEN = (
    ("mapping values are not allowed", "a key cannot stand here", _INDENT),
    (r"found character '\t'", "there is a tab here", "indent with spaces"),
    ("found character", "a text cannot start with this character", "put the text in quotes"),
    ("could not find expected ':'", "a key without a colon stands above", "write `key: value`"),
    ("expected <block end>", "this stands at an indent of its own", "indent it as the line above"),
    ("unexpected end of stream", "this quote is not closed", "close it"),
    ("expected ',' or '", "this bracket is not closed", "close it, or add a comma"),
    ("unknown escape", "a backslash in double quotes means something else", "use single quotes"),
    ("sequence entries are not allowed", "a '- ' cannot start here", "start a new line"),
)
_OPENED = frozenset({"this quote is not closed", "this bracket is not closed"})
"""Faults that are shown where they begin, since they are noticed only at the end."""


def in_our_words(file: str, error: MarkedYAMLError) -> Problem:
    """Where the grammar breaks, what was seen there, and what to try."""
    said = str(error.problem or "")
    what, mend = next(
        ((what, mend) for sign, what, mend in _SEEN if sign in said),
        ("this cannot be read as YAML", "check quotes, colons and indents from there upwards"),
    )
    marks = (error.problem_mark, error.context_mark)
    mark = (marks[1] or marks[0]) if what in _OPENED else (marks[0] or marks[1])
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return Problem(file=file, line=line, column=column, code="D003", what=what, mend=mend)
