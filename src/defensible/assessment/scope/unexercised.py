"""What the intended use, the claims and labeling allow and no or too little evidence stands behind.

Allowed are the levels that claims declare, what the intended use names (ages, sexes, makers of the
machine, kinds of image, limits of the protocol, where the device is used), and what labeling allows
in its prose (`labeled`). Evidence is the cases of the studies that serve a claim, by dimension. A
dimension that no study has is unexercised as a whole.
"""

from collections.abc import Iterator, Sequence

from defensible.assessment.result import OVERALL_DIMENSION, ClaimScope, Unexercised
from defensible.assessment.scope.exercise import (
    level_without,
    none,
    seen_as,
    serving,
    whole,
    years_without,
)
from defensible.assessment.scope.labeled import labeled, names_of, sameness
from defensible.assessment.scope.new_site import NEW_SITE
from defensible.dossier.dossier import Dossier, Place
from defensible.evidence.finding import Answer, StudyResult

FILE = "intended-use.yaml"


def unexercised(
    dossier: Dossier, scopes: Sequence[ClaimScope], results: tuple[StudyResult, ...]
) -> tuple[Unexercised, ...]:
    """Every allowed condition without enough evidence, those of the intended use first."""
    studies = serving(results)
    declared = [
        *_age(dossier, studies),
        *_named(dossier, studies),
        *_protocol(dossier, studies),
        *_setting(dossier, studies),
        *_spectrum(dossier, studies),
        *_claimed(dossier, scopes),
    ]
    once = {(one.dimension, one.condition): one for one in reversed(declared)}
    first = [one for one in declared if once[one.dimension, one.condition] is one]
    return labeled(dossier, first, studies)


def _age(dossier: Dossier, studies: Sequence[StudyResult]) -> Iterator[Unexercised]:
    population = dossier.intended_use.population
    if population is not None and population.age_years is not None:
        place = dossier.place(FILE, "population", "age_years")
        yield from years_without(population.age_years, seen_as(studies, ("age",)), place)


def _named(dossier: Dossier, studies: Sequence[StudyResult]) -> Iterator[Unexercised]:
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
        seen = seen_as(studies, names_of(name))
        if levels and not seen:
            yield whole(name, ", ".join(levels), place)
            continue
        for level in levels:
            yield from level_without(name, level, seen, place, same=sameness(name, level))


def _protocol(dossier: Dossier, studies: Sequence[StudyResult]) -> Iterator[Unexercised]:
    """Limits of the acquisition that no study parts its cases by."""
    acquisition = dossier.intended_use.acquisition
    for name, limit in ((acquisition.parameters if acquisition else None) or {}).items():
        dimension = "_".join(name.casefold().split())
        if not seen_as(studies, names_of(dimension)):
            place = dossier.place(FILE, "acquisition", "parameters", name)
            yield whole(dimension, limit, place)


def _setting(dossier: Dossier, studies: Sequence[StudyResult]) -> Iterator[Unexercised]:
    environment = dossier.intended_use.environment
    if environment and not seen_as(studies, names_of("setting")):
        yield whole("setting", environment.rstrip("."), dossier.place(FILE, "environment"))


def _spectrum(dossier: Dossier, studies: Sequence[StudyResult]) -> Iterator[Unexercised]:
    finding = dossier.intended_use.target_finding or dossier.intended_use.condition
    if finding and not seen_as(studies, names_of("severity")):
        keys = ("target_finding",) if dossier.intended_use.target_finding else ("condition",)
        condition = f"every stage of {finding}"
        yield whole("severity", condition, dossier.place(FILE, *keys))


def _claimed(dossier: Dossier, scopes: Sequence[ClaimScope]) -> Iterator[Unexercised]:
    """Levels that a claim declares and no case stands behind."""
    for scope in scopes:
        for one in scope.cells:
            if one.answer is Answer.UNSEEN and one.dimension != OVERALL_DIMENSION:
                if one.level == NEW_SITE:
                    continue
                place = dossier.identified.get(scope.claim) or Place(file="claims.yaml")
                honest = f"not studied for {one.name}"
                yield none(one.dimension, one.level, honest, place)
