"""Row 7, human factors: rarely looked at; how intended users interact with the output."""

from defensible.assessment.basis import Basis
from defensible.assessment.result import Cell, Need
from defensible.assessment.rubric.cells import cell, not_applicable
from defensible.dossier.vocabulary import Function, Workflow

READS_WITH_OUTPUT = frozenset(
    {Workflow.FIRST_READ, Workflow.CONCURRENT_READ, Workflow.SECOND_READ, Workflow.PARALLEL}
)


def engineering(_: Basis) -> Cell:
    """Engineering validation does not look at people."""
    return not_applicable("Engineering validation does not look at how people use the output.")


def regulatory(basis: Basis) -> Cell:
    """Has any study watched intended users, with the output and without it?"""
    use = basis.dossier.intended_use
    if use.function is Function.NON_DEVICE:
        return not_applicable("The function is declared as no device.")
    link = basis.link("intended-use.yaml", "intended-use.yaml", "user")
    needs = [
        Need(
            kind="human-factors",
            what="no usability study watched intended users at critical tasks (IEC 62366-1)",
            close="trace tasks to hazards, then run formative and summative usability studies",
            links=(link,),
        )
    ]
    if use.workflow is None or use.workflow in READS_WITH_OUTPUT:
        needs.append(
            Need(
                kind="human-factors",
                what="no reader study shows what the output does to the reading, "
                "least of all where it is wrong (automation bias)",
                close="run a reader study, unaided against aided, with cases the device gets wrong",
                links=(link,),
            )
        )
    return cell(
        "No study has watched an intended user with the output on screen.", needs, some=False
    )
