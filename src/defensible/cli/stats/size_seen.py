"""From cases that a study needs to those that must be seen: clusters, prevalence, drop-outs."""

from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from defensible.statistics.sizing import Size

DropOut = Annotated[float, typer.Option(help="Share that will be lost.", min=0, max=0.99)]
CasesPerPatient = Annotated[
    float, typer.Option(help="Mean number of cases of a patient; above 1, cases are clustered.")
]
Tie = Annotated[float, typer.Option(help="Correlation of the cases of a patient, 0 to 1.")]
_SURE = 0.9
_OTHER = "non-diseased cases"


def clustered(size: "Size", cases_per_patient: float, correlation: float) -> "Size | None":
    """The same for patients with several cases, by the design effect; None for one case each.

    Raises `ValueError` as `sizing.with_design_effect`.
    """
    from defensible.statistics.sizing import with_design_effect

    told = {"cluster_size": cases_per_patient, "correlation": correlation}
    n, other = with_design_effect(size.n, **told), dict(size.besides).get(_OTHER)
    if cases_per_patient == 1:
        return None
    besides = () if other is None else ((_OTHER, with_design_effect(other, **told)),)
    effect = 1 + (cases_per_patient - 1) * correlation
    return replace(size, n=n, besides=besides, method=f"{size.method}, design effect {effect:.4g}")


def of_classes(size: "Size", drop_out: float, prevalence: float | None) -> tuple[int, int] | None:
    """How many must be seen, on average and with a chance of nine in ten; None if not asked.

    Of the first class, and of cases without the condition where the size has them. Raises
    `ValueError` for a drop-out of two classes whose prevalence nobody names.
    """
    from defensible.statistics.sizing import proportion, trials_for

    classes = [(size.n, 1.0 if prevalence is None else prevalence)]
    if (other := dict(size.besides).get(_OTHER)) is not None:
        classes.append((other, 1.0 if prevalence is None else 1 - prevalence))
    if prevalence is not None:
        proportion("prevalence", prevalence)
    elif not drop_out:
        return None
    elif len(classes) > 1:
        raise ValueError("drop-out of two classes asks for the prevalence among those seen")
    stay = 1 - drop_out
    chance = 1 - (1 - _SURE) / len(classes)
    return (
        max(ceil(n / (share * stay) - 1e-9) for n, share in classes),
        max(trials_for(n, share=share * stay, chance=chance) for n, share in classes),
    )
