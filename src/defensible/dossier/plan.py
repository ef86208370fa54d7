"""`plan.yaml`: team, start and durations of the work that remains."""

from datetime import date
from difflib import get_close_matches
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from defensible.dossier.days_off import Holidays
from defensible.dossier.declared import Day, Declared, Number, Proportion, Text, Whole
from defensible.dossier.plan_evidence import (
    OF_A_CASE,
    Clusters,
    Comparison,
    ExpectedAt,
    ExpectedMetric,
    ExpectedValues,
    Lesions,
    Marks,
    ReadersExpected,
)
from defensible.dossier.vocabulary import Market

MOST_DAYS = 100_000
"""Of one duration: past any plan, and near enough to be a date."""
KINDS_OF_WORK = (
    "intended-use",
    "model-artifact",
    "description",
    "pathway",
    "claims",
    "labeling",
    "risk-analysis",
    "freeze",
    "protocol",
    "data",
    "engineering-evidence",
    "sign-off",
    "clinical-evidence",
    "generalization",
    "risk-control",
    "human-factors",
    "overall-risk",
    "claims-defended",
    "package",
    "decision",
)
"""Every kind of work that a gap can ask for."""


def _known(kind: str) -> str:
    if kind in KINDS_OF_WORK:
        return kind
    near = get_close_matches(kind, KINDS_OF_WORK, n=1)
    hint = f"did you mean '{near[0]}'? " if near else ""
    raise ValueError(
        f"D050|there is no kind of work '{kind[:40]}'|{hint}All kinds: docs/problems/D050"
    )


MARKETS = (*(one.value for one in Market), "unnamed")
"""Whose review or answer can be given: a market, or the one planned where none is declared."""


def _market(name: str) -> str:
    if name in MARKETS:
        return name
    near = get_close_matches(name, MARKETS, n=1)
    hint = f"did you mean '{near[0]}'? " if near else ""
    raise ValueError(f"D008|there is no market '{name[:40]}'|{hint}There are: {', '.join(MARKETS)}")


ReviewedMarket = Annotated[str, AfterValidator(_market)]
KindOfWork = Annotated[str, AfterValidator(_known)]


class TeamMember(Declared):
    """A role in the team."""

    role: Text
    """Role (not the name)."""
    people: Annotated[Whole, Field(ge=1, le=100_000)] = 1
    """How many."""
    rate: Annotated[Number, Field(ge=0, le=1e9)] | None = None
    """Cost of one person's working day, in the currency of your choice."""


class Duration(Declared):
    """A three-point estimate in working days."""

    low: Annotated[Number, Field(ge=0)]
    """If all goes well."""
    likely: Annotated[Number, Field(le=MOST_DAYS)]
    """As a rule."""
    high: Annotated[Number, Field(le=MOST_DAYS)]
    """If it goes badly."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.likely <= self.high:
            raise ValueError(
                f"D027|{self.low:g}, {self.likely:g}, {self.high:g} days are not in order|"
                "write `low` no more than `likely`, and `likely` no more than `high`"
            )
        return self


class Plan(Declared):
    """The plan."""

    start: Day | None = None
    """First working day."""
    holidays: Holidays = ()
    """Days on which nobody works, beside Saturdays and Sundays: days, or stretches of days."""
    team: tuple[TeamMember, ...] = ()
    """Who does the work."""
    durations: dict[KindOfWork, Duration] = Field(default_factory=dict)
    """Working days by kind of gap, where they differ from the defaults."""
    owners: dict[KindOfWork, Text] = Field(default_factory=dict)
    """Role that does the work, by kind of gap, where it differs from the defaults."""
    late_change: Proportion | None = None
    """Chance that the intended use changes after the evidence was gathered."""
    reviews: dict[ReviewedMarket, Duration] = Field(default_factory=dict)
    """Calendar days of a regulator's review, by market."""
    feedback: dict[ReviewedMarket, Duration] = Field(default_factory=dict)
    """Calendar days until a regulator answers which pathway it is, by market."""
    expected: ExpectedValues = Field(default_factory=dict)
    """What performance is expected to be true, by metric; it sets how many cases are needed."""
    expected_at: tuple[ExpectedAt, ...] = ()
    """What is expected at single levels of the scope, where it is another than over all cases."""
    spread: dict[ExpectedMetric, Annotated[Number, Field(gt=0)]] = Field(default_factory=dict)
    """Standard deviation of a figure: mean_dice, relative_bias, false_marks_per_case."""
    power: Annotated[Number, Field(gt=0, lt=1)] = 0.8
    """Chance, of each endpoint alone, that its interval clears the goal."""
    prevalence: Annotated[Number, Field(gt=0, lt=1)] | None = None
    """Share of diseased among those screened for a study."""
    drop_out: Annotated[Number, Field(ge=0, lt=1)] = 0.0
    """Share of cases that will be lost or cannot be used."""
    site_sd: Annotated[Number, Field(gt=0)] | None = None
    """Standard deviation between sites, on the logit scale."""
    site_spread: dict[ExpectedMetric, Annotated[Number, Field(gt=0)]] = Field(default_factory=dict)
    """Standard deviation between sites: of a mean, or of the logarithm of false_marks_per_case."""
    site_width: Annotated[Number, Field(gt=0, lt=1)] | None = None
    """Widest prediction for a site not yet seen, from limit to limit, that is still of use."""
    cases_per_site: Annotated[Whole, Field(ge=1)] | None = None
    """Cases of each class at a site; patients, where a mean is predicted."""
    clusters: Clusters | None = None
    """Patients who bring several cases; without it what the study shows, else one case each."""
    lesions: Lesions | None = None
    """Lesions of a case that has any, where a device or readers mark them."""
    marks: Marks | None = None
    """What the device marks alone, where its wAFROC is asked for."""
    comparisons: tuple[Comparison, ...] = ()
    """Comparisons with another device on the same cases."""
    readers: ReadersExpected = ReadersExpected()
    """A reader study to come."""

    @model_validator(mode="after")
    def _spread_of_figures(self) -> Self:
        for metric in (*self.spread, *self.site_spread):
            if metric not in OF_A_CASE:
                raise ValueError(
                    f"D054|{metric.value} has no standard deviation of its own to plan with|"
                    f"write it for {' or '.join(one.value for one in OF_A_CASE)}"
                )
        return self

    @model_validator(mode="after")
    def _each_level_once(self) -> Self:
        seen: set[tuple[str, str]] = set()
        for one in self.expected_at:
            if one.of in seen:
                raise ValueError(
                    f"D054|{one.dimension} {one.level} stands twice in expected_at|"
                    "write each level once, with all its metrics"
                )
            seen.add(one.of)
        return self

    @property
    def days_off(self) -> tuple[date, ...]:
        """Every day of the holidays, in order."""
        return tuple(sorted({one for stretch in self.holidays for one in stretch.days}))

    @model_validator(mode="after")
    def _owners_in_the_team(self) -> Self:
        roles = [one.role for one in self.team]
        for kind, role in self.owners.items():
            if role not in roles:
                raise ValueError(
                    f"D051|'{role[:60]}' is to do {kind}, and is not in the team|"
                    f"add the role to `team`, or name one there: {', '.join(roles) or 'none'}"
                )
        return self
