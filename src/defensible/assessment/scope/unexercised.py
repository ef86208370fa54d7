"""What the intended use and the claims allow and no or too little evidence stands behind.

Allowed are the levels that claims declare, and what the intended use names: ages, sexes, makers of
the machine, kinds of image, limits of the protocol, where the device is used. Evidence is the cases
of the studies that serve a claim, by dimension. A dimension that no study has is unexercised as a
whole.
"""

from collections.abc import Iterator, Sequence

from defensible.assessment.result import OVERALL_DIMENSION, ClaimScope, Unexercised
from defensible.assessment.scope.new_site import NEW_SITE
from defensible.dossier.declared import Range
from defensible.dossier.dossier import Dossier, Place
from defensible.evidence.finding import Answer, SeenDimension, StudyResult

FEW = 10
"""Fewer cases of a class than this say next to nothing."""
SPECTRUM = ("severity", "stage", "size", "grade")
"""Dimensions by which a study can show how far along the disease was."""
SETTING = ("setting", "environment", "site_type", "unit")
FILE = "intended-use.yaml"


def unexercised(
    dossier: Dossier, scopes: Sequence[ClaimScope], results: tuple[StudyResult, ...]
) -> tuple[Unexercised, ...]:
    """Every allowed condition without enough evidence, those of the intended use first."""
    served = {claim for result in results for claim in _claims(result)}
    serving = [one for one in results if _claims(one) & served]
    found = [
        *_age(dossier, serving),
        *_named(dossier, serving),
        *_protocol(dossier, serving),
        *_setting(dossier, serving),
        *_spectrum(dossier, serving),
        *_claimed(dossier, scopes),
    ]
    once = {(one.dimension, one.condition): one for one in reversed(found)}
    return tuple(one for one in found if once[one.dimension, one.condition] is one)


def _claims(result: StudyResult) -> set[str]:
    return {one.claim for one in result.findings}


def _seen(serving: Sequence[StudyResult], name: str) -> list[tuple[StudyResult, SeenDimension]]:
    return [(one, dim) for one in serving for dim in one.dimensions if dim.name == name]


def _age(dossier: Dossier, serving: Sequence[StudyResult]) -> Iterator[Unexercised]:
    population = dossier.intended_use.population
    allowed = population.age_years if population else None
    if allowed is None:
        return
    place = dossier.place(FILE, "population", "age_years")
    seen = _seen(serving, "age")
    if not seen:
        yield _whole("age", _years(allowed), place)
        return
    lows = [one.low for _, one in seen if one.low is not None]
    highs = [one.high for _, one in seen if one.high is not None]
    if lows and allowed.from_ is not None and min(lows) >= allowed.from_ + 1:
        words = f"{allowed.from_:g} to {min(lows) - 1:g}"
        yield _none("age", f"years {words}", f"not studied under {min(lows):g} years", place)
    if highs and (allowed.to is None or max(highs) < allowed.to - 1):
        words = (
            f"over {max(highs):g}" if allowed.to is None else f"{max(highs):g} to {allowed.to:g}"
        )
        yield _none("age", f"years {words}", f"not studied over {max(highs):g} years", place)


def _years(allowed: Range) -> str:
    low = "" if allowed.from_ is None else f"from {allowed.from_:g}"
    high = "" if allowed.to is None else f"to under {allowed.to:g}"
    return f"{low} {high}".strip()


def _named(dossier: Dossier, serving: Sequence[StudyResult]) -> Iterator[Unexercised]:
    """Sexes, makers and kinds of image that the intended use names one by one."""
    use = dossier.intended_use
    population, acquisition = use.population, use.acquisition
    images = [one.value for one in use.imaging_modality or () if one.value != "none"]
    allowed = {
        ("sex", ("population", "sex")): [
            one.value for one in (population.sex if population else None) or ()
        ],
        ("vendor", ("acquisition", "vendors")): list(
            (acquisition.vendors if acquisition else None) or ()
        ),
        ("imaging_modality", ("imaging_modality",)): images if len(images) > 1 else [],
    }
    for (name, keys), levels in allowed.items():
        place = dossier.place(FILE, *keys)
        seen = _seen(serving, name)
        if levels and not seen:
            yield _whole(name, ", ".join(levels), place)
            continue
        for level in levels:
            yield from _level(name, level, seen, place)


def _level(
    name: str, level: str, seen: list[tuple[StudyResult, SeenDimension]], place: Place
) -> Iterator[Unexercised]:
    """A named level that was not seen, or with too few cases of a class in every study."""
    taken = [
        one.measurement
        for result, _ in seen
        for one in result.findings
        for dimension, found in one.measurement.stratum.levels
        if dimension == name and found.casefold() == level.casefold()
    ]
    most = max(taken, key=lambda one: one.fewest, default=None)
    if most is None or not most.n_cases:
        yield _none(name, level, f"not studied for {name} {level}", place)
    elif most.fewest < FEW:
        yield Unexercised(
            dimension=name,
            condition=level,
            n_cases=most.n_cases,
            why=most.counts,
            honest=f"studied in {most.n_cases:,} cases of {name} {level} only",
            place=place,
        )


def _protocol(dossier: Dossier, serving: Sequence[StudyResult]) -> Iterator[Unexercised]:
    """Limits of the acquisition that no study parts its cases by."""
    acquisition = dossier.intended_use.acquisition
    for name, limit in ((acquisition.parameters if acquisition else None) or {}).items():
        dimension = "_".join(name.casefold().split())
        if not _seen(serving, dimension):
            place = dossier.place(FILE, "acquisition", "parameters", name)
            yield _whole(dimension, limit, place)


def _setting(dossier: Dossier, serving: Sequence[StudyResult]) -> Iterator[Unexercised]:
    environment = dossier.intended_use.environment
    if environment and not any(_seen(serving, one) for one in SETTING):
        yield _whole("setting", environment, dossier.place(FILE, "environment"))


def _spectrum(dossier: Dossier, serving: Sequence[StudyResult]) -> Iterator[Unexercised]:
    finding = dossier.intended_use.target_finding or dossier.intended_use.condition
    if finding and not any(_seen(serving, one) for one in SPECTRUM):
        keys = ("target_finding",) if dossier.intended_use.target_finding else ("condition",)
        condition = f"every stage of {finding}"
        yield _whole("severity", condition, dossier.place(FILE, *keys))


def _claimed(dossier: Dossier, scopes: Sequence[ClaimScope]) -> Iterator[Unexercised]:
    """Levels that a claim declares and no case stands behind."""
    for scope in scopes:
        for one in scope.cells:
            if one.answer is Answer.UNSEEN and one.dimension != OVERALL_DIMENSION:
                if one.level == NEW_SITE:
                    continue
                place = dossier.identified.get(scope.claim) or Place(file="claims.yaml")
                honest = f"not studied for {one.name}"
                yield _none(one.dimension, one.level, honest, place)


def _whole(name: str, condition: str, place: Place) -> Unexercised:
    return Unexercised(
        dimension=name,
        condition=condition,
        n_cases=0,
        why=f"no study of a claim parts its cases by {name}",
        honest=f"not studied by {name.replace('_', ' ')}",
        place=place,
    )


def _none(name: str, condition: str, honest: str, place: Place) -> Unexercised:
    return Unexercised(
        dimension=name, condition=condition, n_cases=0, why="no cases", honest=honest, place=place
    )
