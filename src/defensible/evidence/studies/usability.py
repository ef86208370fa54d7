"""Usability study (IEC 62366-1): what intended users did at each task, and how often it went wrong.

1. Attempts from their tables, each with a task, group, session and observation that the plan names.
2. Tasks by evaluation and user group; a participant with one use error counts once. 3. Critical
tasks against the plan's bound. 4. Critical tasks that nobody of a group was watched at.
"""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from defensible.dossier.claims import Goal, MetricName
from defensible.dossier.studies import Criterion
from defensible.dossier.usability_study import Task, UsabilityStudy
from defensible.evidence import goals, joins, matching
from defensible.evidence.faults import Faults, counted, names, shown
from defensible.evidence.finding import (
    Answer,
    CriterionResult,
    JoinLedger,
    Measurement,
    Stratum,
    StudyResult,
)
from defensible.evidence.joins import Rows
from defensible.evidence.usability_finding import (
    FORMATIVE,
    SUMMATIVE,
    GroupCount,
    TaskFigures,
    UsabilityFindings,
)
from defensible.statistics import proportions
from defensible.statistics.arrays import Bools

if TYPE_CHECKING:
    import polars as pl

_ROLES = ("participant", "group", "session", "task", "observation", "root_cause")
_OUTCOMES = ("success", "close_call", "difficulty", "use_error")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Attempts:
    """Attempts, one an item of each array."""

    participant: tuple[str, ...]
    group: tuple[str, ...]
    task: tuple[str, ...]
    cause: tuple[str | None, ...]
    evaluation: dict[str, Bools]
    outcome: dict[str, Bools]


def result(study: UsabilityStudy, faults: Faults) -> StudyResult:
    """Everything that the study gives.

    Raises
    ------
    DossierError
        Everything in the study's tables and values that keeps it from being run.
    """
    rows = joins.gathered(study, joins.wanted_by(study, _ROLES), faults)
    if rows is None:
        faults.stop()
        raise AssertionError("a study without rows has said why")
    attempts = _attempts(study, rows.frame, faults)
    faults.stop()
    found = _findings(study, attempts)
    measurements = tuple(_measurement(one) for one in found.figures if one.group is None)
    return StudyResult(
        study=study.id,
        question=study.question,
        sampling=None,
        level=study.analysis.level,
        ledger=_ledger(rows),
        measurements=measurements,
        findings=(),
        criteria=_criteria(study, found),
        errors=(),
        dimensions=(),
        curve=None,
        held_out=None,
        provenance=None,
        new_site=(),
        cautions=_cautions(study, found),
        usability=found,
    )


def _attempts(study: UsabilityStudy, frame: "pl.DataFrame", faults: Faults) -> _Attempts:
    columns = study.data.columns
    row = frame[joins.ROW].to_numpy()
    said = {
        role: matching.texts(frame[name])
        for role in _ROLES
        if (name := getattr(columns, role)) is not None
    }
    for role in _ROLES[:-1]:
        empty = said[role].is_null().to_numpy()
        if empty.any():
            first = int(row[int(np.argmax(empty))])
            what = (
                f"{counted(int(empty.sum()), 'attempt')} without {role}, the first in row "
                f"{first:,} below the header"
            )
            faults.add("E064", ("data", "columns", role), what, "fill it")
    evaluation = {
        name: matching.named(frame[columns.session], getattr(study.sessions, name)).to_numpy()
        for name in (FORMATIVE, SUMMATIVE)
    }
    outcome = {
        name: matching.named(
            frame[columns.observation], getattr(study.observations, name)
        ).to_numpy()
        for name in _OUTCOMES
    }
    _one_of(said["session"], evaluation, ("sessions",), faults)
    _one_of(said["observation"], outcome, ("observations",), faults)
    _known(said["task"], [one.id for one in study.tasks], ("tasks",), "task", faults)
    groups = list(study.use.user_groups)
    _known(said["group"], groups, ("use", "user_groups"), "user group", faults)
    causes = said.get("root_cause")
    n = frame.height
    return _Attempts(
        participant=tuple(map(str, said["participant"])),
        group=tuple(map(str, said["group"])),
        task=tuple(map(str, said["task"])),
        cause=tuple(causes) if causes is not None else (None,) * n,
        evaluation=evaluation,
        outcome=outcome,
    )


def _one_of(
    said: "pl.Series", named: dict[str, Bools], keys: tuple[str, ...], faults: Faults
) -> None:
    """Each value belongs to one of the names."""
    times = np.sum(list(named.values()), axis=0)
    odd = (times != 1) & said.is_not_null().to_numpy()
    if odd.any():
        value = said[int(np.argmax(odd))]
        which = "none" if times[int(np.argmax(odd))] == 0 else "more than one"
        what = f"{shown(value)} is named by {which} of {', '.join(named)}"
        faults.add("E065", keys, what, "let each value that the table has stand under one of them")


