"""What is a hit and what is none: context, population, machines, limits, contradictions."""

import pytest

from defensible.dossier import IntendedUse, load
from defensible.dossier.labeling import words
from defensible.regulation.language import Document, HitKind, review, review_documents

TRIAGE = {
    "function": "triage",
    "statement": "HeadFlag flags head CT studies of adults in the worklist.",
    "condition": "intracranial haemorrhage",
    "imaging_modality": ["CT"],
    "output": ["worklist-flag"],
    "user": ["radiologist"],
    "population": {"age_years": {"from": 18}, "sex": ["female", "male"]},
}


def document(text, path="one.md", *, instructs=False):
    return Document(path=path, said=words(path, text.encode()), instructs=instructs)


def reviewed(*documents, use=None, **known):
    return review_documents(
        IntendedUse.model_validate({**TRIAGE, **(use or {})}), documents, name="HeadFlag", **known
    )


def rules(text, **known):
    return [one.rule for one in reviewed(document(text), **known).hits]


def test_a_hit_says_file_line_words_why_rule_and_what_to_do():
    (hit,) = reviewed(
        document("# Title\n\nFast. HeadFlag reads CT\nand **rules out** bleeding.\n")
    ).hits

    assert str(hit.spot) == "one.md:4"
    assert (hit.kind, hit.rule, hit.words) == (HitKind.CLAIM, "language.rules-out", "rules out")
    assert hit.sentence == "HeadFlag reads CT and rules out bleeding."
    assert hit.citation.source == "21 CFR 801.4; Regulation (EU) 2017/745, Article 7(b)"
    assert hit.why.startswith("ruling out lets a patient go without")
    assert hit.suggestion.startswith("delete it, and say")


@pytest.mark.parametrize(
    "text",
    [
        "# HeadFlag rules out bleeding",
        "HeadFlag rules out bleeding\n===",
        "HeadFlag does not:\n\n- rule out bleeding\n- diagnose stroke\n",
        "Do not use HeadFlag:\n\n1. in children\n2. to rule out bleeding\n",
        "## Contraindications\n\nHeadFlag rules out bleeding.",
        "```\nHeadFlag rules out bleeding.\n```",
        "<!-- HeadFlag rules out bleeding. -->",
        "Does HeadFlag rule out bleeding?",
        "Never write that HeadFlag “rules out” a bleed.",
        "The words “HeadFlag rules out bleeding” may not be used.",
        "Unlike HeadFlag, other devices rule out bleeding.",
        "HeadFlag does not diagnose stroke or rule out bleeding.",
        "It is not known, e.g. from studies, that HeadFlag rules out bleeding.",
    ],
)
def test_words_that_claim_nothing_are_left_alone(text):
    assert rules(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("HeadFlag not only flags bleeds but also rules out stroke.", "language.rules-out"),
        ("HeadFlag can:\n\n- flag studies\n- rule out bleeding\n", "language.rules-out"),
        ("HeadFlag does not print; it rules out bleeding.", "language.rules-out"),
        ("| What | Why |\n|---|---|\n| HeadFlag rules out bleeding | fast |", "language.rules-out"),
        ("Do you know? HeadFlag rules out bleeding.", "language.rules-out"),
    ],
)
def test_a_claim_is_found_wherever_it_stands(text, rule):
    assert rules(text) == [rule]


def test_the_words_of_the_intended_use_may_be_repeated():
    text = "HeadFlag detects and diagnoses stroke."

    assert rules(text) == ["language.diagnoses"]
    assert rules(text, use={"statement": "HeadFlag diagnoses stroke on head CT."}) == []
    assert rules(text, use={"function": "autonomous-diagnosis"}) == []


def test_an_outcome_is_answered_for_by_a_declared_claim():
    text = "HeadFlag reduces time to treatment."

    assert rules(text) == ["language.saves-time"]
    assert rules(text, claimed=["HeadFlag reduces time to treatment by ten minutes."]) == []
    assert rules("HeadFlag rules out bleeding.", claimed=["It rules out bleeding."]) == [
        "language.rules-out"
    ]


