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
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix, roc_auc_score, roc_curve
from statsmodels.genmod.cov_struct import Independence
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_estimating_equations import GEE
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

HERE = Path(__file__).parent
TABLE = pd.read_csv(HERE / "table.csv")

sick = TABLE[TABLE["truth"] == 1]
tn, fp, fn, tp = (int(count) for count in confusion_matrix(TABLE["truth"], TABLE["first"]).ravel())
early = TABLE["patient"] < 55
groups = [(int(part["first"].sum()), len(part)) for part in (TABLE[early], TABLE[~early])]
gee = GEE(
    sick["first"], np.ones(len(sick)), groups=sick["patient"], family=Binomial(),
    cov_struct=Independence(),
).fit()  # fmt: skip
pairs = pd.crosstab(TABLE["first"], TABLE["second"]).to_numpy()[::-1, ::-1]
values = {
    "software": f"scikit-learn {sklearn.__version__}, statsmodels {statsmodels.__version__}, "
    f"scipy {scipy.__version__}",
    "call": "python values.py",
    "auc": {name: roc_auc_score(TABLE["truth"], TABLE[name]) for name in ("score", "rating")},
    "mcclish_specificity_0.8": {
        name: roc_auc_score(TABLE["truth"], TABLE[name], max_fpr=0.2)
        for name in ("score", "rating")
    },
    "curve_rating": [
        item.tolist()
        for item in roc_curve(TABLE["truth"], TABLE["rating"], drop_intermediate=False)[:2]
    ],
    "counts": [tp, fp, fn, tn],
    "proportion": {
        method: proportion_confint(tp, tp + fn, alpha=0.1, method=method)
        for method in ("beta", "wilson", "agresti_coull", "jeffreys", "normal")
    },
    "wilson_corrected": list(binomtest(tp, tp + fn).proportion_ci(0.9, "wilsoncc")),
    "groups": groups,
    "difference": {
        method: confint_proportions_2indep(*groups[0], *groups[1], method=method, compare="diff")
        for method in ("newcomb", "agresti-caffo", "wald")
    },
    "ratio_log": confint_proportions_2indep(*groups[0], *groups[1], method="log", compare="ratio"),
    "sensitivity_logit_se": float(gee.bse.iloc[0] if hasattr(gee.bse, "iloc") else gee.bse[0]),
    "mcnemar_exact": float(mcnemar(pairs, exact=True).pvalue),
}
(HERE / "values-python.json").write_text(json.dumps(values, indent=2) + "\n")
