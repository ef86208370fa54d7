"""The risk file as it stands, in 80 columns: matrix, residual risks, controls, clauses, trace."""

from defensible.documents import numbers
from defensible.dossier.risks import Acceptability
from defensible.risk import RiskView
from defensible.risk.grid import GridCell, GridRow
from defensible.risk.review import Check, Held
from defensible.risk.trace import ControlTrace, RiskTrace
from defensible.risk.uncertainty import Picture, RiskSpread, SeverityRate
from defensible.screen import Ink, capped, clean, pad, short, wrap

SIGN = {
    Acceptability.ACCEPTABLE: "a",
    Acceptability.REDUCE: "R",
    Acceptability.UNACCEPTABLE: "U",
    None: "?",
}
"""What the policy says of a cell, in one letter."""
TOP = 10
FIRST = 3
WIDE = 10


def risk_text(view: RiskView, *, colour: bool) -> str:
    """The whole at one look; clauses that are held are counted."""
    ink = Ink(colour=colour)
    review = view.review
    device = view.dossier.device
    head = (
        f"{numbers.counted(review.n_hazards, 'hazard')}, "
        f"{numbers.counted(review.n_risks, 'risk')}, "
        f"{numbers.counted(review.n_controls, 'control')}; residual risk unacceptable for "
        f"{review.n_residual_unacceptable:,}, not estimated for {review.n_residual_unknown:,}"
    )
    blocks = [
        [
            ink.strong(f"RISK FILE of {short(device.name, 40)} {short(device.version, 20)}"),
            *wrap(head, first="  "),
        ],
        *_matrices(view, ink),
        _key(view),
        _top(view.picture, ink),
        _by_severity(view.picture, ink),
        _unverified(view.unverified, ink),
        _circles(view.circles, ink),
        _clauses(view, ink),
        _next(view),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _matrices(view: RiskView, ink: Ink) -> list[list[str]]:
    """Before and after control; the policy's own where there is no risk to put into it."""
    review = view.review
    if not review.n_risks:
        return [_matrix("THE POLICY", review.before, ink)]
    return [
        _matrix("BEFORE CONTROL", review.before, ink),
        _matrix("AFTER CONTROL", review.after, ink),
    ]


def _matrix(title: str, rows: tuple[GridRow, ...], ink: Ink) -> list[str]:
    """The letter of a cell is the policy's answer, the number counts the risks in it."""
    if not rows:
        return []
    names = [short(cell.probability, WIDE) for cell in rows[0].cells]
    head = " " * 15 + "".join(pad(one, WIDE + 2) for one in names)
    lines = [ink.strong(title), head.rstrip()[:80]]
    for row in rows:
        cells = "".join(_cell(one, ink) for one in row.cells)
        lines.append(f"  {pad(short(row.severity, 12), 13)}{cells}".rstrip())
    return lines


def _cell(cell: GridCell, ink: Ink) -> str:
    text = f"{SIGN[cell.acceptability]} {len(cell.risks) or '.'}"
    painted = {
        Acceptability.ACCEPTABLE: ink.good,
        Acceptability.REDUCE: ink.middling,
        Acceptability.UNACCEPTABLE: ink.bad,
    }
    paint = painted.get(cell.acceptability) if cell.acceptability is not None else None
    return pad(paint(text) if paint is not None and cell.risks else text, WIDE + 2)


def _key(view: RiskView) -> list[str]:
    if not view.review.before:
        return ["There is no policy, and so no matrix."]
    return wrap(
        "a acceptable, R reduce further, U unacceptable, ? no answer; the number counts the risks "
        "in the cell",
        first="  ",
    )


def _top(picture: Picture, ink: Ink) -> list[str]:
    if not picture.risks:
        return []
    lines = [ink.strong("RESIDUAL RISKS, the likeliest unacceptable first")]
    for one in picture.risks[:TOP]:
        lines += wrap(_spread(one), first="  ", rest="    ")
    if len(picture.risks) > TOP:
        lines.append(f"  and {len(picture.risks) - TOP} more (--format json has them)")
    if picture.not_counted:
        names = ", ".join(short(one, 40) for one in picture.not_counted)
        lines += wrap(f"without a number: {names}", first="  ", rest="    ")
    return lines


def _spread(one: RiskSpread) -> str:
    doubts = "".join(f"; {short(each.words, 60)}" for each in one.rests_on if not each.current)
    return (
        f"{short(one.risk, 40)} ({short(one.severity, 20)}): {one.unacceptable:.0%} in an "
        f"unacceptable cell; {one.middle:.1e} per use ({one.low:.1e} to {one.high:.1e}){doubts}"
    )


def _by_severity(picture: Picture, ink: Ink) -> list[str]:
    if not picture.by_severity:
        return []
    lines = [ink.strong("HARM PER MILLION USES, all residual risks together (5 % to 95 %)")]
    for one in picture.by_severity:
        lines += wrap(_rate(one), first="  ", rest="    ")
    return lines


def _rate(one: SeverityRate) -> str:
    return (
        f"{short(one.severity, 20)}: {one.mean:,.0f} ({one.low:,.0f} to {one.high:,.0f}), from "
        f"{numbers.counted(one.n_risks, 'risk')}"
    )


def _unverified(controls: tuple[ControlTrace, ...], ink: Ink) -> list[str]:
    if not controls:
        return []
    lines = [ink.strong(f"CONTROLS NOT VERIFIED ({len(controls)})")]
    for one in controls[:TOP]:
        lines += wrap(_missing(one), first="  ", rest="    ")
    if len(controls) > TOP:
        lines.append(f"  and {len(controls) - TOP} more (--trace has them)")
    return lines


def _missing(one: ControlTrace) -> str:
    parts = (("implementation", one.implementation), ("effect", one.effectiveness))
    said = "; ".join(f"{name}: {shown.why}" for name, shown in parts if not shown.holds)
    return capped(f"{one.control.id}: {said}", 300)


def _circles(circles: tuple[tuple[str, ...], ...], ink: Ink) -> list[str]:
    if not circles:
        return []
    lines = [ink.strong("CIRCLES: a control of its own new hazard")]
    for one in circles:
        lines += wrap(capped(" → ".join(one), 300), first="  ", rest="    ")
    return lines


def _clauses(view: RiskView, ink: Ink) -> list[str]:
    checks = view.review.checks
    held = sum(one.held is Held.YES for one in checks)
    n_open = len(view.review.open_checks)
    lines = [ink.strong(f"ISO 14971: {held} of {len(checks)} requirements held, {n_open} open")]
    for step in _steps(view):
        clauses = ", ".join(clean(one.clause) for one in step)
        lines += wrap(f"{clauses}: {capped(step[0].why, 240)}", first="  [ ] ", rest=" " * 6)
    return lines


def _steps(view: RiskView) -> list[list[Check]]:
    """Open requirements in the order of the standard; those that one entry closes together."""
    found: dict[tuple[str, str | None], list[Check]] = {}
    for one in view.review.open_checks:
        found.setdefault((one.why, one.mend), []).append(one)
    return list(found.values())


def _next(view: RiskView) -> list[str]:
    """The first pieces of work, each with the clauses that it closes."""
    steps = _steps(view)
    if not steps:
        return ["Next: `defensible assess`; every requirement checked is held."]
    if len(steps) == 1 or view.review.n_risks:
        return wrap(f"Next: {_work(steps[0])}.")
    lines = ["Next, in this order:"]
    for number, step in enumerate(steps[:FIRST], start=1):
        lines += wrap(_work(step), first=f"  {number}. ", rest="     ")
    lines += wrap(
        "then, a risk at a time: `defensible risk --gaps` names what such devices do wrong, worst "
        "first, and `--suggest MODE` drafts the entries",
        first=f"  {min(len(steps), FIRST) + 1}. ",
        rest="     ",
    )
    return lines


def _work(step: list[Check]) -> str:
    first = step[0]
    n = [numbers.counted(len(step), "requirement")] if len(step) > 1 else []
    where = ", ".join([*([str(first.place)] if first.place else []), *n])
    return f"{capped(first.mend or first.requirement, 300)}{f' ({where})' if where else ''}"


def trace_text(view: RiskView, *, colour: bool) -> str:
    """Each risk from its hazard to the evidence of its controls."""
    ink = Ink(colour=colour)
    blocks = [_trace(one, ink) for one in view.traces]
    n_open = sum(any(not each.verified for each in one.controls) for one in view.traces)
    end = f"Next: verify the controls of {numbers.counted(n_open, 'risk')}."
    blocks.append([end if n_open else "Next: `defensible assess`."])
    return "\n\n".join("\n".join(block) for block in blocks)


def _trace(one: RiskTrace, ink: Ink) -> list[str]:
    risk = one.risk
    hazard = one.hazard.text if one.hazard else ""
    lines = wrap(ink.strong(short(risk.id, 64)), first="")
    for name, text in (
        ("hazard", f"{risk.hazard}: {hazard}"),
        ("sequence", risk.sequence_of_events),
        ("situation", risk.hazardous_situation),
        ("harm", risk.harm),
        ("before", one.before.value if one.before else "not estimated"),
    ):
        lines += wrap(capped(text, 300), first=f"  {name:<11}")
    for each in one.controls:
        lines += wrap(capped(each.control.text, 200), first=f"  control    {each.control.id}: ")
        for name, shown in (
            ("implemented", each.implementation),
            ("effective", each.effectiveness),
        ):
            mark = "[x]" if shown.holds else "[ ]"
            lines += wrap(capped(shown.why, 200), first=f"             {mark} {name}: ")
    lines += wrap(one.after.value if one.after else "not estimated", first="  after      ")
    return lines
