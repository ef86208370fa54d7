"""A reader study of marks without a pilot: wAFROC variances by the search model, readers as known.

A reader without the device and one with it are two search models. The variance of one reader's
wAFROC is the mean of both models', its correlations and the ranges of readers those of
`sizing_readers.conjectured`; the ranges are of AUCs, and stretched as the model stretches a change
of the AUC.

References
----------
Chakraborty. Observer Performance Methods for Diagnostic Imaging, CRC Press 2017 (search model, and
effect sizes of the wAFROC from those of the AUC).
Obuchowski. AJR 2000;175:603-608; Rockette et al. Investigative Radiology 1999;34:169-175.
"""

from dataclasses import dataclass

from defensible.statistics import search_model, sizing_readers
from defensible.statistics.search_model import Search
from defensible.statistics.sizing_mrmc import Pilot


@dataclass(frozen=True, slots=True, kw_only=True)
class Conjecture:
    """What is taken to be true of a reader study of marks, and the variance that follows.

    Attributes
    ----------
    unaided, aided : Search
        The models of a reader without the device and with it.
    difference : float
        Of the wAFROC, aided less unaided.
    unit_variance : float
        Variance of one reader's wAFROC times the number of cases of each class.
    per_auc : float
        Change of the wAFROC for a change of the AUC.
    """

    unaided: Search
    aided: Search
    difference: float
    unit_variance: float
    per_auc: float

    def pilot(self, n_readers: int, variability: str) -> Pilot:
        """Components for so many readers; errors as in `sizing_readers.conjectured`."""
        return sizing_readers.conjectured(
            variability=variability,
            n_readers=n_readers,
            unit_variance=self.unit_variance,
            per_auc=self.per_auc,
        )


def conjecture(unaided: Search, aided: Search, *, lesions: float, correlation: float) -> Conjecture:
    """The difference of two models, and the mean variance of a reader's wAFROC.

    Parameters
    ----------
    unaided, aided : Search
        `search_model.of_wafroc`, or `of_auc` where an AUC is what is known. With as many marks in
        both, what changes is how far lesions are rated above false marks, as RJafroc converts
        effects; a device that shows lesions nobody saw has more found.
    lesions : float
        Mean number of a diseased case, 1 or above.
    correlation : float in [0, 1]
        Of the lesions of a case; 0 in the search model.

    Raises
    ------
    ValueError
        A value out of range.
    """
    counts = search_model.lesion_counts(lesions)
    both = (unaided, aided)
    parts = [search_model.placement_variances(one, counts, correlation) for one in both]
    return Conjecture(
        unaided=unaided,
        aided=aided,
        difference=search_model.wafroc(aided) - search_model.wafroc(unaided),
        unit_variance=sum(sum(one) for one in parts) / 2,
        per_auc=sum(search_model.wafroc_per_auc(one, counts) for one in both) / 2,
    )
