"""Levels that the data cannot tell apart, since one was seen only together with the other."""

from collections.abc import Iterator

from defensible.assessment.result import Confounded
from defensible.dossier.claims import Claim
from defensible.evidence.finding import Crossed, StudyResult

SITE = "site"


def confounded(claim: Claim, results: list[StudyResult]) -> tuple[Confounded, ...]:
    """What was seen at one site only, in the dimensions that the claim's scope names.

    Also two dimensions of the scope whose levels come in the same pairs throughout.
    """
    return tuple(one for result in results for one in _of_study(claim, result))


def _of_study(claim: Claim, result: StudyResult) -> Iterator[Confounded]:
    for names, cells in _tables(result).items():
        one, other = names
        if not {one, other} & claim.scope.keys():
            continue
        if SITE in names:
            dimension = other if one == SITE else one
            yield from _seen_once(result.study, dimension, SITE, cells)
        elif _paired(one, other, cells):
            yield from _seen_once(result.study, one, other, cells)


def _tables(result: StudyResult) -> dict[tuple[str, str], list[Crossed]]:
    """Cells with cases, by the two dimensions that they cross."""
    tables: dict[tuple[str, str], list[Crossed]] = {}
    for cell in result.crossed:
        if cell.n_cases and len(cell.stratum.levels) == 2:
            (one, _), (other, _) = cell.stratum.levels
            tables.setdefault((one, other), []).append(cell)
    return tables


def _paired(one: str, other: str, cells: list[Crossed]) -> bool:
    """Whether each level of either was seen with one level of the other."""
    return all(
        len(partners) == 1
        for first, second in ((one, other), (other, one))
        for partners in _partners(first, second, cells).values()
    )


def _partners(one: str, other: str, cells: list[Crossed]) -> dict[str, dict[str, int]]:
    """For each level of a dimension, the levels of the other that it was seen with, and cases."""
    found: dict[str, dict[str, int]] = {}
    for cell in cells:
        levels = dict(cell.stratum.levels)
        found.setdefault(levels[one], {})[levels[other]] = cell.n_cases
    return found


def _seen_once(study: str, one: str, other: str, cells: list[Crossed]) -> Iterator[Confounded]:
    partners = _partners(one, other, cells)
    others = {level for seen in partners.values() for level in seen}
    if len(others) < 2:
        return
    for level, seen in partners.items():
        if len(seen) == 1:
            ((other_level, n_cases),) = seen.items()
            yield Confounded(
                study=study,
                dimension=one,
                level=level,
                other=other,
                other_level=other_level,
                n_cases=n_cases,
                said=(
                    f"{one} {level} was seen at one {other} only, {other_level}: "
                    f"{one} and {other} can't be told apart there"
                ),
            )
