"""How often groups of readers are found to differ at 0.05 where they do not, readings missing.

The model and designs of `reader_gaps_coverage.py`, patients with one case. Two groups of readers,
as by experience: nested, where each group has patients of its own in a split-plot design, or
across. Beside the test of a reader study stands the one that takes what readers share through the
cases to cancel. `... [N_STUDIES]`.
"""

import sys

import numpy as np

from defensible.statistics import error_covariance, reader_interaction
from reader_gaps_coverage import GROUPS, OWN, of_ratings, patients_of, rated, read_by


def main(n_studies: int) -> None:
    """Print one line for each design, number of readers and kind of groups."""
    for design in ("split-plot", "missing at random"):
        for readers in (8, 12):
            at = np.arange(readers)
            for name, group in (
                ("nested", at % GROUPS < GROUPS // 2),
                ("across", at < readers // 2),
            ):
                rng, found = np.random.default_rng(20261129), np.zeros(2)
                truth, patient = patients_of(120, several=False)
                for _ in range(n_studies):
                    read = read_by(rng, design, readers, patient)
                    ratings = rated(rng, truth, patient, readers, OWN)[..., 0]
                    errors = error_covariance.delong(of_ratings(truth, ratings, read))
                    gaps = errors.values[1] - errors.values[0]
                    for place, one in enumerate(
                        (
                            reader_interaction.between_readers_with_gaps(errors, group),
                            reader_interaction.between_readers(gaps, group),
                        )
                    ):
                        found[place] += one.p is not None and one.p < 0.05
                ours, cancelled = found / n_studies
                print(
                    f"{design}, {readers} readers, {name}: {ours:.3f}, as if it cancelled "
                    f"{cancelled:.3f}",
                    flush=True,
                )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
