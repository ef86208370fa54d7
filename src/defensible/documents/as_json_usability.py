"""What only a usability study has, in the JSON form."""

from typing import Any

from defensible.documents.as_json_estimate import estimate
from defensible.evidence.usability_finding import UsabilityFindings

Json = dict[str, Any]


def usability(found: UsabilityFindings) -> Json:
    """Tasks with their use errors, who took part, and what was not watched."""
    return {
        "tasks": [
            {
                "task": one.task,
                "critical": one.critical,
                "evaluation": one.evaluation,
                "group": one.group,
                "n_participants": one.n_participants,
                "n_attempts": one.n_attempts,
                "successes": one.successes,
                "close_calls": one.close_calls,
                "difficulties": one.difficulties,
                "use_errors": one.use_errors,
                "rate": estimate(one.rate),
                "root_causes": dict(one.root_causes),
            }
            for one in found.figures
        ],
        "participants": [
            {"group": one.group, "evaluation": one.evaluation, "n": one.n}
            for one in found.participants
        ],
        "traced": {task: list(to) for task, to in found.traced},
        "untested_critical": [
            {"task": task, "group": group} for task, group in found.untested_critical
        ],
    }
