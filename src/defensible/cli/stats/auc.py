"""`defensible stats auc`: the area under the ROC curve of one score."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from defensible.cli.envelope import Form
from defensible.cli.stats import answer
from defensible.cli.stats.columns import Named, opened
from defensible.cli.stats.methods import Method, chosen, values
from defensible.cli.stats.options import File, Level, Output, Renamed

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DELONG = "DeLong, DeLong, Clarke-Pearson. Biometrics 1988;44:837-845"
_OBUCHOWSKI = "Obuchowski. Biometrics 1997;53:567-578"

ALONE = {
    "delong": Method(topic="roc", name="auc", source=_DELONG),
    "delong-logit": Method(topic="roc", name="auc_logit", source=f"{_DELONG}; logit scale"),
    "newcombe": Method(
        topic="roc",
        name="auc_newcombe",
        source="Newcombe. Statistics in Medicine 2006;25:559-573 (method 5)",
    ),
}
CLUSTERED = {
    "obuchowski": Method(topic="clustered", name="auc", source=_OBUCHOWSKI),
    "obuchowski-logit": Method(
        topic="clustered", name="auc_logit", source=f"{_OBUCHOWSKI}; logit scale"
    ),
}


def auc(
    file: File,
    method: Annotated[
        str | None,
        typer.Option(
            help=f"One of {', '.join((*ALONE, *CLUSTERED))}; obuchowski where the table has a "
            "column cluster, else delong."
        ),
    ] = None,
    column: Renamed = None,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """The area under the ROC curve of one score.

    Columns truth and score; cluster, the patient, where patients have several cases.
    """
    table = opened(file, column, ("truth", "score", "cluster"))
    default = "obuchowski" if table.has("cluster") else "delong"
    of = chosen({**ALONE, **CLUSTERED}, default if method is None else method)
    clustered = of in CLUSTERED.values()
    parts = ("cluster",) if clustered or table.has("cluster") else ()
    read = table.read(truths=("truth",), numbers=("score",), texts=parts)
    with values(table.file):
        extra = (read["cluster"],) if clustered else ()
        found = of.function(read["truth"], read["score"], *extra, level=level)
    note = "" if clustered else unclustered(table, read)
    result: dict[str, Any] = {
        **answer.estimate(found),
        "source": of.source,
        "n_diseased": int(read["truth"].sum()),
        "n_healthy": int((~read["truth"]).sum()),
        "notes": [note] if note else [],
    }
    lines = [
        f"AUC of {table.column('score')} in {table.file}",
        *answer.of(found),
        *answer.fields(
            ("classes", f"{result['n_diseased']:,} diseased, {result['n_healthy']:,} healthy"),
            ("method", found.method),
            ("source", of.source),
            ("note", note),
        ),
    ]
    answer.say(form, "auc", result, lines)


def unclustered(table: Named, read: "dict[str, NDArray[Any]]") -> str:
    """What to know where patients have several cases and the method takes them as independent."""
    import numpy as np

    if "cluster" not in read:
        return ""
    n_clusters = np.unique(read["cluster"]).size
    if n_clusters == read["cluster"].size:
        return ""
    return (
        f"{table.column('cluster')} has {n_clusters:,} values on {read['cluster'].size:,} rows: "
        "this method takes the rows as independent, and its interval may be too narrow"
    )
