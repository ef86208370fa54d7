"""Which changes move a market, smallest first: by what becomes of it, then by field."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from shlex import quote

from defensible.cli.classification.words import joined, market_name
from defensible.dossier.intended_use import IntendedUse
from defensible.regulation.change import Change
from defensible.regulation.readable import declared, several
from defensible.regulation.sensitivity import Moved, Outcome, Sensitivity
from defensible.screen import WIDTH, clean, wrap

MOST_PAIRS_SHOWN = 12
"""Lines on pairs in one market; the rest is counted."""


def changes_text(found: Sensitivity, use: IntendedUse, *, of: str, path: str) -> str:
    """The text, ending in what to do next; `of` is the device in a few words."""
    blocks = [[*wrap(clean(of)), "=" * WIDTH, *_tried(found)]]
    blocks += [_market(name, found, use) for name in found.before]
    blocks.append(_next(found, path))
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _tried(found: Sensitivity) -> list[str]:
    all_ = "all that there are" if found.n_pairs == found.n_possible else f"of {found.n_possible:,}"
    return wrap(
        f"{found.n_singles:,} single changes of fields that the rules read, and {found.n_pairs:,} "
        f"pairs ({all_}) were tried; a pair is shown for what neither change does alone. Free text "
        "is not varied."
    )


def _market(name: str, found: Sensitivity, use: IntendedUse) -> list[str]:
    singles = [one for one in found.singles if one.market == name]
    pairs = [one for one in found.pairs if one.market == name]
    lines = wrap(f"{market_name(name)} now: {outcome_words(found.before[name])}")
    for after, moved in _by_outcome(singles):
        lines += wrap(f"one change makes it {outcome_words(after)}:", first="  ")
        for field, alike in groupby(moved, key=lambda one: one.changes[0].field):
            said = change_words([one.changes[0] for one in alike], use)
            lines += wrap(f"{field}: {said}", first="    - ")
    if not singles:
        lines.append("  no single change moves it")
    lines += _pairs(pairs, use)
    return lines


def _pairs(pairs: list[Moved], use: IntendedUse) -> Iterator[str]:
    left, hidden = MOST_PAIRS_SHOWN, 0
    for after, moved in _by_outcome(pairs):
        if left <= 0:
            hidden += len(moved)
            continue
        yield from wrap(f"two changes together make it {outcome_words(after)}:", first="  ")
        for one, other, n in _rectangles(moved, use):
            if left <= 0:
                hidden += n
                continue
            left -= 1
            yield from wrap(f"{one}; and {other}", first="    - ")
    if hidden:
        yield from wrap(f"and {hidden:,} more pairs; the JSON form has all", first="    ")


def _rectangles(moved: list[Moved], use: IntendedUse) -> Iterator[tuple[str, str, int]]:
    """Pairs of the same two fields taken together, where they share what goes with them."""
    by_fields = groupby(moved, key=lambda one: tuple(change.field for change in one.changes))
    for (first, second), of_these in by_fields:
        partners: dict[Change, list[Change]] = {}
        for one in of_these:
            partners.setdefault(one.changes[0], []).append(one.changes[1])
        alike: dict[tuple[Change, ...], list[Change]] = {}
        for change, with_it in partners.items():
            alike.setdefault(tuple(with_it), []).append(change)
        for others, these in alike.items():
            yield (
                f"{first}: {change_words(these, use)}",
                f"{second}: {change_words(others, use)}",
                len(these) * len(others),
            )


def _by_outcome(moved: list[Moved]) -> list[tuple[Outcome, list[Moved]]]:
    """What is decided before what is open; within that as found."""
    groups: dict[Outcome, list[Moved]] = {}
    for one in moved:
        groups.setdefault(one.after, []).append(one)
    return sorted(groups.items(), key=lambda group: not group[0].decided)


def outcome_words(one: Outcome) -> str:
    """`class II, 510(k)`; `no device`; `undecided`."""
    if not one.decided:
        device = {True: "", False: "", None: ", and open whether it is a device"}[one.device]
        return f"undecided{device}"
    if one.device is False:
        return "no device"
    facts = (one.device_class and f"class {one.device_class}", one.pathway)
    return clean(", ".join(fact for fact in facts if fact))


def change_words(changes: Iterable[Change], use: IntendedUse) -> str:
    """`detection, diagnosis`; of a list `with heatmap; without alert; plan in place of alert`."""
    by_step: dict[str, list[str]] = {}
    for one in changes:
        step, values = _step(one, declared(use, one.field))
        by_step.setdefault(step, []).extend(values)
    by_values: dict[str, list[str]] = {}
    for step, values in by_step.items():
        by_values.setdefault(", ".join(values), []).append(step)
    return "; ".join(_said(steps, values) for values, steps in by_values.items())


def _step(one: Change, found: tuple[str, ...] | None) -> tuple[str, list[str]]:
    """How the values of a field change, and by which."""
    had = found or ()
    more = [value for value in one.values if value not in had]
    less = [value for value in had if value not in one.values]
    if found is None or not several(one.field):
        return "", more
    if more and less:
        return ("instead" if len(had) == 1 else f"in place of {', '.join(less)}"), more
    return ("with", more) if more else ("without", less)


def _said(steps: list[str], values: str) -> str:
    """Steps that bring the same values; two ways of saying one thing are taken together."""
    if steps == ["with", "instead"]:
        return f"with, or instead, {values}"
    return "; ".join(
        f"{step} {values}" if step in {"with", "without"} else f"{values} {step}".strip()
        for step in steps
    )


def _next(found: Sensitivity, path: str) -> list[str]:
    if not found.singles and not found.pairs:
        return wrap("Nothing: no change of the fields moves it.", first="NEXT  ")
    first = (found.singles or found.pairs)[0].changes
    words = " ".join(f"--what-if {one.field}={','.join(one.values)}" for one in first)
    moved = joined(market_name(name) for name in dict.fromkeys(one.market for one in found.singles))
    where = f" One change is enough in {moved}." if moved else ""
    told = f"Write the fields as the labeling will say them.{where} See both devices side by side:"
    # Whole on its line, however long the path is: a command in pieces can't be copied.
    command = f"      defensible classify {clean(quote(path))} {words}"
    return [*wrap(told, first="NEXT  "), command]
