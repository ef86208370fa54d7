"""How much evidence an endpoint needs, as values."""

from dataclasses import dataclass

from defensible.dossier.claims import Goal, MetricName
from defensible.evidence.finding import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class CellNeeded:
    """One cell of a claim's scope: what is there, and how many are short of the minimum.

    Attributes
    ----------
    name : str
        `site Hungary`, `site Hungary x sex female`.
    answer : Answer
        Of all endpoints of the claim there, among all its cells.
    there_diseased, there_healthy, there_others : int or None
        Cases there; `others` are cases of whatever class, or patients. None where the endpoint is
        not of them.
    short_diseased, short_healthy, short_others : int or None
        How many are short; 0 where the minimum is reached, None also where none is known.
    expected : float
        What is taken to be true there.
    expected_at : str
        Level of `plan.yaml` that says so; empty where it is what is expected over all cases.
    needed_diseased, needed_healthy, needed_others : int or None
        The cell's own minimum; None of all where what is expected does not clear the goal.
    measured, low, high : float or None
        What was measured there, with its interval.
    doubted : bool
        Whether that whole interval is worse than what is expected.
    if_measured : int or None
        Of a doubted cell, the minimum if what was measured is true, of the metric's own class (of
        each class for an AUC); None where that does not clear the goal.
    """

    name: str
    answer: Answer
    there_diseased: int | None
    there_healthy: int | None
    there_others: int | None
    short_diseased: int | None
    short_healthy: int | None
    short_others: int | None
    expected: float
    expected_at: str
    needed_diseased: int | None
    needed_healthy: int | None
    needed_others: int | None
    measured: float | None
    low: float | None
    high: float | None
    doubted: bool
    if_measured: int | None

    @property
    def costly(self) -> bool:
        """Whether it is doubted and its finding, were it true, would take more than planned."""
        needed = (self.needed_diseased, self.needed_healthy, self.needed_others)
        planned = max((one for one in needed if one is not None), default=None)
        if not self.doubted or planned is None:
            return False
        return self.if_measured is None or self.if_measured > planned

    @property
    def out_of_reach(self) -> bool:
        """Whether no number of cases will do at what is expected there."""
        return self.needed_diseased is self.needed_healthy is self.needed_others is None

    @property
    def short(self) -> int:
        """How many are short, of all classes together."""
        return (self.short_diseased or 0) + (self.short_healthy or 0) + (self.short_others or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """How much evidence one endpoint needs, or what must be known before that can be said.

    Attributes
    ----------
    claim : str or None
        None where an obligation asks and no claim does.
    metric : MetricName or None
        None where what is asked for is no metric (a number of sites).
    goal : Goal or None
        None where no goal is declared.
    part : str
        "overall", "each cell of the scope", "a site not yet seen", "reader study", ...
    expected : float or None
        What is taken to be true; None where nothing says.
    source : str
        Where that comes from.
    n_diseased, n_healthy : int or None
        Cases needed by class; None where the endpoint needs none of them, or it is open.
    n_cases : int or None
        Cases of whatever class, as they come.
    n_patients : int or None
        Patients, where each counts once.
    n_screened, n_screened_surely : int or None
        People to be seen for that many on average, at the prevalence, with drop-outs; and so that
        there are as many with a chance of nine in ten.
    n_sites, n_readers, n_participants : int or None
        Where the part is of sites, readers or users.
    power, level : float or None
        At that number; level of the two-sided interval.
    method : str
        By its name in the field.
    why : str
        Why it is open and which number to give where, or what it assumes.
    sensitivity : tuple of (float, int or None)
        The number for other expected values: how far it moves.
    frontier : tuple of (int, int or None)
        Readers, and the cases that so many take; None where no number of cases will do.
    cells : tuple of CellNeeded
        Cells that the number is the minimum of, each with what is there.
    against : str or None
        The other device, in a comparison.
    asked_by : tuple of str
        Obligations that ask for it, by id.
    pair : str
        Reading conditions that the endpoint names, as they follow its metric; empty for none.
    """

    claim: str | None
    metric: MetricName | None
    goal: Goal | None
    part: str
    expected: float | None
    source: str
    n_diseased: int | None = None
    n_healthy: int | None = None
    n_cases: int | None = None
    n_patients: int | None = None
    n_screened: int | None = None
    n_screened_surely: int | None = None
    n_sites: int | None = None
    n_readers: int | None = None
    n_participants: int | None = None
    power: float | None = None
    level: float | None = None
    method: str = ""
    why: str = ""
    sensitivity: tuple[tuple[float, int | None], ...] = ()
    frontier: tuple[tuple[int, int | None], ...] = ()
    cells: tuple[CellNeeded, ...] = ()
    against: str | None = None
    asked_by: tuple[str, ...] = ()
    pair: str = ""
