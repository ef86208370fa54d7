"""Packs of obligations are whole, and what is owed follows from the intended use."""

import pytest

from defensible.dossier import IntendedUse
from defensible.dossier.vocabulary import Market
from defensible.regulation import classify, obligations, owed_since
from defensible.regulation.classification import Match
from defensible.regulation.reading import owing, read_obligations

TRIAGE = {
    "function": "triage",
    "imaging_modality": ["CT"],
    "output": ["worklist-flag"],
    "workflow": "parallel-to-standard-read",
    "human_confirmation": "full-image-read-by-clinician",
    "user": ["radiologist"],
}
ALL = tuple(Market)


def owed(markets=ALL, **changes):
    use = IntendedUse(**{**TRIAGE, **changes})
    return {one.id: one for one in obligations(use, classify(use, markets))}


@pytest.mark.parametrize("name", owing())
def test_every_obligation_of_a_pack_is_cited_and_of_its_market(name):
    pack = read_obligations(name)

    assert pack.market == name
    for one in pack.obligations:
        assert one.id.startswith(f"{name}.")
        assert one.cite.source
        assert one.cite.read_on <= pack.as_of


def test_a_typical_imaging_device_owes_the_special_controls_of_its_type():
    found = owed((Market.US,))

    assert {name for name in found if ".control." in name} == {
        f"us.control.tr-{n}" for n in range(1, 7)
    }
    assert len([one for one in found.values() if one.market == "us"]) >= 30
    assert found["us.control.tr-1"].citation.source.startswith("21 CFR 892.2080")


def test_no_device_owes_nothing():
    assert owed(function="non-device", output=["display-only"], imaging_modality=["none"]) == {}


def test_what_cannot_be_told_may_apply_and_says_what_to_settle():
    found = owed((Market.EU,))  # no situation, no worst outcome: no class

    assert found["eu.post-market.psur"].applies is Match.UNKNOWN
    assert found["eu.post-market.psur"].ask == ("eu.class",)


def test_a_gxp_use_owes_what_gxp_asks():
    found = owed((), gxp={"process": "release testing", "gamp_category": 4})

    assert "gxp.configuration" in found
    assert "gxp.design" not in found


def test_a_change_of_the_intended_use_says_what_it_adds_and_drops():
    before = IntendedUse(**TRIAGE)
    after = IntendedUse(
        **{**TRIAGE, "function": "detection", "output": ["mark-or-box"], "workflow": "second-read"}
    )

    change = owed_since(before, after, [Market.US])

    assert "us.evidence.readers" in {one.id for one in change.added}
    assert "us.control.tr-2" in {one.id for one in change.dropped}
    assert owed_since(before, before, [Market.US]).added == ()
