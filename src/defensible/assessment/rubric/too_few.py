"""Corners of the declared scope with too few cases to say anything, named with their counts.

A level with fewer than ten cases of a class has an interval too wide for most goals; two levels
together can be nearly empty where neither is alone.
"""

from defensible.assessment.basis import Basis, counted
from defensible.assessment.result import Need
from defensible.dossier.claims import Claim
from defensible.evidence.finding import OVERALL, Measurement, StudyResult

FEW = 10


def corners(basis: Basis) -> dict[str, Need]:
    """What to say of each such corner, and what would close it; the thinnest pairs last."""
    found: dict[str, Need] = {}
    for claim in basis.dossier.claims:
        for result in basis.results:
            if any(one.claim == claim.id for one in result.findings):
                for name, count in (_levels(claim, result) | _pairs(claim, result)).items():
                    found.setdefault(f"{name} ({count})", _need(basis, claim, name, count))
    return found


def _levels(claim: Claim, result: StudyResult) -> dict[str, str]:
    """`site Switzerland`: `8 healthy`."""
    strata = {
        one.measurement.stratum: one.measurement
        for one in result.findings
        if one.claim == claim.id and one.measurement.stratum != OVERALL
    }
    return {
        str(stratum): _class(one)
        for stratum, one in strata.items()
        if stratum.levels[0][0] in claim.scope and one.n_cases and one.fewest < FEW
    }


def _class(one: Measurement) -> str:
    if not one.n_diseased + one.n_healthy:
        return counted(one.n_cases, "case")
    healthy = one.n_healthy < one.n_diseased
    return f"{one.n_healthy} healthy" if healthy else f"{one.n_diseased} diseased"


def _pairs(claim: Claim, result: StudyResult) -> dict[str, str]:
    """`site VA Long Beach × sex female`: `6 cases`; pairs without a case are not a stratum yet."""
    thin = [
        one
        for one in result.crossed
        if 0 < one.n_cases < FEW and all(name in claim.scope for name, _ in one.stratum.levels)
    ]
    return {
        " × ".join(f"{name} {level}" for name, level in one.stratum.levels): counted(
            one.n_cases, "case"
        )
        for one in sorted(thin, key=lambda one: -one.n_cases)
    }


def _need(basis: Basis, claim: Claim, name: str, count: str) -> Need:
    return Need(
        kind="generalization",
        what=f"{claim.id} has too few for {name}: {count}",
        close=f"add cases of {name}, or take it out of {claim.id}",
        links=(basis.identified(claim.id),),
    )
