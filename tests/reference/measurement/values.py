"""Values on table.csv by scikit-learn, statsmodels and scipy; writes values-python.json.

python values.py
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import scipy
import sklearn
import statsmodels
import statsmodels.api as sm
from scipy.spatial.distance import directed_hausdorff
from scipy.special import logit
from scipy.stats import binom
from sklearn.metrics import brier_score_loss, cohen_kappa_score, f1_score, jaccard_score
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa
from statsmodels.stats.oneway import anova_oneway

HERE = Path(__file__).parent
TABLE = pd.read_csv(HERE / "table.csv", dtype={"reference_mask": str, "device_mask": str})
RATINGS = TABLE[["a", "b", "c"]].to_numpy()
cross = pd.crosstab(TABLE["a"], TABLE["b"]).to_numpy()
x = sm.add_constant(logit(TABLE["probability"]))
fit = sm.Logit(TABLE["truth"], x).fit(disp=0, tol=1e-14)
large = sm.GLM(
    TABLE["truth"],
    np.ones(len(TABLE)),
    family=sm.families.Binomial(),
    offset=logit(TABLE["probability"]),
).fit(tol=1e-14)
counts, _ = aggregate_raters(RATINGS)
subjects = anova_oneway(list(RATINGS.astype(float)), use_var="equal")


def overlap(i: int) -> list[float]:
    masks = [
        np.array(list(TABLE[name][i]), dtype=int).reshape(12, 12)
        for name in ("reference_mask", "device_mask")
    ]
    edges = []
    for mask in masks:
        padded = np.pad(mask, 1)
        inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
        edges.append(np.argwhere((mask == 1) & (inner == 0)))
    first, second = (mask.ravel() for mask in masks)
    far = max(directed_hausdorff(*edges)[0], directed_hausdorff(*edges[::-1])[0])
    return [float(f1_score(first, second)), float(jaccard_score(first, second)), float(far)]


def exact(expected: float, goal: float, alpha: float, power: float) -> int:
    n = np.arange(1, 2001)
    powers = binom.sf(binom.isf(alpha, n, goal), n, expected)
    return int(n[np.argmax(powers >= power)])


values = {
    "software": f"scikit-learn {sklearn.__version__}, statsmodels {statsmodels.__version__}, "
    f"scipy {scipy.__version__}",
    "call": "python values.py",
    "kappa": cohen_kappa_score(TABLE["a"], TABLE["b"]),
    "kappa_linear": cohen_kappa_score(TABLE["a"], TABLE["b"], weights="linear"),
    "kappa_quadratic": cohen_kappa_score(TABLE["a"], TABLE["b"], weights="quadratic"),
    "kappa_se": float(cohens_kappa(cross).std_kappa),
    "kappa_limits": [float(cohens_kappa(cross).kappa_low), float(cohens_kappa(cross).kappa_upp)],
    "fleiss": float(fleiss_kappa(counts, method="fleiss")),
    "randolph": float(fleiss_kappa(counts, method="randolph")),
    "icc_f": float(subjects.statistic),
    "slope": [float(fit.params.iloc[1]), float(fit.bse.iloc[1])],
    "intercept": [float(fit.params.iloc[0]), float(fit.bse.iloc[0])],
    "in_the_large": [float(large.params.iloc[0]), float(large.bse.iloc[0])],
    "brier": brier_score_loss(TABLE["truth"], TABLE["probability"]),
    "masks": [overlap(i) for i in range(5)],
    "exact": [
        exact(0.95, 0.9, 0.025, 0.8),
        exact(0.95, 0.9, 0.05, 0.8),
        exact(0.9, 0.8, 0.025, 0.9),
    ],
}
(HERE / "values-python.json").write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
