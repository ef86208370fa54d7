"""Claims held against their scope: cells, what holds among all of them, the widest scope.

Here: which levels of a claim the evidence supports. Not here: any estimate (see `evidence`).
"""

from defensible.assessment.scope.cells import VERB, bound_words
from defensible.assessment.scope.new_site import NEW_SITE
from defensible.assessment.scope.scope import scopes
from defensible.assessment.scope.unexercised import unexercised

__all__ = ["NEW_SITE", "VERB", "bound_words", "scopes", "unexercised"]
