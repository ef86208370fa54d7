"""Power that the closed forms of sizes say, and power in simulated studies of that size.

    python -m bench.sizing_power --replicates 20000

Each study is analysed by the program's own interval. Prints a table with the Monte Carlo error.
"""

import argparse
from math import sqrt

import numpy as np
from tests.statistics import planned_marks, planned_studies

SEED = 20_261_125


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=20_000)
    replicates = parser.parse_args().replicates
    print("| Study | Size | Power said | Simulated | Error |\n| --- | --- | --- | --- | --- |")
    for one in (*planned_studies.studies(), *planned_marks.studies()):
        n = max(100, replicates // one.slow)
        share = float(one.cleared(np.random.default_rng(SEED), n).mean())
        error = sqrt(share * (1 - share) / n)
        print(
            f"| {one.name} | {one.size} | {one.power:.3f} | {share:.3f} | {error:.3f} |", flush=True
        )


if __name__ == "__main__":
    main()
