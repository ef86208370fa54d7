"""What enhanced objects say by frame rather than once: slice thickness, spacing, kernel, exposure.

The groups shared by all frames come first, those of the first frame after them; further frames
are not read, so that a series of a thousand frames costs as much as one.
"""

from defensible.evidence.dicom.elements import FRAME_GROUPS, OF_FRAME, SHARED_GROUPS
from defensible.evidence.dicom.stepping import inside
from defensible.evidence.dicom.syntax import Encoding
from defensible.evidence.dicom.window import Window

_TABLE = {SHARED_GROUPS: OF_FRAME, FRAME_GROUPS: OF_FRAME}


def add_groups(window: Window, at: int, encoding: Encoding, values: dict[int, bytes]) -> None:
    """Put into `values` what the functional groups after `at` say and `values` lacks."""
    for one in inside(window, at, encoding, _TABLE, FRAME_GROUPS):
        if one.sequence == FRAME_GROUPS and one.item > 1:
            return
        values.setdefault(one.tag, one.value)
