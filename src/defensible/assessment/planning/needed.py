"""How much evidence an endpoint needs, as values."""

from dataclasses import dataclass

from defensible.dossier.claims import Goal, MetricName


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """How much evidence one endpoint of a claim needs, in all cases or in a cell of the scope.

    Attributes
    ----------
    part : str
        "overall", "each cell of the scope", "a site not yet seen" or "reader study".
    expected : float or None
        What is taken to be true; None where nothing says.
    source : str
        Where that comes from.
    n_diseased, n_healthy : int or None
        Cases needed; None where the endpoint needs none of them, or it is open.
    n_screened : int or None
        People to be seen for that many diseased, at the prevalence, with drop-outs.
    n_sites : int or None
        Sites, where the part is a site not yet seen.
    power, level : float
        At that number; level of the two-sided interval.
    method : str
        By its name in the field.
    why : str
        Why it is open, or what it assumes.
    sensitivity : tuple of (float, int or None)
        The number for other expected values: how far it moves.
    """

    claim: str
    metric: MetricName
    goal: Goal
    part: str
    expected: float | None
    source: str
    n_diseased: int | None = None
    n_healthy: int | None = None
    n_screened: int | None = None
    n_sites: int | None = None
    power: float | None = None
    level: float | None = None
    method: str = ""
    why: str = ""
    sensitivity: tuple[tuple[float, int | None], ...] = ()
