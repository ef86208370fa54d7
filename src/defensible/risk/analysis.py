"""ISO 14971:2019, clauses 4 to 6: the plan's criteria, hazards, estimates, evaluation.

One function a requirement: what misses it. An empty answer is the only way to hold it.
"""

from defensible.risk.file import File, Miss
from defensible.risk.matrix import cell, holes
from defensible.risk.modes import answers

NO_POLICY = Miss(why="no policy for risk acceptability")


def policy(file: File) -> tuple[Miss, ...]:
    """A policy without scales and a matrix decides nothing."""
    return () if file.policy is not None else (NO_POLICY,)


def matrix(file: File) -> tuple[Miss, ...]:
    """Pairs of severity and probability for which the policy says nothing."""
    if file.policy is None:
        return (NO_POLICY,)
    return tuple(Miss(item=one) for one in holes(file.policy))


def overall_criteria(file: File) -> tuple[Miss, ...]:
    """Criteria for overall residual risk, without which nobody can judge it later."""
    named = file.policy is not None and file.policy.overall_criteria is not None
    return () if named else (Miss(why="no criteria for overall residual risk"),)


def some_analysis(file: File) -> tuple[Miss, ...]:
    """A file that names no hazard, or follows none to harm."""
    done = file.risks.hazards and file.risks.risks
    return () if done else (Miss(why="no hazard is analysed"),)


def every_hazard(file: File) -> tuple[Miss, ...]:
    """Hazards that lead to no analysed risk."""
    analysed = {risk.hazard for risk in file.risks.risks}
    return tuple(Miss(item=one.id) for one in file.risks.hazards if one.id not in analysed)


def estimated(file: File) -> tuple[Miss, ...]:
    """Risks whose severity and probability before control are not estimated."""
    return tuple(
        Miss(item=one.id) for one in file.risks.risks if cell(file.policy, one.initial) is None
    )


def controlled(file: File) -> tuple[Miss, ...]:
    """Risks that the policy does not accept as they are, and that nothing controls."""
    return tuple(
        Miss(item=one.id)
        for one in file.risks.risks
        if file.needs_control(one) and not one.controls
    )


def modes(file: File) -> tuple[Miss, ...]:
    """Failure modes of the catalogue that no risk addresses and no person has set aside."""
    return tuple(Miss(item=one.mode.mode.id) for one in answers(file.dossier) if one.open)
