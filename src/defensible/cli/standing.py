"""How a study's sealed result stands, as lines of text."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defensible.dossier import Dossier
    from defensible.evidence import Standing


def standing_lines(loaded: "Dossier", one: "Standing") -> list[str]:
    """One study's standing: state, why, what rests on it, how often its tables were opened."""
    from defensible import evidence
    from defensible.screen import clean, wrap

    sealed = f", sealed {one.sealed.event.time[:10]}" if one.sealed else ""
    lines = [f"  {one.study}: {one.state.value}{sealed}"]
    for why in one.why:
        lines += wrap(clean(why), first="    ", rest="      ")
    for each in evidence.touched(loaded, one):
        if each.name.startswith(("claim ", "risk ")):
            chain = " ← ".join(each.chain[:-1])
            lines += wrap(clean(chain), first="    so: ", rest="        ")
    for reuse in one.reuse:
        if reuse.n_runs > 1:
            lines += wrap(clean(reuse.words), first="    ", rest="      ")
    return lines
