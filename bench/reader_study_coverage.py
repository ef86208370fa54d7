"""How often the interval of the AUC difference holds the true one, over simulated reader studies.

The model is that of `examples/reader-study/simulate.py`, whose true difference has a closed form;
the analysis is that of a crossed study in a dossier, readers and cases random. `... [N_STUDIES]`.
"""

import runpy
import sys
from pathlib import Path

import numpy as np

from defensible.statistics import error_covariance, mrmc_inference, obuchowski_rockette
from defensible.statistics.reader_table import from_dense

MODEL = Path(__file__).parents[1] / "examples/reader-study/simulate.py"
SIZES = ((6, 100), (10, 120), (20, 400))


def main(n_studies: int) -> None:
    """Print the coverage at each size."""
    model = runpy.run_path(str(MODEL))
    true, rng = model["true_difference"](), np.random.default_rng(20261126)
    for readers, cases in SIZES:
        held, widths, found = 0, [], []
        for _ in range(n_studies):
            truth, _device, unaided, aided = model["impressions"](rng, readers, cases)
            errors = error_covariance.delong(from_dense(truth, np.stack([unaided, aided])))
            result = obuchowski_rockette.random_readers(errors)
            one = mrmc_inference.difference(result, new="2", reference="1")
            held += one.low <= true <= one.high
            widths.append(one.high - one.low)
            found.append(one.value)
        print(
            f"{readers} readers, {cases} cases: coverage {held / n_studies:.4f}, "
            f"mean {np.mean(found):.4f} (true {true:.4f}), width {np.mean(widths):.4f}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
