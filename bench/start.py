"""Whole processes: what a user waits for, as ratios over a bare interpreter.

`defensible --help`, `check`, `classify` and `assess` on the four-hospital example, alternated with
`python -c pass` in one run; medians, and the least processor time beyond the interpreter's own
start, which other work on the machine does not lengthen.
"""

import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEART = str(ROOT / "examples" / "heart-four-hospitals")
USE = f"{HEART}/intended-use.yaml"
RUNS = 7
PROGRAM = [sys.executable, "-m", "defensible"]
WORK = {
    "--help": [*PROGRAM, "--help"],
    "check": [*PROGRAM, "check", HEART],
    "classify, a file": [*PROGRAM, "classify", USE],
    "its what-if": [*PROGRAM, "classify", USE, "--what-if", "function=autonomous-diagnosis"],
    "its sensitivity": [*PROGRAM, "classify", USE, "--sensitivity"],
    "assess": [*PROGRAM, "assess", HEART],
    "assess, JSON": [*PROGRAM, "assess", HEART, "--format", "json"],
}


def seconds(command: list[str]) -> tuple[float, float]:
    """Wall seconds and processor seconds of one process."""
    begun, spent = time.perf_counter(), processor()
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own commands
    return time.perf_counter() - begun, processor() - spent


def processor() -> float:
    """Processor seconds of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print seconds and ratios."""
    bare = [sys.executable, "-c", "pass"]
    for name, command in WORK.items():
        seconds(command)
        pairs = [(seconds(command), seconds(bare)) for _ in range(RUNS)]
        ours = statistics.median(one[0] for one, _ in pairs)
        theirs = statistics.median(other[0] for _, other in pairs)
        ratio = statistics.median(one[0] / other[0] for one, other in pairs)
        beyond = min(one[1] for one, _ in pairs) - min(other[1] for _, other in pairs)
        print(
            f"{name:16s} {ours:6.3f} s, python -c pass {theirs:.3f} s, ratio {ratio:.1f}; "
            f"processor beyond start {beyond:.3f} s"
        )


if __name__ == "__main__":
    main()
