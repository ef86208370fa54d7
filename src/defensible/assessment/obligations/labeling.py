"""Obligations that the words of the labeling answer."""

from defensible.assessment.basis import Basis, counted, listed
from defensible.assessment.obligations.found import Found, met, missing, not_applicable, partly
from defensible.dossier.device import LabelingKind
from defensible.regulation import Obligation


def carries(basis: Basis, obligation: Obligation) -> Found:
    """The instructions for use carry the declared texts, word for word."""
    use = basis.dossier.intended_use
    instructions = [
        one for one in basis.dossier.labeling if one.kind is LabelingKind.INSTRUCTIONS_FOR_USE
    ]
    wanted: list[str] = []
    for name in obligation.check.fields:
        value = getattr(use, name)
        if value is None:
            return missing(f"{name} not declared", f"declare {name} in intended-use.yaml")
        wanted += [value] if isinstance(value, str) else list(value)
    names = listed(list(obligation.check.fields))
    if not wanted:
        return not_applicable(f"{names} declared as none")
    if not instructions:
        return missing("there are no instructions for use", "write them, and name them")
    absent = [one for one in wanted if not any(each.carries(one) for each in instructions)]
    if not absent:
        return met(f"{counted(len(wanted), 'text')} of {names} found word for word")
    close = f"put into the instructions: {absent[0][:80]}"
    reason = f"{len(absent)} of {counted(len(wanted), 'text')} of {names} not found"
    return missing(reason, close) if len(absent) == len(wanted) else partly(reason, close)


def language(basis: Basis, obligation: Obligation) -> Found:
    """No wording of the labeling claims more than the intended use, and no limit is missing."""
    del obligation
    if not basis.dossier.labeling:
        return missing("there is no labeling", "write the instructions for use")
    hits = basis.wording.hits
    if not hits:
        return met(f"no wording of {counted(len(basis.dossier.labeling), 'file')} claims more")
    first = hits[0]
    reason = f"{counted(len(hits), 'passage')} to look at, the first in {first.spot}"
    return partly(reason, "mend what `defensible language` names")
