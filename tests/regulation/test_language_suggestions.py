"""What the review suggests, written into the instructions, answers what it asked for."""

import pytest

from defensible.dossier import IntendedUse
from defensible.dossier.labeling import words
from defensible.regulation.language import Document, review_documents
from defensible.regulation.reading import plain

SAID = [one for one in plain("language")["required"] if one["suggestion"].startswith("say that")]


@pytest.mark.parametrize("rule", SAID, ids=lambda one: one["id"])
def test_a_suggestion_in_its_own_words_is_found(rule):
    sentence = rule["suggestion"].removeprefix("say that ")
    function = rule["only"]["function"][0]
    said = words("ifu.md", f"{sentence[0].upper()}{sentence[1:]}.".encode())
    document = Document(path="ifu.md", said=said, instructs=True)

    found = review_documents(IntendedUse(function=function), [document])

    assert rule["id"] not in {hit.rule for hit in found.hits}
