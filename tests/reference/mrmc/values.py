"""Reader-study values on table.csv by scikit-learn and statsmodels; writes values-python.json.

python values.py
"""

import json
from pathlib import Path

import pandas as pd
import sklearn
import statsmodels
import statsmodels.formula.api as smf
from sklearn.metrics import roc_auc_score
from statsmodels.stats.anova import anova_lm

HERE = Path(__file__).parent
TABLE = pd.read_csv(HERE / "table.csv")
CASES = sorted(TABLE["case"].unique())


def areas(table: pd.DataFrame) -> pd.Series:
    cells = table.groupby(["modality", "reader"])
    return pd.Series({key: roc_auc_score(part.truth, part.rating) for key, part in cells})


whole = areas(TABLE)
rows = []
for gone in CASES:
    without = areas(TABLE[TABLE["case"] != gone])
    pseudo = len(CASES) * whole - (len(CASES) - 1) * without
    rows += [
        {"modality": modality, "reader": reader, "case": gone, "y": value}
        for (modality, reader), value in pseudo.items()
    ]
effects = "C(modality)*C(reader) + C(modality)*C(case) + C(reader)*C(case)"
squares = anova_lm(smf.ols(f"y ~ {effects}", data=pd.DataFrame(rows)).fit())
values = {
    "software": f"scikit-learn {sklearn.__version__}, statsmodels {statsmodels.__version__}",
    "call": "python values.py: roc_auc_score; anova_lm(ols(...)), the residual is the interaction",
    "auc": whole.tolist(),
    "pseudovalue_mean_squares": (squares["sum_sq"] / squares["df"]).to_dict(),
}
(HERE / "values-python.json").write_text(json.dumps(values, indent=1) + "\n")