def _known(
    said: "pl.Series", known: list[str], keys: tuple[str, ...], words: str, faults: Faults
) -> None:
    others = sorted(set(said.drop_nulls().unique().to_list()) - set(known))
    if others:
        what = f"the table has the {words} {names([shown(one) for one in others])}"
        faults.add(
            "E066", keys, what, f"declare it, or correct the table; declared: {names(known)}"
        )


def _findings(study: UsabilityStudy, of: _Attempts) -> UsabilityFindings:
    groups = study.use.user_groups
    figures = [
        _figures(study, of, task, evaluation, group)
        for evaluation in (FORMATIVE, SUMMATIVE)
        if of.evaluation[evaluation].any()
        for task in study.tasks
        for group in (None, *(groups if len(groups) > 1 else ()))
    ]
    who = np.array(of.participant, dtype=object)
    in_group = {group: np.array([one == group for one in of.group]) for group in groups}
    at_task = {one.id: np.array([name == one.id for name in of.task]) for one in study.tasks}
    last = of.evaluation[SUMMATIVE]
    return UsabilityFindings(
        figures=tuple(figures),
        participants=tuple(
            GroupCount(
                group=group,
                evaluation=name,
                n=len(set(who[in_group[group] & of.evaluation[name]])),
            )
            for name in (FORMATIVE, SUMMATIVE)
            for group in groups
        ),
        traced=tuple((one.id, (*one.hazards, *one.risks)) for one in study.tasks),
        untested_critical=tuple(
            (one.id, group)
            for one in study.tasks
            if one.critical
            for group in groups
            if not (last & at_task[one.id] & in_group[group]).any()
        ),
    )


def _figures(
    study: UsabilityStudy, of: _Attempts, task: Task, evaluation: str, group: str | None
) -> TaskFigures:
    here = of.evaluation[evaluation] & np.array([one == task.id for one in of.task])
    if group is not None:
        here = here & np.array([one == group for one in of.group])
    failed = here & of.outcome["use_error"]
    everyone = {of.participant[i] for i in np.flatnonzero(here)}
    erring = {of.participant[i] for i in np.flatnonzero(failed)}
    n = {name: int((here & held).sum()) for name, held in of.outcome.items()}
    causes = Counter(of.cause[i] or "not known" for i in np.flatnonzero(failed))
    rate = None
    if everyone:
        level = study.analysis.level
        rate = proportions.clopper_pearson(len(erring), len(everyone), level=level)
    return TaskFigures(
        task=task.id,
        critical=task.critical,
        evaluation=evaluation,
        group=group,
        n_participants=len(everyone),
        n_attempts=int(here.sum()),
        successes=n["success"],
        close_calls=n["close_call"],
        difficulties=n["difficulty"],
        use_errors=n["use_error"],
        rate=rate,
        root_causes=tuple(sorted(causes.items(), key=lambda one: (-one[1], one[0]))),
    )


def _measurement(one: TaskFigures) -> Measurement:
    return Measurement(
        metric=MetricName.USE_ERROR,
        stratum=Stratum(levels=(("task", one.task), ("evaluation", one.evaluation))),
        estimate=one.rate,
        n_cases=one.n_participants,
        n_diseased=0,
        n_healthy=0,
        why=None if one.rate is not None else "nobody was watched at it",
    )


def _criteria(study: UsabilityStudy, found: UsabilityFindings) -> tuple[CriterionResult, ...]:
    """Each critical task against the bound of the plan; an untested one does not meet it."""
    bound = study.analysis.use_error_below
    if bound is None:
        return ()
    criterion = Criterion(metric=MetricName.USE_ERROR, goal=Goal(below=bound), by="interval")
    tested = {
        one.task: one for one in found.figures if one.evaluation == SUMMATIVE and one.group is None
    }
    results = []
    for task in study.tasks:
        if task.critical:
            measurement = _measurement(tested.get(task.id) or _untested(task))
            met = goals.answer(measurement, criterion.goal) is Answer.SUPPORTED
            results.append(CriterionResult(criterion=criterion, measurement=measurement, met=met))
    return tuple(results)


def _untested(task: Task) -> TaskFigures:
    return TaskFigures(
        task=task.id,
        critical=task.critical,
        evaluation=SUMMATIVE,
        group=None,
        n_participants=0,
        n_attempts=0,
        successes=0,
        close_calls=0,
        difficulties=0,
        use_errors=0,
        rate=None,
        root_causes=(),
    )


def _cautions(study: UsabilityStudy, found: UsabilityFindings) -> tuple[str, ...]:
    said = [
        f"No summative session watched {group} at critical task {task}."
        for task, group in found.untested_critical
    ]
    if study.analysis.use_error_below is None:
        said.append("The plan states no bound on use errors: figures are given, none is tested.")
    return tuple(said)


def _ledger(rows: Rows) -> JoinLedger:
    return JoinLedger(
        sources=rows.sources,
        n_read=rows.n_read,
        tallies=rows.tallies,
        n_analysed=rows.frame.height,
        n_patients=None,
        n_diseased=0,
        n_healthy=0,
        unit="attempt",
    )
