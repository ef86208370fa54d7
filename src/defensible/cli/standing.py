"""How a study's sealed result stands, as lines of text."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defensible.dossier import Dossier
    from defensible.evidence import Standing


def standing_lines(loaded: "Dossier", one: "Standing") -> list[str]:
    """One study's standing: state, why, what rests on it, how often its tables were opened."""
    from textwrap import wrap

    from defensible import evidence

    sealed = f", sealed {one.sealed.event.time[:10]}" if one.sealed else ""
    lines = [f"  {one.study}: {one.state.value}{sealed}"]
    for why in one.why:
        lines += wrap(why, 80, initial_indent="    ", subsequent_indent="      ")
    for each in evidence.touched(loaded, one):
        if each.name.startswith(("claim ", "risk ")):
            chain = " ← ".join(each.chain[:-1])
            lines += wrap(chain, 80, initial_indent="    so: ", subsequent_indent="        ")
    for reuse in one.reuse:
        if reuse.n_runs > 1:
            lines += wrap(reuse.words, 80, initial_indent="    ", subsequent_indent="      ")
    return lines