def test_approval_is_named_only_where_the_pathway_gives_it():
    assert rules("HeadFlag is FDA approved.") == ["language.official-approval"]
    assert rules("HeadFlag is FDA approved.", pathways=["510(k)"]) == ["language.official-approval"]
    assert rules("HeadFlag is FDA approved.", pathways=["PMA P123456"]) == []


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("HeadFlag is intended for patients aged 12 years and older.", True),
        ("HeadFlag is indicated for children.", True),
        ("HeadFlag is intended for patients aged 18 years and older.", False),
        ("HeadFlag is intended for patients from 22 years to 80 years.", False),
        ("HeadFlag is intended for adults, not for children.", False),
        ("In the study, patients aged 12 years and older were enrolled.", False),
        ("Safety in patients under 18 years has not been shown.", False),
    ],
)
def test_patients_beyond_the_population(text, hit):
    assert rules(text) == (["language.population"] if hit else [])


def test_what_is_not_declared_is_not_checked_and_said_so():
    use = {"population": None, "imaging_modality": None}
    done = reviewed(document("HeadFlag is intended for children and reads MRI."), use=use)

    assert done.hits == ()
    assert done.not_checked == (
        "ages of patients: intended-use.yaml declares no population.age_years",
        "sexes of patients: intended-use.yaml declares no population.sex",
        "kinds of images: intended-use.yaml declares no imaging_modality",
        "missing limitations: no file is declared as instructions for use",
    )


def test_exclusions_and_sexes_beyond_the_population():
    use = {"population": {"sex": ["female"], "exclusions": ["recent head surgery"]}}

    assert rules("HeadFlag can be used in men and women.", use=use) == ["language.population"]
    assert rules("HeadFlag can be used in patients with recent head surgery.", use=use) == [
        "language.population"
    ]
    assert rules("HeadFlag cannot be used in patients with recent head surgery.", use=use) == []


def test_instructions_must_carry_the_limits_of_their_function():
    silent = document("HeadFlag flags studies.", instructs=True)
    whole = document(
        "HeadFlag is not for diagnosis. Every study is read in full.\n\n"
        "A study without a flag may not be normal.",
        instructs=True,
    )

    assert [one.rule for one in reviewed(silent).hits] == [
        "language.limit.triage-no-diagnosis",
        "language.limit.triage-full-read",
        "language.limit.triage-unflagged",
    ]
    assert reviewed(whole).hits == ()


def test_declared_limitations_stand_in_the_instructions():
    use = {"limitations": ["Motion artefacts lower the sensitivity."], "function": "non-device"}
    says = document("Sensitivity is lower with motion artefacts.", instructs=True)
    silent = document("HeadFlag shows studies.", instructs=True)

    assert reviewed(says, use=use).hits == ()
    (hit,) = reviewed(silent, use=use).hits
    assert (hit.rule, hit.sentence) == (
        "language.limit.declared",
        "Motion artefacts lower the sensitivity.",
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("HeadFlag is not for diagnosis.", "HeadFlag is intended for diagnosis."),
        ("It is intended for patients aged 18 years and older.", "It is indicated over 22 years."),
        ("It is intended for use by radiologists.", "It is intended for use by cardiologists."),
        ("HeadFlag reads CT.", "HeadFlag reads MRI."),
        ("The sensitivity was 0.91.", "HeadFlag has a sensitivity of 95%."),
    ],
)
def test_documents_that_contradict_each_other(first, second):
    hits = reviewed(document(first, "a.md"), document(second, "b.md")).hits

    (hit,) = [one for one in hits if one.kind is HitKind.CONTRADICTION]
    assert {str(hit.spot), str(hit.against)} == {"a.md:1", "b.md:1"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("HeadFlag is not for diagnosis.", "HeadFlag is not for the diagnosis of tumours."),
        ("It is indicated for patients aged 65 years and older.", "It is indicated over 65 years."),
        ("The sensitivity was 0.91.", "HeadFlag has a sensitivity of 91.2%."),
        ("The sensitivity was 0.91.", "In women, the sensitivity was 0.88."),
        ("Sensitivity was 0.91. In 40 women, it was 0.88.", "In women, sensitivity is 0.88."),
        ("The goal for sensitivity was 0.80.", "The sensitivity was 0.91."),
    ],
)
def test_documents_that_only_differ_in_words(first, second):
    hits = reviewed(document(first, "a.md"), document(second, "b.md")).hits

    assert [one for one in hits if one.kind is HitKind.CONTRADICTION] == []


def test_the_example_on_real_data_has_no_hit():
    from tests.regulation.language.corpus import ROOT

    assert review(load(ROOT / "examples/heart-four-hospitals")).hits == ()
