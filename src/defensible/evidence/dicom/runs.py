"""Runs of elements that were read once, taken in one step where they come again byte for byte.

Files of a series differ in few places. A run is what was stepped through once, element by element:
the heads (tag, representation, length) of elements in a row, where each lies, and which values are
wanted. If all heads of a run stand at their places in another file, stepping would take the same
values and end where the run ends: one comparison says so. Where a head differs the run is cut
before it, and what follows is learnt as runs of its own. A sequence of undefined length is stepped
through by the heads inside it, which belong to it: a run holds all of them or none.
"""

from collections.abc import Callable
from struct import Struct
from typing import Final, NamedTuple, TypeAlias

from defensible.evidence.dicom.syntax import Encoding

_MOST_RUNS: Final = 4096
_LONGEST: Final = 48
MOST_INSIDE: Final = 64
"""Most heads of a sequence that is learnt."""
INSIDE: Final = -1
Step: TypeAlias = tuple[int, int, int, int]
"""Of an element where it, its value and the next begin, and its tag if wanted, else 0; `INSIDE` for
what stands in the sequence before it."""
Taken: TypeAlias = Callable[[bytes, int], tuple[bytes, ...]]


class Run(NamedTuple):
    """Elements in a row.

    Attributes
    ----------
    length : int
        Bytes of the whole run.
    heads_at : callable
        What takes the heads out of bytes at an offset.
    heads : tuple of bytes
        What the heads must be.
    tags : tuple of int
        Tags of the wanted values.
    values_at : callable
        What takes the wanted values out of bytes at an offset.
    spans : tuple of (int, int, int)
        Of each element the bytes of head and value, and its tag as in a step.
    """

    length: int
    heads_at: Taken
    heads: tuple[bytes, ...]
    tags: tuple[int, ...]
    values_at: Taken
    spans: tuple[tuple[int, int, int], ...]


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
    first = 0
    while first < len(stepped):
        end = first + _LONGEST
        while end < len(stepped) and stepped[end][3] == INSIDE:
            end += 1
        part = stepped[first:end]
        heads = tuple(data[at:begin] for at, begin, _, _ in part)
        spans = tuple((begin - at, end - begin, tag) for at, begin, end, tag in part)
        runs[heads[0][:8]] = _run(heads, spans)
        first = end
    stepped.clear()


def take(runs: Runs, data: bytes, at: int, size: int, into: tuple[list[int], list[bytes]]) -> int:
    """Where the runs that stand at `at`, one after the other, end; what is wanted goes `into`.

    Where not all heads of a run stand there, it is cut to those that do.
    """
    tags, taken = into
    run_of = runs.get
    while (run := run_of(data[at : at + 8])) is not None:
        length, heads_at, heads, run_tags, values_at, _ = run
        if at + length > size:
            break
        if (seen := heads_at(data, at)) == heads:
            tags += run_tags
            taken += values_at(data, at)
            at += length
        else:
            _cut(runs, run, seen)
    return at


def _cut(runs: Runs, run: Run, seen: tuple[bytes, ...]) -> None:
    """Cut a run to those of its elements whose heads were seen; they are not all."""
    n = next(n for n, (one, other) in enumerate(zip(run.heads, seen, strict=True)) if one != other)
    while run.spans[n][2] == INSIDE:
        n -= 1
    key = run.heads[0][:8]
    if n:
        runs[key] = _run(run.heads[:n], run.spans[:n])
    else:
        del runs[key]


def _run(heads: tuple[bytes, ...], spans: tuple[tuple[int, int, int], ...]) -> Run:
    looks = Struct("=" + "".join(f"{head}s{value}x" for head, value, _ in spans))
    takes = Struct(
        "=" + "".join(f"{head}x{value}{'s' if tag > 0 else 'x'}" for head, value, tag in spans)
    )
    tags = tuple(tag for _, _, tag in spans if tag > 0)
    return Run(looks.size, looks.unpack_from, heads, tags, takes.unpack_from, spans)
