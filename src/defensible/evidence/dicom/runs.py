"""Runs of elements that nobody wants, skipped in one step where they come again byte for byte.

Files of a series differ in few places. A run is what was stepped over once, element by element:
the heads (tag, representation, length) of elements in a row, and where each lies. If all heads of
a run stand at their places in another file, stepping would end where the run ends: one comparison
says so. Where a head differs the run is cut before it; what follows is learnt as runs of its own.
"""

from collections.abc import Callable
from struct import Struct
from typing import NamedTuple, TypeAlias

from defensible.evidence.dicom.syntax import Encoding

_MOST_RUNS = 4096
_LONGEST = 48


class Run(NamedTuple):
    """Heads in a row, what takes them out of the bytes, and how long the run is."""

    heads_at: Callable[[bytes, int], tuple[bytes, ...]]
    heads: tuple[bytes, ...]
    spans: tuple[tuple[int, int], ...]
    length: int


Runs: TypeAlias = dict[bytes, Run]
"""Runs by the first eight bytes of their first head."""
_KNOWN: dict[tuple[bool, str, int], Runs] = {}


def of(encoding: Encoding, last: int) -> Runs:
    """The runs learnt so far in what is written in an encoding and read up to a tag."""
    return _KNOWN.setdefault((encoding.explicit, encoding.order, last), {})


def learn(runs: Runs, data: bytes, stepped: list[tuple[int, int, int]]) -> None:
    """Keep what was stepped over: for each element where it, its value and the next begin."""
    if not stepped:
        return
    if len(runs) >= _MOST_RUNS:
        runs.clear()
    for first in range(0, len(stepped), _LONGEST):
        part = stepped[first : first + _LONGEST]
        heads = tuple(data[at:begin] for at, begin, _ in part)
        spans = tuple((begin - at, end - begin) for at, begin, end in part)
        runs[heads[0][:8]] = _run(heads, spans)
    stepped.clear()


def cut(runs: Runs, key: bytes, run: Run, seen: tuple[bytes, ...]) -> int:
    """Shorten a run to the heads that are seen, and give its length; 0, and none, if none are."""
    n = next(n for n, (one, other) in enumerate(zip(run.heads, seen, strict=True)) if one != other)
    if not n:
        del runs[key]
        return 0
    runs[key] = shorter = _run(run.heads[:n], run.spans[:n])
    return shorter.length


def _run(heads: tuple[bytes, ...], spans: tuple[tuple[int, int], ...]) -> Run:
    layout = Struct("=" + "".join(f"{head}s{value}x" for head, value in spans))
    return Run(layout.unpack_from, heads, spans, layout.size)
