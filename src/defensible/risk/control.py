"""ISO 14971:2019, clauses 7 and 8: controls, their verification, residual risk, the whole.

One function a requirement: what misses it. An empty answer is the only way to hold it.
"""

from defensible.dossier.risks import Acceptability, ControlKind, Reduces, Risk
from defensible.risk.file import File, Miss
from defensible.risk.matrix import lower
from defensible.risk.verification import carries, demonstrated, implemented


def beyond_information(file: File) -> tuple[Miss, ...]:
    """Risks that words alone are meant to control, without a reason why nothing better can."""
    return tuple(
        Miss(item=one.id)
        for one in file.risks.risks
        if file.needs_control(one)
        and one.controls
        and one.information_alone is None
        and all(each.kind is ControlKind.INFORMATION for each in file.controls_of(one))
    )


def used(file: File) -> tuple[Miss, ...]:
    """Controls that no risk names."""
    named = {name for one in file.risks.risks for name in one.controls}
    return tuple(Miss(item=one.id) for one in file.risks.controls if one.id not in named)


def implementation(file: File) -> tuple[Miss, ...]:
    """Controls that are not shown to be there."""
    answers = [(one, implemented(one, file.dossier, file.results)) for one in file.risks.controls]
    return tuple(Miss(item=one.id, why=it.why) for one, it in answers if not it.holds)


def effectiveness(file: File) -> tuple[Miss, ...]:
    """Controls that are not shown to work."""
    answers = [
        (one, demonstrated(one.effectiveness, file.dossier, file.results))
        for one in file.risks.controls
    ]
    return tuple(Miss(item=one.id, why=it.why) for one, it in answers if not it.holds)


def residual(file: File) -> tuple[Miss, ...]:
    """Risks of which nobody says what is left."""
    return tuple(Miss(item=one.id) for one in file.risks.risks if file.residual_cell(one) is None)


def earned(file: File) -> tuple[Miss, ...]:
    """Residual estimates lower than their controls can make them."""
    wishful = [(one, _wishful(file, one)) for one in file.risks.risks]
    return tuple(
        Miss(item=one.id, why=f"no control of it reduces {' or '.join(steps)}")
        for one, steps in wishful
        if steps
    )


def _wishful(file: File, risk: Risk) -> list[str]:
    """The scales on which the residual estimate is lower without a control that lowers it."""
    if file.policy is None or risk.initial is None or risk.residual is None:
        return []
    reduced = {kind for control in file.controls_of(risk) for kind in control.reduces}
    severity = tuple(step.name for step in file.policy.severity)
    probability = tuple(step.name for step in file.policy.probability)
    steps = (
        (Reduces.SEVERITY, severity, risk.initial.severity, risk.residual.severity),
        (Reduces.PROBABILITY, probability, risk.initial.probability, risk.residual.probability),
    )
    return [
        kind.value
        for kind, scale, before, after in steps
        if lower(scale, before, after) and kind not in reduced
    ]


def outweighed(file: File) -> tuple[Miss, ...]:
    """Residual risks that the policy does not accept, and that no shown benefit outweighs."""
    found = []
    for one in file.risks.risks:
        if file.residual_cell(one) is not Acceptability.UNACCEPTABLE:
            continue
        if one.benefit is None:
            found.append(Miss(item=one.id))
            continue
        benefit = demonstrated(one.benefit, file.dossier, file.results)
        if not benefit.holds:
            found.append(Miss(item=one.id, why=f"its benefit is not shown: {benefit.why}"))
    return tuple(found)


def accepted(file: File) -> tuple[Miss, ...]:
    """Residual risks that the policy does not accept by itself, without a current judgement."""
    found = []
    for one in file.risks.risks:
        left = file.residual_cell(one)
        weighed = left is Acceptability.UNACCEPTABLE and one.benefit is not None
        if (left is Acceptability.REDUCE or weighed) and not file.current(one.acceptance):
            found.append(Miss(item=one.id, why=_why_not_current(file, one)))
    return tuple(found)


def _why_not_current(file: File, risk: Risk) -> str | None:
    if risk.acceptance is None:
        return None
    if risk.acceptance.on > file.today:
        return f"dated {risk.acceptance.on}, in the future"
    return f"review was due on {risk.acceptance.review_by}"


def side_effects(file: File) -> tuple[Miss, ...]:
    """Controls that do not say which hazards they bring, if any."""
    return tuple(Miss(item=one.id) for one in file.risks.controls if one.new_hazards is None)


def judged(file: File) -> tuple[Miss, ...]:
    """The overall judgement: on record, made by now, and after everything that it rests on."""
    overall = file.risks.overall
    if overall is None:
        return (Miss(why="overall residual risk is not judged"),)
    if overall.on > file.today:
        return (Miss(why=f"the judgement of overall residual risk is dated {overall.on}"),)
    latest = max((one.acceptance.on for one in file.risks.risks if one.acceptance), default=None)
    if latest is not None and overall.on < latest:
        why = f"overall residual risk was judged on {overall.on}, before an acceptance of {latest}"
        return (Miss(why=why),)
    if file.n_open:
        are = "requirement is" if file.n_open == 1 else "requirements are"
        why = f"overall residual risk was judged while {file.n_open} {are} open"
        return (Miss(why=why),)
    return ()


def judged_acceptable(file: File) -> tuple[Miss, ...]:
    """A judgement that overall residual risk is not acceptable is one, and it ends the matter."""
    overall = file.risks.overall
    if overall is None or overall.acceptable:
        return ()
    return (Miss(why="overall residual risk is judged not acceptable"),)


def disclosed(file: File) -> tuple[Miss, ...]:
    """Residual risks that the policy does not accept by itself, and no labeling tells of."""
    found = []
    for one in file.risks.risks:
        if file.residual_cell(one) in {Acceptability.REDUCE, Acceptability.UNACCEPTABLE}:
            told = carries(one.disclosed, file.dossier)
            if not told.holds:
                found.append(Miss(item=one.id, why=None if one.disclosed is None else told.why))
    return tuple(found)
