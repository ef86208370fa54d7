"""Columns of a table by their part in the method: the reference names, or what `--column` says."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from defensible.evidence.lone_table import LoneTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A table and what it calls the columns."""

    table: "LoneTable"
    renamed: dict[str, str]

    @property
    def file(self) -> str:
        """As the caller named it."""
        return self.table.file

    def column(self, part: str) -> str:
        """What the table calls the column with this part."""
        return self.renamed.get(part, part)

    def has(self, part: str) -> bool:
        """Whether there is such a column."""
        return self.column(part) in self.table.header

    def read(
        self,
        *,
        texts: Sequence[str] = (),
        numbers: Sequence[str] = (),
        truths: Sequence[str] = (),
        with_gaps: Sequence[str] = (),
    ) -> "dict[str, NDArray[Any]]":
        """The columns by their parts; every fault of the table is raised in one pass."""
        from defensible.evidence import lone_table

        found = lone_table.columns(
            self.table,
            texts=tuple(map(self.column, texts)),
            numbers=tuple(map(self.column, numbers)),
            truths=tuple(map(self.column, truths)),
            with_gaps=tuple(map(self.column, with_gaps)),
        )
        return {
            **{part: found.texts[self.column(part)] for part in (*texts, *with_gaps)},
            **{part: found.numbers[self.column(part)] for part in numbers},
            **{part: found.truths[self.column(part)] for part in truths},
        }


def opened(file: Path, renamed: Sequence[str] | None, parts: Sequence[str]) -> Named:
    """The table, and its columns for the parts that the method knows.

    Raises `typer.BadParameter` where `--column` names no such part, `DossierError` where the file
    holds no table.
    """
    from defensible.cli.stats.methods import known
    from defensible.evidence import lone_table

    pairs: dict[str, str] = {}
    for one in renamed or ():
        part, mark, column = one.partition("=")
        if not mark or not column:
            raise typer.BadParameter(
                f"'{one[:40]}' is not PART=COLUMN, such as {parts[0]}=NAME", param_hint="--column"
            )
        pairs[known(dict.fromkeys(parts), part, "--column")] = column
    return Named(table=lone_table.opened(file), renamed=pairs)
