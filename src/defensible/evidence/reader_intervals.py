"""Which intervals a reader study's plan asks for where readings, not areas, are counted.

Automation bias by the method that the plan names, reading time and decisions of repeated patients
by their linearized variance; readers or cases are fixed where the plan says so, in all of them.
"""

from defensible.dossier.reader_study import BiasMethod, ReaderAnalysis, Sample
from defensible.statistics import two_way_bootstrap, two_way_spread
from defensible.statistics.automation_bias import Intervals
from defensible.statistics.two_way import Linear
from defensible.statistics.two_way_bootstrap import Bootstrap, Draw
from defensible.statistics.two_way_spread import SpreadOf

_Samples = tuple[Sample, Sample]
_RANDOM: _Samples = (Sample.RANDOM, Sample.RANDOM)
_READERS_FIXED: _Samples = (Sample.FIXED, Sample.RANDOM)
_CASES_FIXED: _Samples = (Sample.RANDOM, Sample.FIXED)
_LINEARIZED: dict[_Samples, SpreadOf] = {
    _RANDOM: two_way_spread.linearized,
    _READERS_FIXED: two_way_spread.readers_fixed,
    _CASES_FIXED: two_way_spread.cases_fixed,
}
_U_STATISTICS: dict[_Samples, SpreadOf] = {
    _RANDOM: two_way_spread.u_statistic,
    _READERS_FIXED: two_way_spread.u_readers_fixed,
    _CASES_FIXED: two_way_spread.u_cases_fixed,
}
_WORDS: dict[_Samples, str] = {
    _RANDOM: "readers, patients",
    _READERS_FIXED: "patients; readers fixed",
    _CASES_FIXED: "readers; cases fixed",
}
_DRAWN: dict[_Samples, Draw] = {
    _RANDOM: two_way_bootstrap.both,
    _READERS_FIXED: two_way_bootstrap.patients,
    _CASES_FIXED: two_way_bootstrap.readers,
}


def spread_of(plan: ReaderAnalysis) -> SpreadOf:
    """The linearized variance of what the plan takes as random."""
    return _LINEARIZED[plan.readers, plan.cases]


def of_bias(plan: ReaderAnalysis) -> Intervals:
    """The intervals of automation bias.

    Raises
    ------
    ValueError
        A bootstrap without a seed.
    """
    if plan.automation_bias is BiasMethod.LINEARIZED:
        return Linear(spread_of=spread_of(plan))
    if plan.automation_bias is BiasMethod.U_STATISTIC:
        return Linear(spread_of=_U_STATISTICS[plan.readers, plan.cases])
    if plan.seed is None:
        raise ValueError("the bootstrap needs a seed")
    return Bootstrap(
        n_replicates=plan.replicates,
        seed=plan.seed,
        draw=_DRAWN[plan.readers, plan.cases],
        spread_of=spread_of(plan),
        drawn=_WORDS[plan.readers, plan.cases],
    )


def words(plan: ReaderAnalysis) -> str:
    """The method of automation bias, as the plan names it and a report says it."""
    random = _WORDS[plan.readers, plan.cases]
    match plan.automation_bias:
        case BiasMethod.LINEARIZED:
            return f"linearized ({random})"
        case BiasMethod.U_STATISTIC:
            return f"U-statistics on each subset ({random})"
        case BiasMethod.BOOTSTRAP:
            return f"MRMC bootstrap ({random}), {plan.replicates:,} replicates, seed {plan.seed}"
