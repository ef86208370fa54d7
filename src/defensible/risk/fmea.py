"""The risk file as one table, and one table as a draft of the risk file.

One row a risk (FMEA), or one row a node of its tree (FTA): harm, hazardous situation, and under it
hazard, sequence of events and controls. A draft holds what the table says and nothing else: what
the table does not have is asked for by `defensible check`.
"""

import re
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any

from defensible.dossier.risks import Control, Risk, RiskEstimate, Risks

FMEA = (
    "risk",
    "hazard",
    "hazard_text",
    "sequence_of_events",
    "hazardous_situation",
    "harm",
    "severity_before",
    "probability_before",
    "rationale_before",
    "controls",
    "severity_after",
    "probability_after",
    "rationale_after",
    "modes",
)
FTA = ("node", "parent", "gate", "kind", "text")

Row = dict[str, str]

_CONTROL = re.compile(
    r"^(?P<id>[A-Za-z][A-Za-z0-9._-]{0,63})(?: \[(?P<kind>[a-z-]+)\])?: (?P<text>.+)$"
)
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}")


def fmea(risks: Risks) -> tuple[Row, ...]:
    """One row a risk, in the order of the file."""
    hazards = {one.id: one.text for one in risks.hazards}
    controls = {one.id: one for one in risks.controls}
    return tuple(
        {
            "risk": one.id,
            "hazard": one.hazard,
            "hazard_text": hazards.get(one.hazard, ""),
            "sequence_of_events": one.sequence_of_events,
            "hazardous_situation": one.hazardous_situation,
            "harm": one.harm,
            **_estimate(one.initial, "before"),
            "controls": "\n".join(_line(controls[name]) for name in one.controls),
            **_estimate(one.residual, "after"),
            "modes": ", ".join(one.modes),
        }
        for one in risks.risks
    )


def fta(risks: Risks) -> tuple[Row, ...]:
    """The tree as rows: each node with its parent, and the gate that joins what is below it."""
    hazards = {one.id: one.text for one in risks.hazards}
    controls = {one.id: one for one in risks.controls}
    harms = {text: f"T{at}" for at, text in enumerate(_once(one.harm for one in risks.risks), 1)}
    found: list[Row] = []
    for text, top in harms.items():
        found.append(_node(top, "", "OR", "harm", text))
        for one in (each for each in risks.risks if each.harm == text):
            found += _below(one, top, hazards, controls)
    return tuple(found)


def _below(
    risk: Risk, top: str, hazards: Mapping[str, str], controls: Mapping[str, Control]
) -> list[Row]:
    """A hazardous situation with what must come together for it."""
    name = risk.id
    return [
        _node(name, top, "AND", "hazardous-situation", risk.hazardous_situation),
        _node(f"{name}/{risk.hazard}", name, "", "hazard", hazards.get(risk.hazard, "")),
        _node(f"{name}/events", name, "", "sequence-of-events", risk.sequence_of_events),
        *(
            _node(f"{name}/{each}", name, "", "control-fails", _line(controls[each]))
            for each in risk.controls
        ),
    ]


def _node(node: str, parent: str, gate: str, kind: str, text: str) -> Row:
    return dict(zip(FTA, (node, parent, gate, kind, text), strict=True))


def _line(control: Control) -> str:
    return f"{control.id} [{control.kind.value}]: {' '.join(control.text.split())}"


def _estimate(estimate: RiskEstimate | None, when: str) -> Row:
    return {
        f"severity_{when}": estimate.severity if estimate else "",
        f"probability_{when}": estimate.probability if estimate else "",
        f"rationale_{when}": estimate.rationale if estimate else "",
    }


def draft(rows: Iterable[Row]) -> str:
    """A draft of `risks.yaml` from the rows of either table."""
    from ruamel.yaml import YAML  # only an import needs it

    read = tuple(rows)
    if read and set(FTA) <= set(read[0]):
        read = _from_tree(read)
    hazards: dict[str, str] = {}
    controls: dict[str, dict[str, Any]] = {}
    risks = [_risk(row, at, hazards, controls) for at, row in enumerate(read, 1)]
    whole = {
        "hazards": [{"id": name, "text": text} for text, name in hazards.items()],
        "risks": risks,
        "controls": list(controls.values()),
    }
    out = StringIO()
    yaml = YAML()
    yaml.width = 100
    yaml.dump(whole, out)
    return (
        "# A draft from a table: `defensible check` names what it does not have.\n" + out.getvalue()
    )


def _from_tree(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Rows of a tree as rows of the other table."""
    by_node = {row["node"]: row for row in rows}
    found = []
    for one in rows:
        if one["kind"] != "hazardous-situation":
            continue
        under = [row for row in rows if row["parent"] == one["node"]]
        hazard = next((row for row in under if row["kind"] == "hazard"), None)
        events = [row["text"] for row in under if row["kind"] == "sequence-of-events"]
        found.append(
            {
                "risk": one["node"],
                "hazard": hazard["node"].rpartition("/")[2] if hazard else "",
                "hazard_text": hazard["text"] if hazard else "",
                "sequence_of_events": " ".join(events),
                "hazardous_situation": one["text"],
                "harm": by_node.get(one["parent"], {}).get("text", ""),
                "controls": "\n".join(r["text"] for r in under if r["kind"] == "control-fails"),
            }
        )
    return tuple(found)


def _risk(
    row: Row, at: int, hazards: dict[str, str], controls: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    text = row.get("hazard_text") or row.get("hazard", "")
    given = row.get("hazard", "")
    name = given if _IDENTIFIER.fullmatch(given) else f"H{len(hazards) + 1}"
    hazard = hazards.setdefault(text, name)
    made: dict[str, Any] = {
        "id": row["risk"] if _IDENTIFIER.fullmatch(row.get("risk", "")) else f"R{at}",
        "hazard": hazard,
    }
    for key in ("sequence_of_events", "hazardous_situation", "harm"):
        if row.get(key):
            made[key] = row[key]
    if modes := [one.strip() for one in row.get("modes", "").split(",") if one.strip()]:
        made["modes"] = modes
    for key, when in (("initial", "before"), ("residual", "after")):
        parts = {
            name: row[f"{name}_{when}"]
            for name in ("severity", "probability", "rationale")
            if row.get(f"{name}_{when}")
        }
        if parts:
            made[key] = parts
    if named := [_control(line, controls) for line in row.get("controls", "").splitlines() if line]:
        made["controls"] = named
    return made


def _control(line: str, controls: dict[str, dict[str, Any]]) -> str:
    """The identifier of a control of a table's cell; kind and what it reduces only where told."""
    read = _CONTROL.match(line.strip())
    if read is None:
        name = f"K{len(controls) + 1}"
        controls[name] = {"id": name, "text": line.strip()}
        return name
    made = {"id": read["id"], "text": read["text"]}
    if read["kind"]:
        made["kind"] = read["kind"]
    controls.setdefault(read["id"], made)
    return read["id"]


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
