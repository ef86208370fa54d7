"""Cases that agree in everything but their identifiers: the same case under two names, perhaps."""

from defensible.evidence.confounders.basis import Basis
from defensible.evidence.faults import counted
from defensible.evidence.finding import Confounder, Figure, Presence

KIND = "near-duplicates"
TELLING = 0.5
"""Share of cases with a score of their own from which on an equal score means something."""


def found(basis: Basis) -> Confounder:
    """Cases of different patients with the same score, reference and level of every dimension."""
    import polars as pl

    columns, frame, cases = basis.study.data.columns, basis.cases.frame, basis.cases
    if columns.score is None or cases.scores is None:
        said = "There is no score by which two cases could be told to be the same."
        return Confounder(kind=KIND, presence=Presence.NOT_SHOWN, said=said)
    n = frame.height
    if frame[columns.score].n_unique() < TELLING * n:
        said = "Too many cases share a score for equal scores to mean the same case."
        return Confounder(kind=KIND, presence=Presence.NOT_SHOWN, said=said)
    names = {columns.score, columns.reference, *(one.column for one in basis.study.dimensions)}
    keyed = frame.select(sorted(names)).with_columns(
        pl.Series("patient code", cases.patient_codes())
    )
    by = [pl.col(name) for name in sorted(names)]
    alike = keyed.group_by(by).agg(pl.col("patient code").n_unique().alias("patients"))
    several = alike.filter(pl.col("patients") > 1)["patients"]
    n_alike = int(several.sum())
    if not n_alike:
        said = (
            f"No two patients agree in score, reference and {counted(len(names) - 2, 'dimension')}."
        )
        return Confounder(kind=KIND, presence=Presence.ABSENT, said=said)
    said = (
        f"{counted(n_alike, 'patient')} in {counted(len(several), 'group')} agree in score, "
        "reference and every dimension: look whether they are the same case."
    )
    figures = (Figure(name="alike", value=n_alike), Figure(name="groups", value=len(several)))
    return Confounder(kind=KIND, presence=Presence.PRESENT, said=said, figures=figures)
