"""`defensible run` where nothing is stale, beyond the start of the interpreter, on the example.

Goal: under 0.5 s. Medians of whole processes, the two in turn.
"""

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


def seconds(*words: str) -> float:
    begin = time.perf_counter()
    subprocess.run([sys.executable, *words], check=True, capture_output=True)  # noqa: S603 - our own words
    return time.perf_counter() - begin


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "heart"
        shutil.copytree(HEART, root, ignore=shutil.ignore_patterns("evidence", "report.html"))
        for command in ("freeze", "run"):
            seconds("-m", "defensible", command, str(root))
        pairs = [
            (seconds("-c", "pass"), seconds("-m", "defensible", "run", str(root)))
            for _ in range(TURNS)
        ]
        forced = median(seconds("-m", "defensible", "run", str(root), "--force") for _ in range(3))
    start, run = (median(one) for one in zip(*pairs, strict=True))
    print(f"interpreter start      {start:.3f} s")
    print(f"run, nothing stale     {run:.3f} s, {run - start:.3f} s beyond start (goal {GOAL_S} s)")
    print(f"run --force            {forced:.3f} s, {forced / run:.1f} times as long")


if __name__ == "__main__":
    main()
