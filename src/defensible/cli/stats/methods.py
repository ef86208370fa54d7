"""A method by its name on the command line, the function that is it, and where it was published."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import typer


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One function of `defensible.statistics`, loaded when it is called."""

    topic: str
    name: str
    source: str

    @property
    def function(self) -> Callable[..., Any]:
        """The function itself."""
        from importlib import import_module

        found: Callable[..., Any] = getattr(
            import_module(f"defensible.statistics.{self.topic}"), self.name
        )
        return found


def chosen(methods: Mapping[str, Method], name: str, option: str = "--method") -> Method:
    """The method of this name, or a usage error with the nearest one and all names."""
    return methods[known(methods, name, option)]


def known(names: Mapping[str, Any], name: str, option: str) -> str:
    """`name` as the list spells it, or a usage error with the nearest spelling and all names."""
    from difflib import get_close_matches

    spelled = name.lower().replace("_", "-")
    by_spelling = {one.lower(): one for one in names}
    if spelled in by_spelling:
        return by_spelling[spelled]
    near = get_close_matches(spelled, by_spelling, n=1, cutoff=0.5)
    hint = f"did you mean '{by_spelling[near[0]]}'? " if near else ""
    raise typer.BadParameter(
        f"there is no '{name[:40]}'; {hint}There are: {', '.join(names)}", param_hint=option
    )


@contextmanager
def figures() -> Iterator[None]:
    """What a method says of the figures of the call, as a usage error."""
    try:
        yield
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


@contextmanager
def values(file: str) -> Iterator[None]:
    """What a method says of the values of a table, as a problem of that file."""
    try:
        yield
    except ValueError as error:
        from defensible.evidence import lone_table

        raise lone_table.refused(file, str(error)) from None
