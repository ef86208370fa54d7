"""Arrays in, estimates out: no files, no dossier, no tables.

Enter by topic, so that nothing is loaded unasked::

    from defensible.statistics import roc

    roc.auc(truth, scores)
"""
