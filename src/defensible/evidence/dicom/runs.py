"""Runs of elements that were read once, taken in one step where they come again byte for byte.

Files of a series differ in few places. A run is what was stepped through once, element by element:
the heads (tag, representation, length) of elements in a row, where each lies, and which values are
wanted. If all heads of a run stand at their places in another file, stepping would take the same
values and end where the run ends: one comparison says so. Where a head differs the run is cut
before it, and what follows is learnt as runs of its own.
"""

from collections.abc import Callable
from struct import Struct
from typing import Final, NamedTuple, TypeAlias

from defensible.evidence.dicom.syntax import Encoding

_MOST_RUNS: Final = 4096
_LONGEST: Final = 48
Step: TypeAlias = tuple[int, int, int, int]
"""Of an element where it, its value and the next begin, and its tag if wanted, else 0."""
Taken: TypeAlias = Callable[[bytes, int], tuple[bytes, ...]]


class Run(NamedTuple):
    """Elements in a row.

    Attributes
    ----------
    heads_at, values_at : callable
        What takes the heads, and the wanted values, out of bytes at an offset.
    heads : tuple of bytes
        What the heads must be.
    tags : tuple of int
        Tags of the wanted values.
    spans : tuple of (int, int, int)
        Of each element the bytes of head and value, and its tag if wanted.
    length : int
        Bytes of the whole run.
    """

    heads_at: Taken
    values_at: Taken
    heads: tuple[bytes, ...]
    tags: tuple[int, ...]
    spans: tuple[tuple[int, int, int], ...]
    length: int


Runs: TypeAlias = dict[bytes, Run]
"""Runs by the first eight bytes of their first head."""
_KNOWN: dict[tuple[bool, str, int], Runs] = {}


def of(encoding: Encoding, last: int) -> Runs:
    """The runs learnt so far in what is written in an encoding and read up to a tag."""
    return _KNOWN.setdefault((encoding.explicit, encoding.order, last), {})


def learn(runs: Runs, data: bytes, stepped: list[Step]) -> None:
    """Keep what was stepped through, and begin anew."""
    if not stepped:
        return
    if len(runs) >= _MOST_RUNS:
        runs.clear()
    for first in range(0, len(stepped), _LONGEST):
        part = stepped[first : first + _LONGEST]
        heads = tuple(data[at:begin] for at, begin, _, _ in part)
        spans = tuple((begin - at, end - begin, tag) for at, begin, end, tag in part)
        runs[heads[0][:8]] = _run(heads, spans)
    stepped.clear()


def take(runs: Runs, run: Run, data: bytes, at: int, values: dict[int, bytes]) -> int:
    """The length of a run that stands at `at`, with its wanted values taken.

    Where not all of its heads stand there it is cut to those that do, and nothing is taken: 0.
    """
    seen = run.heads_at(data, at)
    if seen == run.heads:
        values.update(zip(run.tags, run.values_at(data, at), strict=True))
        return run.length
    n = next(n for n, (one, other) in enumerate(zip(run.heads, seen, strict=True)) if one != other)
    key = run.heads[0][:8]
    if n:
        runs[key] = _run(run.heads[:n], run.spans[:n])
    else:
        del runs[key]
    return 0


def _run(heads: tuple[bytes, ...], spans: tuple[tuple[int, int, int], ...]) -> Run:
    looks = Struct("=" + "".join(f"{head}s{value}x" for head, value, _ in spans))
    takes = Struct(
        "=" + "".join(f"{head}x{value}{'s' if tag else 'x'}" for head, value, tag in spans)
    )
    tags = tuple(tag for _, _, tag in spans if tag)
    return Run(looks.unpack_from, takes.unpack_from, heads, tags, spans, looks.size)
