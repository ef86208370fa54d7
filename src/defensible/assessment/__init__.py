"""Which question is answered: the rubric, the gaps in order, and the verdict.

Everything here is derived from the dossier and the evidence; nothing here can be declared.
"""

from defensible.assessment.assess import assess
from defensible.assessment.obligations import selected
from defensible.assessment.result import Assessment, Cell, Gap, Link, Row, Status, Verdict

__all__ = ["Assessment", "Cell", "Gap", "Link", "Row", "Status", "Verdict", "assess", "selected"]
