"""Step 8 of verification: each study is run again, and its sealed figures compared exactly.

Nothing is written: a rerun is no new look that a seal could rest on.
"""

from defensible.dossier.dossier import Dossier
from defensible.dossier.problem import DossierError, Problem
from defensible.evidence import freshness
from defensible.evidence.faults import counted
from defensible.evidence.inputs import inputs
from defensible.evidence.run import run_one
from defensible.evidence.sealed import plain
from defensible.ledger import storage
from defensible.ledger.chain import Chain
from defensible.ledger.changes import changes
from defensible.ledger.problem import SealError, broken
from defensible.ledger.verify import Step

_MEND = "find out which of the two is right: another version, another machine, or another hand"


def rerun(dossier: Dossier, chain: Chain) -> Step:
    """Whether each sealed result that rests on what is declared now comes out the same again."""
    said: list[str] = []
    problems: list[Problem] = []
    for study in dossier.studies:
        try:
            standing = freshness.standing(dossier, study, chain, inputs(dossier, study))
        except SealError:
            said.append(f"{study.id}: its seal does not hold, see step 2")
            continue
        if standing.sealed is None:
            said.append(f"{study.id}: never run under seal")
            continue
        if not standing.usable or standing.sealed.result is None:
            said.append(f"{study.id}: not run again, since {standing.why[0]}")
            continue
        try:
            again = run_one(dossier, study)
        except DossierError as error:
            problems += error.problems
            continue
        if again == standing.sealed.result:
            said.append(f"{study.id}: the same figures again")
            continue
        words = changes(plain(standing.sealed.result), plain(again))
        name = storage.result(study.id, standing.sealed.event.payload.envelope)
        what = f"run again, {_differ(len(words))}, the first: {words[0]}"
        problems.append(broken(name, "L012", what, _MEND))
    return Step(number=8, title="the rerun", said=tuple(said), problems=tuple(problems))


def _differ(n: int) -> str:
    return f"{counted(n, 'value')} {'differs' if n == 1 else 'differ'}"
