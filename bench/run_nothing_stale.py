"""`defensible run` where nothing is stale, beyond the start of the interpreter, on the example.

Goal: under 0.5 s. Medians of whole processes, the two in turn: wall seconds, and those of the
processor, which a busy machine does not change.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

HEART = Path(__file__).parents[1] / "examples/heart-four-hospitals"
TURNS = 9
GOAL_S = 0.5


def seconds(*words: str) -> tuple[float, float]:
    """Wall and processor seconds of one process."""
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], check=True, capture_output=True)  # noqa: S603 - our own words
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "heart"
        shutil.copytree(HEART, root, ignore=shutil.ignore_patterns("evidence", "report.html"))
        for command in ("freeze", "run"):
            seconds("-m", "defensible", command, str(root))
        empty, run = [], []
        for _ in range(TURNS):
            empty.append(seconds("-c", "pass"))
            run.append(seconds("-m", "defensible", "run", str(root)))
        forced = [seconds("-m", "defensible", "run", str(root), "--force") for _ in range(3)]
    for at, kind in enumerate(("wall", "processor")):
        start, stale, again = (median(one[at] for one in taken) for taken in (empty, run, forced))
        print(
            f"{kind:<10} start {start:.3f} s; run, nothing stale: {stale - start:.3f} s beyond it "
            f"(goal {GOAL_S} s); run --force: {again / stale:.1f} times as long"
        )


if __name__ == "__main__":
    main()
