"""One size for people and for programs: what all calculators of sizes answer."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from defensible.cli.envelope import Form
from defensible.cli.stats import answer

if TYPE_CHECKING:
    from defensible.statistics.sizing import Size


def say(
    form: Form,
    name: str,
    title: str,
    size: "Size",
    source: str,
    others: "Mapping[str, Size | str] | None" = None,
    seen: tuple[int, int] | None = None,
) -> None:
    """A size with others beside it.

    `seen` is how many must be seen for it, on average and with a chance of nine in ten.
    """
    others = others or {}
    result: dict[str, Any] = {
        **as_json(size),
        "source": source,
        "others": {key: as_json(one) for key, one in others.items()},
    }
    told = ""
    if seen is not None:
        result |= {"seen": seen[0], "seen_surely": seen[1]}
        told = f"{seen[0]:,} on average; {seen[1]:,} with a chance of nine in ten"
    lines = [
        title,
        *answer.fields(
            ("n", words(size)),
            ("power", f"{size.power:.4f} at that number; {size.wanted:g} was asked"),
            ("level", f"{size.level:g}, two-sided"),
            ("method", size.method),
            *((key, words(one)) for key, one in others.items()),
            ("to be seen", told),
            ("source", source),
        ),
    ]
    answer.say(form, f"size {name}", result, lines)


def as_json(size: "Size | str") -> dict[str, Any]:
    """The stable keys of a size; where there is none, why."""
    if isinstance(size, str):
        return {"n": None, "why": size}
    return {
        "n": size.n,
        "unit": size.unit,
        "power": size.power,
        "wanted": size.wanted,
        "level": size.level,
        "method": size.method,
        "besides": dict(size.besides),
    }


def words(size: "Size | str") -> str:
    """`231 cases; successes needed 217`, or why there is none."""
    if isinstance(size, str):
        return size
    besides = "".join(f"; {what} {n:,}" for what, n in size.besides)
    return f"{size.n:,} {size.unit}{besides}"
