"""The plan for other programs: iCalendar (RFC 5545) and CSV without formulas."""

import csv
import io
from datetime import UTC, date, datetime
from hashlib import sha256

from defensible.assessment.planning import Step, Timetable
from defensible.documents.date_scale import day_after
from defensible.documents.sheets import FORMULA
from defensible.dossier import Dossier
from defensible.screen import clean

_OCTETS = 75


def plan_ics(found: Timetable, dossier: Dossier, *, now: datetime) -> str:
    """Each task as an event of whole days: from its median begin to its end at 80 %."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//defensible//plan//EN"]
    for one in found.steps:
        first = found.days.begins(one.begins)
        last = day_after(max(first, found.days.on(one.ends_80)))
        until = [f"DTEND;VALUE=DATE:{_day(last)}"] if last > first else []  # never at its start
        name = sha256(f"{dossier.device.name}\0{one.task.id}".encode()).hexdigest()[:24]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{name}@defensible",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{_day(first)}",
            *until,
            f"SUMMARY:{_text(f'{dossier.device.name}: {one.task.id}')}",
            f"DESCRIPTION:{_text(one.task.what)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(one)}\r\n" for one in lines)


def plan_csv(found: Timetable) -> str:
    """A line for each task; texts that a spreadsheet would run have an apostrophe before them."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(found, one) for one in found.steps)
    return out.getvalue()


COLUMNS = (
    "task",
    "owner",
    "begins",
    "ends",
    "ends_80",
    "low",
    "likely",
    "high",
    "unit",
    "critical",
    "drive",
    "after",
    "gaps",
    "what",
)


def _row(found: Timetable, one: Step) -> list[str | float]:
    task = one.task
    return [
        task.id,
        harmless(task.owner or "regulator"),
        found.days.begins(one.begins).isoformat(),
        found.days.on(one.ends).isoformat(),
        found.days.on(one.ends_80).isoformat(),
        round(task.low, 2),
        round(task.likely, 2),
        round(task.high, 2),
        "calendar days" if task.calendar else "working days",
        round(one.criticality, 4),
        round(one.drive, 4),
        " ".join(task.after),
        " ".join(task.gaps),
        harmless(task.what),
    ]


def harmless(text: str) -> str:
    """The text on one line, which no spreadsheet takes for a formula."""
    told = " ".join(clean(text).split())
    return f"'{told}" if told.startswith(FORMULA) else told


def _day(day: date) -> str:
    """`20270111`, with four digits of any year."""
    return day.isoformat().replace("-", "")


def _text(text: str) -> str:
    """A value of type TEXT: on one line, with its separators escaped."""
    told = " ".join(clean(text).split())
    return told.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, none of which ends within a character."""
    pieces, room = [""], _OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append("")
            room = _OCTETS - 1
        pieces[-1] += character
        room -= size
    return "\r\n ".join(pieces)
