"""Gaps in words: those that one piece of work closes are told together."""

from defensible.assessment.result import Gap


def steps(gaps: tuple[Gap, ...]) -> tuple[tuple[Gap, ...], ...]:
    """The gaps in their order; those that one piece of work closes stand where the first does.

    Only gaps that wait for the same are taken together, so that nothing comes before its time.
    """
    found: dict[tuple[int, str, str, str, tuple[str, ...]], list[Gap]] = {}
    for gap in gaps:
        key = (gap.row, str(gap.question), gap.kind, gap.close, gap.waits_for)
        found.setdefault(key, []).append(gap)
    return tuple(tuple(run) for run in found.values())


def step_words(step: tuple[Gap, ...]) -> str:
    """What the gaps of a step say, an ending that all of them share said once."""
    parts = [gap.what.rpartition(": ") for gap in step]
    endings = {ending for _, _, ending in parts}
    if len(step) > 1 and len(endings) == 1 and all(head for head, _, _ in parts):
        heads = [head.rpartition(", ") for head, _, _ in parts]
        if len({standard for standard, _, _ in heads}) == 1 and heads[0][0]:
            clauses = ", ".join(clause for _, _, clause in heads)
            return f"{heads[0][0]}, {clauses}: {endings.pop()}"
        return f"{'; '.join(head for head, _, _ in parts)}: {endings.pop()}"
    return "; ".join(gap.what for gap in step)


def names(step: tuple[Gap, ...]) -> str:
    """The identifiers of the gaps of a step, a run of three or more by its ends."""
    runs: list[list[str]] = []
    for gap in step:
        if runs and gap.id == _following(runs[-1][-1]):
            runs[-1].append(gap.id)
        else:
            runs.append([gap.id])
    few = 2
    said = [f"{run[0]} to {run[-1]}" if len(run) > few else ", ".join(run) for run in runs]
    return ", ".join(said)


def _following(name: str) -> str:
    """The identifier that comes after `G5R3`: `G5R4`."""
    head, letter, number = name.rpartition("R") if "R" in name else name.rpartition("E")
    return f"{head}{letter}{int(number) + 1}"
