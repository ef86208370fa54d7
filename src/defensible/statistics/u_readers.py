"""Readers' own figures in an analysis by U-statistics: normal intervals, the reader as fixed."""

from itertools import combinations
from math import inf

import numpy as np

from defensible.statistics import mrmc_inference as inference
from defensible.statistics.froc_table import FrocTable
from defensible.statistics.reader_table import ReaderTable
from defensible.statistics.u_moments import UMoments


def estimates(
    table: ReaderTable | FrocTable, moments: UMoments, level: float, n: int
) -> tuple[inference.ReaderEstimate, ...]:
    """The figure of each reader in each modality in which she read a pair."""
    return tuple(
        inference.ReaderEstimate(
            modality=modality,
            reader=reader,
            estimate=inference.interval(
                float(moments.reader_auc[i, r]),
                float(np.nan_to_num(moments.reader_covariance[i, i, r])),
                df=inf,
                level=level,
                method="normal, unbiased variance",
                n=n,
                lowest=0.0,
                highest=1.0,
            ),
        )
        for i, modality in enumerate(table.modalities)
        for r, reader in enumerate(table.readers)
        if np.isfinite(moments.reader_auc[i, r])
    )


def differences(
    table: ReaderTable | FrocTable, moments: UMoments, level: float, n: int
) -> tuple[inference.Difference, ...]:
    """First less second modality, of each reader who read a pair in both."""
    auc, matrix = moments.reader_auc, moments.reader_covariance
    return tuple(
        inference.Difference(
            first=table.modalities[i],
            second=table.modalities[j],
            reader=reader,
            estimate=inference.interval(
                float(auc[i, r] - auc[j, r]),
                float(np.nan_to_num(matrix[i, i, r] + matrix[j, j, r] - 2 * matrix[i, j, r])),
                df=inf,
                level=level,
                method="normal, unbiased variance",
                n=n,
                lowest=-1.0,
                highest=1.0,
                parts=float(np.nan_to_num(matrix[i, i, r] + matrix[j, j, r])),
                tested=True,
            ),
        )
        for r, reader in enumerate(table.readers)
        for i, j in combinations(range(len(table.modalities)), 2)
        if np.isfinite(auc[i, r]) and np.isfinite(auc[j, r])
    )
