"""`claims.yaml`: what labeling will say, how far, and what must be shown for it."""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import (
    Discriminator,
    Field,
    SerializerFunctionWrapHandler,
    Tag,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic_core import InitErrorDetails

from defensible.dossier.declared import (
    Declared,
    Identifier,
    Level,
    Number,
    Proportion,
    Range,
    Text,
)


class MetricName(StrEnum):
    """The measures that a study can give: of the device, and of readers with it or beside it."""

    SENSITIVITY = "sensitivity"
    SPECIFICITY = "specificity"
    PPV = "ppv"
    NPV = "npv"
    ACCURACY = "accuracy"
    AUC = "auc"
    AUC_DIFFERENCE = "auc_difference"
    WAFROC_DIFFERENCE = "wafroc_difference"
    SENSITIVITY_DIFFERENCE = "sensitivity_difference"
    SPECIFICITY_DIFFERENCE = "specificity_difference"
    READING_TIME_CHANGE = "reading_time_change"
    COMMISSION = "commission"
    OMISSION = "omission"
    FOLLOWS_WHEN_RIGHT = "follows_when_right"
    OVERRIDES_WHEN_WRONG = "overrides_when_wrong"
    RELIANCE = "reliance"
    APPROPRIATE_RELIANCE = "appropriate_reliance"
    NET_BENEFIT = "net_benefit"
    READER_KAPPA = "reader_kappa"
    READER_KAPPA_DIFFERENCE = "reader_kappa_difference"
    READER_WEIGHTED_KAPPA = "reader_weighted_kappa"
    READER_WEIGHTED_KAPPA_DIFFERENCE = "reader_weighted_kappa_difference"
    READER_ICC = "reader_icc"
    READER_ICC_DIFFERENCE = "reader_icc_difference"
    STANDALONE_AUC_DIFFERENCE = "standalone_auc_difference"
    STANDALONE_SENSITIVITY_DIFFERENCE = "standalone_sensitivity_difference"
    STANDALONE_SPECIFICITY_DIFFERENCE = "standalone_specificity_difference"
    USE_ERROR = "use_error"
    MEAN_DICE = "mean_dice"
    RELATIVE_BIAS = "relative_bias"
    WITHIN_MARGIN = "within_margin"
    LESION_SENSITIVITY = "lesion_sensitivity"
    FALSE_MARKS_PER_CASE = "false_marks_per_case"
    WAFROC = "wafroc"

    @property
    def words(self) -> str:
        """As a sentence has it: `sensitivity`, `AUC`, `AUC difference`."""
        if self is MetricName.MEAN_DICE:
            return "mean Dice"
        if self in {MetricName.WAFROC, MetricName.WAFROC_DIFFERENCE}:
            return self.value.replace("wafroc", "wAFROC").replace("_", " ")
        if self is MetricName.USE_ERROR:
            return "use error"
        if self is MetricName.STANDALONE_AUC_DIFFERENCE:
            return "standalone AUC difference"
        first, *rest = self.value.replace("icc", "ICC").split("_")
        return " ".join(
            [first if len(first) > 3 or rest[:1] == ["benefit"] else first.upper(), *rest]
        )

    @property
    def of_readers(self) -> bool:
        """Whether a reader study measures it."""
        return self in _OF_READERS

    @property
    def against_readers(self) -> bool:
        """Whether it holds the device alone against readers who do not see its output."""
        return self in _AGAINST_READERS

    @property
    def of_bias(self) -> bool:
        """Whether it says what readers do with the device's output, which they must see."""
        return self in _OF_BIAS

    @property
    def of_people(self) -> bool:
        """Whether people must read or use something for it, with the device or beside it."""
        return self in _OF_READERS or self is MetricName.USE_ERROR

    @property
    def of_agreement(self) -> bool:
        """Whether an agreement study measures it: outlines and sizes against a reference."""
        return self in _OF_AGREEMENT

    @property
    def of_localization(self) -> bool:
        """Whether a localization study measures it: the device's marks against lesions."""
        return self in _OF_LOCALIZATION

    @property
    def of_accuracy(self) -> bool:
        """Whether a standalone study measures it: the device's answers against the condition."""
        return not (self.of_people or self.of_agreement or self.of_localization)

    @property
    def signed(self) -> bool:
        """Whether it is a difference or a kappa, which can lie below 0."""
        return self in _SIGNED

    @property
    def unbounded(self) -> bool:
        """Whether it is a mean number of marks, which can be more than 1."""
        return self is MetricName.FALSE_MARKS_PER_CASE


_AGAINST_READERS = frozenset(
    {
        MetricName.STANDALONE_AUC_DIFFERENCE,
        MetricName.STANDALONE_SENSITIVITY_DIFFERENCE,
        MetricName.STANDALONE_SPECIFICITY_DIFFERENCE,
    }
)
_DIFFERENCES_OF_READERS = frozenset(
    {
        MetricName.AUC_DIFFERENCE,
        MetricName.WAFROC_DIFFERENCE,
        MetricName.SENSITIVITY_DIFFERENCE,
        MetricName.SPECIFICITY_DIFFERENCE,
        MetricName.READING_TIME_CHANGE,
        MetricName.RELIANCE,
        MetricName.NET_BENEFIT,
        MetricName.READER_KAPPA_DIFFERENCE,
        MetricName.READER_WEIGHTED_KAPPA_DIFFERENCE,
        MetricName.READER_ICC_DIFFERENCE,
    }
)
_AGREEMENT_OF_READERS = frozenset(
    {MetricName.READER_KAPPA, MetricName.READER_WEIGHTED_KAPPA, MetricName.READER_ICC}
)
"""Of readers who see the device's output; below 0 where they agree less than by chance."""
_SIGNED = (
    _DIFFERENCES_OF_READERS | _AGAINST_READERS | _AGREEMENT_OF_READERS | {MetricName.RELATIVE_BIAS}
)
_OF_AGREEMENT = frozenset(
    {MetricName.MEAN_DICE, MetricName.RELATIVE_BIAS, MetricName.WITHIN_MARGIN}
)
_OF_LOCALIZATION = frozenset(
    {MetricName.LESION_SENSITIVITY, MetricName.FALSE_MARKS_PER_CASE, MetricName.WAFROC}
)
_OF_BIAS = frozenset(
    {
        MetricName.COMMISSION,
        MetricName.OMISSION,
        MetricName.FOLLOWS_WHEN_RIGHT,
        MetricName.OVERRIDES_WHEN_WRONG,
        MetricName.RELIANCE,
        MetricName.APPROPRIATE_RELIANCE,
        MetricName.NET_BENEFIT,
    }
)
_OF_READERS = _DIFFERENCES_OF_READERS | _AGAINST_READERS | _AGREEMENT_OF_READERS | _OF_BIAS


class Goal(Declared):
    """A performance goal: the fixed bound that the whole interval must clear."""

    above: Number | None = None
    """The lower limit of the interval must lie above this."""
    below: Number | None = None
    """The upper limit of the interval must lie below this."""

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if (self.above is None) == (self.below is None):
            raise ValueError("D020|a goal has exactly one bound|write `above: 0.8` or `below: 0.1`")
        return self


def in_range(goal: Goal, metric: MetricName | None) -> Goal:
    """The goal, or the problem that its metric (None: an unknown one) can never reach it.

    Raises
    ------
    ValueError
        The bound of a proportion lies outside 0 to 1, of a difference outside -1 to 1, of a number
        of marks below 0.
    """
    side, bound = ("below", goal.below) if goal.above is None else ("above", goal.above)
    if bound is not None and (said := _out_of_range(bound, metric)):
        # a failure of its own, so that the place is that of the number and not of the goal
        raise ValidationError.from_exception_data(
            "Goal",
            [
                InitErrorDetails(
                    type="value_error",
                    loc=(side,),
                    input=bound,
                    ctx={"error": ValueError(f"D021|{said}")},
                )
            ],
        )
    return goal


def _out_of_range(bound: float, metric: MetricName | None) -> str | None:
    """What is wrong with a bound, and how to mend it."""
    if metric is not None and metric.unbounded:
        if bound >= 0:
            return None
        return (
            f"the goal for {metric.value} is {bound:g}; a number of marks is 0 or more|"
            "write a number of marks a case, as `below: 0.5`"
        )
    if not -1 <= bound <= 1:
        percent = f"write {bound / 100:g} for {bound:g} %" if 1 < bound <= 100 else ""
        return (
            f"the goal is {bound:g}; a proportion lies between 0 and 1|"
            f"{percent or 'write a number between 0 and 1'}"
        )
    if bound < 0 and metric is not None and not metric.signed:
        return (
            f"the goal for {metric.value} is {bound:g}; a proportion lies between 0 and 1|"
            "write a number between 0 and 1; only differences can lie below 0"
        )
    return None


class Endpoint(Declared):
    """A metric with its goal, named before the data are opened."""

    metric: MetricName
    """The measure."""
    goal: Goal
    """The bound that its interval must clear."""

    @field_validator("goal")
    @classmethod
    def _goal_in_range(cls, goal: Goal, info: ValidationInfo) -> Goal:
        return in_range(goal, info.data.get("metric"))


class ClaimEndpoint(Endpoint):
    """A metric of a claim with its goal; of readers, of one condition against another."""

    condition: Text | None = None
    """Of a metric of readers: the reading condition, as the study's table writes it; the aided one
    if not given."""
    against: Text | None = None
    """Condition that it is held against; the unaided one if not given."""

    @model_validator(mode="after")
    def _of_conditions(self) -> Self:
        named = self.condition or self.against
        if named and (not self.metric.of_readers or self.metric.against_readers):
            raise ValueError(
                f"D042|{self.metric.value} is measured in no reading condition, and the endpoint "
                f"names '{named}'|take `condition` and `against` away"
            )
        if self.condition is not None and self.condition == self.against:
            raise ValueError(
                f"D040|an endpoint holds the condition '{self.condition}' against itself|"
                "name the one compared under `condition`, the other under `against`"
            )
        return self

    @model_serializer(mode="wrap")
    def _as_declared(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without conditions that are not named, so that claims keep the seals they have."""
        found: dict[str, Any] = handler(self)
        unnamed = {key for key in ("condition", "against") if getattr(self, key) is None}
        return {key: one for key, one in found.items() if key not in unnamed}

    @property
    def pair(self) -> str:
        """`, with score less unaided`; empty where it is of the aided and the unaided condition."""
        return pair_words(self.condition, self.against)


def pair_words(condition: str | None, against: str | None) -> str:
    """The conditions that an endpoint names, as they follow its metric in a sentence."""
    if condition is None and against is None:
        return ""
    return f", {condition or 'aided'} less {against or 'unaided'}"


def _form(value: Any) -> str | None:
    """Which of its three forms a dimension of the scope is written in."""
    if isinstance(value, dict | Range):
        return "range"
    if isinstance(value, list | tuple):
        return "levels"
    return "any" if value == "any" else None


ScopeValue = Annotated[
    Annotated[Literal["any"], Tag("any")]
    | Annotated[Range, Tag("range")]
    | Annotated[tuple[Level, ...], Field(min_length=1), Tag("levels")],
    Discriminator(_form, custom_error_type="scope_form", custom_error_message="scope_form"),
]
"""Levels of a dimension, a range of it, or `any`: also levels that were not seen yet."""


class Multiplicity(StrEnum):
    """How the error of claiming many levels at once is kept."""

    HOLM = "holm"
    BONFERRONI = "bonferroni"
    FIXED_SEQUENCE = "fixed-sequence"


PAIR = " x "
"""Between two dimensions of an order: `site x sex`."""


class Claim(Declared):
    """One sentence that the labeling makes, and what must be shown for it.

    A dimension absent from `scope` is undeclared, which is not the same as `any`.
    """

    id: Identifier
    """Identifier, unique in the dossier."""
    text: Text
    """The sentence."""
    scope: dict[str, ScopeValue] = Field(default_factory=dict)
    """Population and acquisition dimensions that the sentence covers."""
    endpoints: Annotated[tuple[ClaimEndpoint, ...], Field(min_length=1)]
    """What must be shown, and how well."""
    studies: tuple[Identifier, ...] = ()
    """Studies that serve it; none yet is a gap, reported later, not an error."""
    multiplicity: Multiplicity = Multiplicity.HOLM
    """How the levels of the scope, and their pairs, are tested together."""
    order: tuple[Text, ...] = ()
    """For a fixed sequence: dimensions, and pairs of them (`site x sex`), first to last."""
    use_prevalence: tuple[Proportion, ...] = ()
    """Prevalences of the condition where the device is to be used, for predictive values."""

    @model_validator(mode="after")
    def _order_of_dimensions(self) -> Self:
        if (self.multiplicity is Multiplicity.FIXED_SEQUENCE) != bool(self.order):
            raise ValueError(
                "D035|an order of dimensions and a fixed sequence go together|"
                "write both `multiplicity: fixed-sequence` and `order: [..]`, or neither"
            )
        for step in self.order:
            absent = [one for one in step.split(PAIR) if one not in self.scope]
            if absent or len(step.split(PAIR)) > 2:
                known = ", ".join(self.scope) or "none"
                raise ValueError(
                    f"D035|order names '{step}', which is no dimension of the scope, nor two|"
                    f"dimensions there: {known}; two are written `one x other`"
                )
        if len(set(self.order)) < len(self.order):
            raise ValueError("D035|order names a dimension twice|write each once")
        return self


class Claims(Declared):
    """All claims of the dossier."""

    claims: tuple[Claim, ...]
    """The claims, in the order in which labeling makes them."""
