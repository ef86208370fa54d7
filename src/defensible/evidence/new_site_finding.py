"""What a study says of a site not yet seen: a prediction for one metric, or for two together."""

from dataclasses import dataclass

from defensible.dossier.claims import MetricName
from defensible.statistics.estimate import Estimate

MEANS = frozenset({MetricName.MEAN_DICE, MetricName.RELATIVE_BIAS})
"""Metrics that are means of a figure a case, and no shares of cases."""
SCALES = {
    **dict.fromkeys(MEANS, "mean"),
    MetricName.FALSE_MARKS_PER_CASE: "log",
    MetricName.WAFROC: "logit",
}
"""Metrics that are predicted for a new site without a prior, and the scale of sites."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutSite:
    """The average site once one site is left out."""

    site: str
    average: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSite:
    """What to expect of one metric at a site not yet seen: a prediction interval."""

    metric: MetricName
    estimate: Estimate
    """Mean over sites; `low` and `high` are the limits of the prediction for one new site."""
    n_sites: int
    between_site_sd: float
    """Between-site standard deviation on `scale`."""
    left_out: tuple[str, ...]
    """Sites whose data could not enter, with the reason."""
    average: Estimate | None = None
    """The average site (Hartung, Knapp, Sidik and Jonkman); None with one site."""
    i2: float | None = None
    """Share of a typical site's variance that lies between sites."""
    q_p: float | None = None
    """p-value of Cochran's Q: of sites that are all alike."""
    influence: tuple[WithoutSite, ...] = ()
    """The average without each site in turn, the site that moves it most first."""

    @property
    def scale(self) -> str:
        """The scale on which sites are taken as normal: `logit`, `log`, or the `mean` itself."""
        return SCALES.get(self.metric, "logit")


@dataclass(frozen=True, slots=True, kw_only=True)
class JointNewSite:
    """Sensitivity and specificity of the average and of a new site, together (Reitsma)."""

    sensitivity: Estimate
    specificity: Estimate
    further_sensitivity: Estimate
    further_specificity: Estimate
    correlation: float | None
    """Between sites, on the logit scale; below 0 where sites trade one for the other."""
    n_sites: int
