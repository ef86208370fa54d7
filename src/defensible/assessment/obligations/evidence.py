"""Obligations that studies and their findings answer."""

from defensible.assessment.basis import Basis, counted, listed
from defensible.assessment.obligations.found import Found, lacking, met, missing, partly
from defensible.assessment.result import OVERALL_DIMENSION
from defensible.dossier.reader_study import ReaderStudy
from defensible.dossier.studies import Sampling
from defensible.evidence.finding import Answer, Presence, StudyResult
from defensible.regulation import Obligation


def _serving(basis: Basis) -> list[StudyResult]:
    """Studies that serve a claim."""
    return [one for one in basis.results if one.findings]


def study(basis: Basis, obligation: Obligation) -> Found:
    """A study of one of the kinds, whose findings are all supported."""
    kinds = obligation.check.kinds
    of_kind = [one for one in basis.dossier.studies if one.kind in kinds]
    unseen = [one.id for one in of_kind if isinstance(one, ReaderStudy) and not one.shows_output]
    named = {one.id: one.kind for one in of_kind if one.id not in unseen}
    words = " or ".join(kinds)
    if unseen and not named:
        return missing(
            f"in {listed(unseen)} nobody reads with the device's output",
            f"plan and run a {words} study with readers who see it",
        )
    if not named:
        return missing(f"there is no {words} study", f"plan and run a {words} study")
    results = [one for one in basis.results if one.study in named]
    weak = [
        one.study
        for one in results
        if any(each.answer is not Answer.SUPPORTED for each in one.findings if not _strata(each))
        or any(not each.met for each in one.criteria)
    ]
    told = listed([f"{name} ({kind})" for name, kind in named.items()])
    aimless = [
        one.study
        for one in results
        if not one.findings and not one.criteria and one.usability is None
    ]
    if aimless:
        return partly(
            f"{told}; no goal is set for {listed(aimless)}",
            f"name criteria in the protocol of {listed(aimless)}, or the claim that it serves",
        )
    if weak:
        return partly(
            f"{told}; its goals are not met overall in {listed(weak)}",
            f"meet the goals of {listed(weak)}, or narrow the claims",
        )
    return met(f"{told}: goals met overall")


def _strata(finding: object) -> bool:
    measurement = getattr(finding, "measurement", None)
    return bool(measurement is not None and measurement.stratum.levels)


def endpoints(basis: Basis, obligation: Obligation) -> Found:
    """Each metric is estimated, with its interval, in a study that serves a claim."""
    asked = obligation.check.metrics
    measured = {
        one.metric.value
        for result in _serving(basis)
        for one in result.measurements
        if one.estimate is not None and not one.stratum.levels
    }
    absent = [name for name in asked if name not in measured]
    if not absent:
        return met(f"{listed(list(asked), most=8)} estimated with intervals")
    close = f"measure {listed(absent)} in a study that serves a claim"
    return lacking(absent, asked, f"{listed(absent)} not estimated", close)


def claims_supported(basis: Basis, obligation: Obligation) -> Found:
    """Every claim is supported overall."""
    del obligation
    if not basis.dossier.claims:
        return missing("there is no claim", "write the claims")
    overall = [one for one in basis.cells if one.dimension == OVERALL_DIMENSION]
    open_ = [one.claim for one in overall if one.answer is not Answer.SUPPORTED]
    if not open_:
        return met(f"{counted(len(overall), 'claim')} supported overall")
    close = f"settle {listed(open_)}, or narrow what is claimed"
    if len(open_) == len(overall):
        return missing(f"{listed(open_)} not supported overall", close)
    return partly(f"{listed(open_)} not supported overall", close)


def criteria_met(basis: Basis, obligation: Obligation) -> Found:
    """Acceptance criteria that were named beforehand are met."""
    del obligation
    found = [one for _, one in basis.criteria]
    if not found:
        return missing("no acceptance criterion is declared", "name them in a study's protocol")
    failed = sum(not one.met for one in found)
    if not failed:
        return met(f"{counted(len(found), 'acceptance criterion', 'acceptance criteria')} met")
    return partly(f"{failed} of {len(found)} acceptance criteria not met", "meet them")


def held_out(basis: Basis, obligation: Obligation) -> Found:
    """Each study that serves a claim shows that no development case is among its cases."""
    del obligation
    serving = _serving(basis)
    if not serving:
        return missing("no study serves a claim", "run one on cases kept apart")
    unshown = [one.study for one in serving if one.held_out is None]
    shared = [one.study for one in serving if one.held_out and one.held_out.n_shared]
    if shared:
        return missing(f"development cases are among those of {listed(shared)}", "take them out")
    if unshown:
        close = f"name the development cases in {listed(unshown)} (hashed ones will do)"
        return partly(f"nothing shows it for {listed(unshown)}", close)
    return met("no identifier of development is among the studies'")


def sampling(basis: Basis, obligation: Obligation) -> Found:
    """Each study that serves a claim says how its cases were sampled."""
    del obligation
    serving = _serving(basis)
    if not serving:
        return missing("no study serves a claim", "run one")
    silent = [one.study for one in serving if one.sampling is None]
    if silent:
        return partly(f"{listed(silent)} does not say it", "declare `sampling`")
    told = listed([f"{one.study}: {one.sampling.value}" for one in serving if one.sampling], most=6)
    if any(one.sampling is Sampling.CONVENIENCE for one in serving):
        return partly(told, "sample consecutively, at random, or by a stated scheme")
    return met(told)


def strata(basis: Basis, obligation: Obligation) -> Found:
    """Results are given by each dimension, in a study that serves a claim."""
    seen = {
        one.name
        for result in _serving(basis)
        for one in result.dimensions
        if any(n for _, n in one.levels)
    }
    asked = obligation.check.dimensions
    absent = [name for name in asked if name not in seen]
    if not absent:
        return met(f"by {listed(list(asked))}")
    close = f"part the cases by {listed(absent)} in the protocol"
    return lacking(absent, asked, f"no results by {listed(absent)}", close)


def sites(basis: Basis, obligation: Obligation) -> Found:
    """Cases come from so many sites."""
    wanted = obligation.check.at_least or 1
    seen = {
        level
        for result in _serving(basis)
        for one in result.dimensions
        if one.name == "site"
        for level, n in one.levels
        if n
    }
    if len(seen) >= wanted:
        return met(counted(len(seen), "site"))
    reason = f"{counted(len(seen), 'site')} of {wanted}"
    close = f"add cases from {counted(wanted - len(seen), 'further site')}"
    return partly(reason, close) if seen else missing(reason, close)


def failures_counted(basis: Basis, obligation: Obligation) -> Found:
    """Cases without an answer of the device are counted in each study that serves a claim."""
    del obligation
    serving = _serving(basis)
    known = [
        one
        for result in serving
        for one in result.confounders
        if one.kind == "indeterminate results" and one.presence is not Presence.NOT_SHOWN
    ]
    if serving and len(known) == len(serving):
        return met(listed([one.said.rstrip(".") for one in known], most=2))
    if not serving:
        return missing("no study serves a claim", "run one")
    return partly("not counted in every study", "declare the rule for a positive output")
