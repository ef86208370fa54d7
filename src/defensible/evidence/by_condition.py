"""The conditions of a reader study's result, each held against the unaided one."""

from defensible.dossier.claims import MetricName
from defensible.evidence.finding import Measurement, OfCondition, StudyResult


def by_condition(result: StudyResult) -> tuple[OfCondition, ...]:
    """The aided condition, then the others; nothing where nobody reads with the output."""
    found = result.readers
    if found is None or len(found.conditions) == 1:
        return ()
    aided = OfCondition(
        condition=found.conditions[1],
        shows_device=True,
        measurements=result.measurements,
        figures=found.figures,
        curves=tuple(one for one in found.curves if one.aided),
        wafroc_curves=tuple(one for one in found.wafroc_curves if one.aided),
        times=tuple(one for one in found.times if one.aided),
        conditional=found.conditional,
        interactions=found.interactions,
        joint_interactions=found.joint_interactions,
        break_even=found.break_even,
        break_even_why=found.break_even_why,
    )
    return (aided, *result.others)


def compared(result: StudyResult, condition: str | None, against: str | None) -> OfCondition | None:
    """The condition that an endpoint means, where it is held against the unaided one.

    Parameters
    ----------
    condition, against : str or None
        As the endpoint names them; None is the aided and the unaided condition.
    """
    unaided = None if result.readers is None else result.readers.conditions[0]
    if against not in {None, unaided}:
        return None
    return next((one for one in by_condition(result) if condition in {None, one.condition}), None)


def overall(
    result: StudyResult, metric: MetricName, condition: str | None, against: str | None
) -> Measurement | None:
    """What a study measured on all cases for an endpoint; conditions as in `compared`."""
    if condition is None and against is None:
        return result.measurement(metric)
    side = compared(result, condition, against)
    return None if side is None else side.measurement(metric)
