"""How a study's sealed result stands, for people and for programs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from defensible.dossier import Dossier
    from defensible.evidence import Record, Standing


def standing_of(one: "Standing") -> dict[str, Any]:
    """One study's standing in the JSON form."""
    event = one.sealed.event if one.sealed else None
    return {
        "study": one.study,
        "state": one.state.value,
        "why": list(one.why),
        "line": event.sequence if event else None,
        "time": event.time if event else None,
        "statement": event.payload.statement if event else None,
        "opened": [
            {
                "source": each.source,
                "runs": each.n_runs,
                "plans": each.n_plans,
                "studies": each.n_studies,
            }
            for each in one.reuse
        ],
    }


def analyses(record: "Record") -> dict[str, list[str]]:
    """Studies by what was planned and what was run."""
    found = record.analyses
    return {
        "planned": list(found.planned),
        "run": list(found.run),
        "not_run": list(found.not_run),
        "unplanned": list(found.unplanned),
    }


def standing_lines(loaded: "Dossier", one: "Standing") -> list[str]:
    """One study's standing as lines of text."""
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
            lines.append(f"    {reuse.words}")
    return lines
