"""What an assessment says, for people and programs: text in 80 columns, one page, JSON.

Here: words, figures and layout. Not here: any computation of what is said (see `assessment`).
"""

from defensible.documents.as_json import as_json, scope_as_json
from defensible.documents.failure_modes import modes_as_json, modes_text
from defensible.documents.html import html
from defensible.documents.obligations import obligations_as_json, obligations_text
from defensible.documents.risk_json import risk_as_json
from defensible.documents.risk_text import risk_text, trace_text
from defensible.documents.text import summary, text
from defensible.documents.text_scope import scope_text
from defensible.documents.write import write

__all__ = [
    "as_json",
    "html",
    "modes_as_json",
    "modes_text",
    "obligations_as_json",
    "obligations_text",
    "risk_as_json",
    "risk_text",
    "scope_as_json",
    "scope_text",
    "summary",
    "text",
    "trace_text",
    "write",
]
