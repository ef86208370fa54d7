"""From bytes to the wanted elements of one object: file meta information, then the data set.

Tolerant, as far as it can be without a guess: no preamble, no meta information, another encoding
than the one stated, a wrong value representation, group lengths, odd lengths, an object that ends
early. What was odd is noted. Values that are not wanted are never looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from defensible.evidence.dicom import elements as tags
from defensible.evidence.dicom import runs
from defensible.evidence.dicom.elements import HEAD, NO_VR, UNDEFINED
from defensible.evidence.dicom.frames import add_groups
from defensible.evidence.dicom.skipping import past
from defensible.evidence.dicom.source import (
    FIRST,
    MOST_HEADER,
    Budget,
    Inflated,
    Source,
    StreamSource,
)
from defensible.evidence.dicom.stepping import MOST_VALUE, element
from defensible.evidence.dicom.syntax import DEFLATED, EXPLICIT_LITTLE, Encoding, seen
from defensible.evidence.dicom.window import Window

_CUT = "truncated: inside the header"
_NO_DATA_SET = "truncated: nothing after the meta information"
_PREAMBLE = 132
_LOOKS = 8
"""Most elements past the header that are looked at for whether they are there."""
Accepted = Mapping[int, frozenset[bytes]]


class NotDicomError(Exception):
    """The bytes are no DICOM object, or none that says anything."""


@dataclass(slots=True)
class Header:
    """The wanted elements of one object, as bytes.

    Attributes
    ----------
    meta, values : dict of int to bytes
        Wanted elements of the meta information and of the data set.
    encoding : Encoding
        Of the data set.
    size : int or None
        Bytes of the whole object, where that is known.
    begin, end : int
        Where the data set begins, and its first element past the header, in the object or in what
        it unpacks to.
    damaged : bool
        Whether heads are out of step somewhere: what looks like a value may be another's.
    notes : list of str
        What was odd, in the words of the report; each begins with the kind, before a colon.
    """

    meta: dict[int, bytes] = field(default_factory=dict)
    values: dict[int, bytes] = field(default_factory=dict)
    encoding: Encoding = EXPLICIT_LITTLE
    size: int | None = None
    begin: int = 0
    end: int = 0
    damaged: bool = False
    notes: list[str] = field(default_factory=list)


def header(source: Source) -> Header:
    """The wanted elements of the object.

    Raises
    ------
    NotDicomError
        It is none, or holds nothing of what is wanted.
    TooMuchError
        It goes on for longer than any real one before its pixels.
    OSError, zlib.error
        The source cannot be read, or does not unpack.
    """
    found = Header(size=source.size)
    window = Window(source)
    at = _meta(window, found)
    if _CUT in found.notes:
        raise NotDicomError("no data set")
    uid = uid_of(found.meta.get(tags.TRANSFER_SYNTAX, b""))
    if uid in DEFLATED:
        inner = Inflated(source=source, offset=at)
        window, at = Window(StreamSource(inner, Budget(MOST_HEADER))), 0
    _data_set(window, at, found)
    if found.values:
        return found
    if "no preamble" in found.notes or _NO_DATA_SET in found.notes:
        raise NotDicomError("no data set" if _NO_DATA_SET in found.notes else "not DICOM")
    found.notes.append("nothing that is wanted")
    return found


def own_uid(value: bytes) -> str:
    """A UID without its padding."""
    return value.rstrip(b"\0 ").decode("ascii", errors="replace").strip()


uid_of = lru_cache(maxsize=4096)(own_uid)
"""The same, remembered: for what many objects share."""


def _meta(window: Window, found: Header) -> int:
    """Where the data set begins, with the meta information read if there is any."""
    data = window.load(0, FIRST)
    if data[128:132] == b"DICM":
        at = _PREAMBLE
    else:
        at = 0
        if not _may_begin(data):
            raise NotDicomError("not DICOM")
        found.notes.append("no preamble")
    first = data[at : at + 2]
    if first not in {b"\2\0", b"\0\2"}:
        found.notes.append("no meta information")
        return at
    encoding = seen(data, at)
    return _elements(window, at, encoding, (tags.META, tags.LAST_OF_META), found, found.meta)


def _may_begin(data: bytes) -> bool:
    """Whether a data set or its meta information may begin here: group 2 or 8, low element."""
    low, high = data[:4], bytes((*data[1:2], *data[:1], *data[3:4], *data[2:3]))
    return len(data) > 16 and any(
        one[0] in {2, 8} and one[1] == 0 and one[3] in {0, 1, 2} and one[2] <= 0x80
        for one in (low, high)
    )


def _data_set(window: Window, at: int, found: Header) -> None:
    data, here = window.around(at, 16)
    if len(data) - here < 8:
        found.notes.append(_NO_DATA_SET)
        return
    found.encoding = encoding = seen(data, here)
    found.damaged = False  # the last step through the meta information is into the data set
    found.begin = at
    wanted = (tags.WANTED, tags.LAST_OF_IMAGE)
    at = _elements(window, at, encoding, wanted, found, found.values)
    found.end = at
    # all free texts stand before the study's identifier: who finds it there was in step till then
    found.damaged |= tags.STUDY not in found.values
    found.damaged |= list(found.values) != sorted(found.values)  # as the standard orders them
    if tags.FRAMES in found.values:  # only what has frames has functional groups
        add_groups(window, at, encoding, found.values)
    elif tags.ROWS not in found.values and _CUT not in found.notes:
        _rest_fits(window, at, encoding, found)


def _rest_fits(window: Window, at: int, encoding: Encoding, found: Header) -> None:
    """Note an object without pixels that ends early, as far as the window at hand shows it."""
    for _ in range(_LOOKS):
        here = at - window.base
        if here < 0 or here + 12 > len(window.data):
            return
        one = element(window, at, encoding)
        if one is None or one.length == UNDEFINED:
            return
        at = one.begin + one.length
        if window.ends_before(at):
            found.notes.append("truncated: after the header")
            found.damaged = True
            return


def _elements(
    window: Window,
    at: int,
    encoding: Encoding,
    wanted: tuple[Accepted, int],
    found: Header,
    values: dict[int, bytes],
) -> int:
    """Where the first element past the last begins, with the wanted ones before it in `values`."""
    seen_tags: list[int] = []
    taken: list[bytes] = []
    at = _stepped(window, at, encoding, wanted, found, (seen_tags, taken))
    values.update(zip(seen_tags, taken, strict=True))
    return at


def _stepped(  # noqa: C901, PLR0912, PLR0915 - calls would cost as much as what they do
    window: Window,
    at: int,
    encoding: Encoding,
    wanted: tuple[Accepted, int],
    found: Header,
    into: tuple[list[int], list[bytes]],
) -> int:
    """Where the first element past the last begins; tags and bytes of those wanted go `into`.

    The one loop that every element of every file goes through: names are local for speed.
    """
    accepted_of, last = wanted[0].get, wanted[1]
    explicit, long_of = encoding.explicit, encoding.long.unpack_from
    head_of, tag_of = encoding.head.unpack_from, encoding.tag.unpack_from
    data, base, size = window.data, window.base, len(window.data)
    at, known = at - base, runs.of(encoding, last)
    space_of, stepped = HEAD.get, list[runs.Step]()
    while True:
        if data[at : at + 8] in known:
            runs.learn(known, data, stepped)
            at = runs.take(known, data, at, size, into)
        if at + 12 > size:
            runs.learn(known, data, stepped)
            data = window.load(base + at)
            base, at, size = window.base, 0, len(data)
            if size < 8:
                return _ended(found, base, cut=size > 0 or window.ends_before(base))
            data += bytes(4)  # the last head may have 8 bytes where 12 are looked at
        space = 0
        if explicit:
            group, element, vr, length = head_of(data, at)
            space = space_of(vr, 0)
            if space == 12:
                (length,) = long_of(data, at + 8)
        if not space:
            found.damaged |= explicit  # it should have stated a representation
            group, element, length = tag_of(data, at)
            vr, space = NO_VR, 8
        tag = group << 16 | element
        if tag > last:
            runs.learn(known, data, stepped)
            if group != 0xFFFE:
                return base + at
            at += 8  # a delimiter astray
            continue
        begin, end = at + space, at + space + length
        vrs = accepted_of(tag)
        fits = vrs is None or (vr in vrs and length <= MOST_VALUE)
        if end > size:
            inside = [(at, begin, begin, 0)]
            ended = _beyond(window, base + begin, length, encoding, vr, inside, wanted=bool(vrs))
            learnt = vrs is None and (vr or not explicit) and window.base == base
            if learnt and length == UNDEFINED and len(inside) <= runs.MOST_INSIDE:
                stepped += inside
            else:
                runs.learn(known, data, stepped)
            if ended is None:
                return _ended(found, base + at, cut=True)
            data, begin, end = window.data, base + begin - window.base, ended - window.base
            base, size = window.base, len(data)
        elif fits and (vr or not explicit):  # no run may hide that a representation is missing
            stepped.append((at, begin, end, 0 if vrs is None else tag))
        else:
            runs.learn(known, data, stepped)
        if not fits:
            what = "too long" if length > MOST_VALUE else "wrong value representation"
            found.notes.append(f"{what}: {named(tag)}")
        elif vrs is not None:
            into[0].append(tag)
            into[1].append(data[begin:end])
        at = end


def _ended(found: Header, at: int, *, cut: bool) -> int:
    """`at`, where an object ends, with a note if that is too early."""
    if cut:
        found.notes.append(_CUT)
        found.damaged = True
    return at


def _beyond(
    window: Window,
    begin: int,
    length: int,
    encoding: Encoding,
    vr: bytes,
    steps: list[runs.Step],
    *,
    wanted: bool,
) -> int | None:
    """Where a value ends that the window does not hold; None where the object ends before it.

    What a value of undefined length holds is added to `steps`.
    """
    if length == UNDEFINED:
        return past(window, begin, encoding, items_implicit=vr == b"UN", steps=steps)
    if window.ends_before(begin + length):
        return None
    if wanted and length <= MOST_VALUE:
        window.load(begin, length)
    return begin + length


def named(tag: int) -> str:
    """A tag as the standard writes it."""
    return f"({tag >> 16:04x},{tag & 0xFFFF:04x})"
