"""`defensible stats compare`: two scores, or two binary tests, of the same cases."""

from typing import Annotated, Any

import typer

from defensible.cli.envelope import Form
from defensible.cli.stats import answer
from defensible.cli.stats.auc import unclustered
from defensible.cli.stats.columns import Named, opened
from defensible.cli.stats.methods import Method, chosen, values
from defensible.cli.stats.options import File, Level, Output, Renamed

_PAIRED = "Statistics in Medicine 1998;17"

AREAS = {
    "delong": Method(
        topic="roc_compare",
        name="paired",
        source="DeLong, DeLong, Clarke-Pearson. Biometrics 1988;44:837-845",
    ),
    "obuchowski": Method(
        topic="roc_compare",
        name="paired_clustered",
        source="Obuchowski. Biometrics 1997;53:567-578",
    ),
}
SHARES = {
    "tango": Method(topic="paired", name="tango", source=f"Tango. {_PAIRED}:891-908"),
    "newcombe": Method(
        topic="paired", name="newcombe", source=f"Newcombe. {_PAIRED}:2635-2650 (method 10)"
    ),
    "bonett-price": Method(
        topic="paired",
        name="bonett_price",
        source="Bonett, Price. Journal of Educational and Behavioral Statistics 2012;37:479-488",
    ),
}


def compare(
    file: File,
    method: Annotated[
        str | None,
        typer.Option(
            help=f"Scores: {', '.join(AREAS)}; decisions: {', '.join(SHARES)}. Unnamed: "
            "obuchowski where the table has a column cluster, else delong."
        ),
    ] = None,
    column: Renamed = None,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Two scores, or two binary tests, of the same cases.

    First minus second. Columns truth, first, second; cluster where patients have several cases.
    """
    table = opened(file, column, ("truth", "first", "second", "cluster"))
    default = "obuchowski" if table.has("cluster") else "delong"
    name = default if method is None else method
    of = chosen({**AREAS, **SHARES}, name)
    if of in SHARES.values():
        result, lines = _shares(table, of, level)
    else:
        result, lines = _areas(table, of, level)
    answer.say(form, "compare", result, lines)


def _areas(table: Named, of: Method, level: float) -> tuple[dict[str, Any], list[str]]:
    clustered = of is AREAS["obuchowski"]
    parts = ("cluster",) if clustered or table.has("cluster") else ()
    read = table.read(truths=("truth",), numbers=("first", "second"), texts=parts)
    cluster = (read["cluster"],) if clustered else ()
    one = Method(topic="clustered" if clustered else "roc", name="auc", source=of.source).function
    with values(table.file):
        found = of.function(read["truth"], read["first"], read["second"], *cluster, level=level)
        first, second = (
            one(read["truth"], read[part], *cluster, level=level) for part in ("first", "second")
        )
    note = "" if clustered else unclustered(table, read)
    names = table.column("first"), table.column("second")
    result = {
        **answer.estimate(found),
        "source": of.source,
        "first": {"name": names[0], **answer.estimate(first)},
        "second": {"name": names[1], **answer.estimate(second)},
        "n_diseased": int(read["truth"].sum()),
        "n_healthy": int((~read["truth"]).sum()),
        "notes": [note] if note else [],
    }
    lines = [
        f"AUC of {names[0]} minus {names[1]} in {table.file}",
        *answer.of(found, label="difference"),
        *answer.fields(("method", found.method), ("source", of.source), ("note", note)),
        "",
        *answer.estimates([(names[0], first), (names[1], second)], p=False),
    ]
    return result, lines


def _shares(table: Named, of: Method, level: float) -> tuple[dict[str, Any], list[str]]:
    """Sensitivity among the diseased, specificity among the healthy: two paired differences."""
    from defensible.statistics import paired

    parts = ("cluster",) if table.has("cluster") else ()
    read = table.read(truths=("truth", "first", "second"), texts=parts)
    note = unclustered(table, read)
    result: dict[str, Any] = {"source": of.source, "notes": [note] if note else []}
    lines = [
        f"{table.column('first')} minus {table.column('second')} in {table.file}",
        *answer.fields(
            ("method", f"{of.name}; p by the exact McNemar test"), ("source", of.source)
        ),
        *answer.fields(("note", note)),
        "",
    ]
    rows = []
    for metric, chosen_class in (("sensitivity", read["truth"]), ("specificity", ~read["truth"])):
        first, second = (read[part][chosen_class] for part in ("first", "second"))
        if metric == "specificity":
            first, second = ~first, ~second
        with values(table.file):
            counts = paired.pairs(first, second)
            found, test = of.function(counts, level=level), paired.mcnemar_exact(counts)
        result[metric] = {
            **answer.estimate(found),
            "first": float(first.mean()),
            "second": float(second.mean()),
            "pairs": answer.plain(counts),
            "mcnemar_exact": answer.significance(test),
        }
        share = f"{first.mean():.4f} - {second.mean():.4f}"
        rows.append([metric, share, *_cells(found), answer.probability(test.p), f"{found.n:,}"])
    head = ["", "rates", "difference", "low", "high", "p", "n"]
    return result, [*lines, *answer.compact([head, *rows], right=frozenset(range(1, 7)))]


def _cells(found: Any) -> list[str]:
    return [answer.number(one) for one in (found.value, found.low, found.high)]
