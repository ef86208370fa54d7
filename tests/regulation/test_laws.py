"""Laws that hold for every intended use."""

from hypothesis import given, settings
from hypothesis import strategies as st

from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.vocabulary import Market
from defensible.regulation import Match, classify
from defensible.regulation.readable import TEXT, values
from tests.regulation import law

FIELDS = (
    "imaging_modality",
    "output",
    "workflow",
    "human_confirmation",
    "user",
    "condition",
    "anatomy",
    "target_finding",
    "situation",
    "significance",
    "other_input",
    "basis",
    "integration",
    "machine",
)
SEVERAL = {"imaging_modality", "output", "user", "other_input"}
ASSUMED = {"integration", "machine", "workflow"}
"""Fields without which a rule of the US decides, on an assumption that it states."""
RULES = [rule for name in law.NAMES for rule in law.whole(name).rules]
WORDS = sorted(
    {word for rule in RULES for one in rule.when.all if one.mentions for word in one.mentions}
)
STARTS = [case["met"] for name, case in law.cases() if name == "us"]


@st.composite
def uses(draw):
    """An intended use that meets a rule, with one or two of its fields changed."""
    use = {"situation": "serious", "significance": "drive", **draw(st.sampled_from(STARTS))}
    for field in draw(st.lists(st.sampled_from(FIELDS), max_size=2, unique=True)):
        known = sorted(values(field))
        if values(field) is TEXT:
            use[field] = draw(st.sampled_from(WORDS))
        elif field in SEVERAL:
            use[field] = draw(st.lists(st.sampled_from(known), min_size=1, max_size=2, unique=True))
        else:
            use[field] = draw(st.sampled_from(known))
    return use


def us(use):
    return classify(IntendedUse(**use), [Market.US]).market("us")


@given(uses(), st.sampled_from(FIELDS), st.data())
@settings(max_examples=150, deadline=None)
def test_what_is_decided_stays_so_unless_a_field_that_it_names_is_declared(use, field, data):
    less = {key: value for key, value in use.items() if key != field}
    more = {**less, **data.draw(uses()), **use}

    before, after = us(less), us(more)

    if before.decided and not set(before.unknown_fields) & (set(more) - set(less)):
        assert (after.decided, after.regulation, after.device_class) == (
            before.decided,
            before.regulation,
            before.device_class,
        )
        assert set(after.product_codes) <= set(before.product_codes)


@given(uses())
@settings(max_examples=100, deadline=None)
def test_one_rule_decides_or_none_does_and_says_what_to_ask(use):
    answer = us(use)

    if answer.decided and answer.device:
        assert answer.fired[-1].match is Match.MET
        assert answer.ask is None
        assert not answer.unknown_fields or ASSUMED & set(answer.unknown_fields)
    elif not answer.decided:
        assert (answer.device_class, answer.regulation, answer.pathway) == (None, None, None)
        assert answer.ask


@given(uses())
@settings(max_examples=100, deadline=None)
def test_the_order_in_which_values_are_declared_does_not_matter(use):
    turned = {key: value[::-1] if isinstance(value, list) else value for key, value in use.items()}

    first, second = us(use), us(turned)

    assert (first.decided, first.regulation, first.ask) == (
        second.decided,
        second.regulation,
        second.ask,
    )
