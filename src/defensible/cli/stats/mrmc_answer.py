"""The answer of an analysis of a reader study, for people and for programs."""

from typing import TYPE_CHECKING, Any

import typer

from defensible.cli.stats import answer

if TYPE_CHECKING:
    from defensible.statistics.mrmc_inference import MarginTest, MrmcResult


def as_json(
    found: "MrmcResult[Any]", source: str, tests: "dict[str, MarginTest]"
) -> dict[str, Any]:
    """The stable keys of an MRMC answer."""
    return {
        "method": found.method,
        "figure": found.figure,
        "source": source,
        "modalities": [
            {"modality": one.modality, **answer.estimate(one.estimate)} for one in found.modalities
        ],
        "readers": [
            {"modality": one.modality, "reader": one.reader, **answer.estimate(one.estimate)}
            for one in found.readers
        ],
        "differences": [
            {
                "first": one.first,
                "second": one.second,
                "reader": one.reader,
                **answer.estimate(one.estimate),
            }
            for one in found.differences
        ],
        "equality": None if found.equality is None else answer.plain(found.equality),
        "tests": {
            name: {
                **answer.estimate(one.estimate),
                "bound": one.bound,
                "statistic": one.statistic,
                "p_one_sided": one.p,
                "shown": one.shown,
            }
            for name, one in tests.items()
        },
        "variance_components": answer.plain(found.variance_components),
        "n_readers": found.n_readers,
        "n_cases": found.n_cases,
        "n_diseased": found.n_diseased,
        "cautions": answer.said(found.cautions),
    }


def as_text(
    found: "MrmcResult[Any]", title: str, source: str, tests: "dict[str, MarginTest]"
) -> list[str]:
    """Modalities, differences, tests and readers, each as a table."""
    pooled = [one for one in found.differences if one.reader is None]
    single = [one for one in found.differences if one.reader is not None]
    cautions = dict.fromkeys(
        [
            *answer.said(found.cautions),
            *(words for one in pooled for words in answer.said(one.estimate.cautions)),
        ]
    )
    cases = f"{found.n_cases:,} cases ({found.n_diseased:,} diseased)"
    lines = [
        title,
        *answer.fields(
            ("method", found.method),
            ("rests on", f"{found.n_readers} readers, {cases}"),
            ("all equal?", _equality(found)),
            *((name, _test(one)) for name, one in tests.items()),
            *(("note", words) for words in cautions),
            ("source", source),
        ),
        "",
        *answer.estimates(
            [(one.modality, one.estimate) for one in found.modalities],
            heading=f"mean {found.figure}",
            p=False,
        ),
    ]
    if pooled:
        lines += ["", *_differences([(f"{one.first} - {one.second}", one) for one in pooled])]
    if single:
        named = [(f"{one.first} - {one.second}, {one.reader}", one) for one in single]
        lines += ["", *_differences(named)]
    elif found.readers:
        named_readers = [(f"{one.modality}, {one.reader}", one.estimate) for one in found.readers]
        lines += ["", *answer.estimates(named_readers, heading="reader", p=False)]
    return lines


def margin_tests(
    found: "MrmcResult[Any]", new: str | None, reference: str | None, margin: float | None
) -> "dict[str, MarginTest]":
    """Superiority and, with a margin, non-inferiority of `new` over `reference`; none unasked."""
    if new is None and reference is None:
        if margin is not None:
            raise typer.BadParameter(
                "say which modality is new and which is the reference", param_hint="--margin"
            )
        return {}
    names = [one.modality for one in found.modalities]
    for option, name in (("--new", new), ("--reference", reference)):
        if name not in names:
            raise typer.BadParameter(f"name one of {', '.join(names)[:200]}", param_hint=option)
    if new == reference:
        raise typer.BadParameter("the reference must be another modality", param_hint="--reference")
    from defensible.statistics import mrmc_inference as inference

    difference = inference.difference(found, new=str(new), reference=str(reference))
    tests = {"superiority": inference.superiority(difference)}
    if margin is not None:
        tests["non-inferiority"] = inference.non_inferiority(difference, margin=margin)
    return tests


def _equality(found: "MrmcResult[Any]") -> str:
    test = found.equality
    if test is None:
        return ""
    p = answer.probability(test.p)
    if test.denominator_df is None:
        return f"chi-square {test.statistic:.4f} on {test.numerator_df:g} df, p {p}"
    return (
        f"F {test.statistic:.4f} on {test.numerator_df:g} and "
        f"{answer.degrees(test.denominator_df)} df, p {p}"
    )


def _test(test: "MarginTest") -> str:
    """`shown: new minus reference 0.0438 (...) lies above -0.05; one-sided p 0.0012`."""
    one = test.estimate
    words = "shown" if test.shown else "not shown"
    lies = "lies above" if test.shown else "does not lie above"
    return (
        f"{words}: new minus reference {answer.number(one.value)} ({answer.between(one)}) {lies} "
        f"{test.bound:g}; one-sided p {answer.probability(test.p)}"
    )


def _differences(named: "list[tuple[str, Any]]") -> list[str]:
    head = ["difference", "estimate", "low", "high", "se", "df", "p"]
    rows = [
        [
            name,
            *(
                answer.number(getattr(one.estimate, part))
                for part in ("value", "low", "high", "se")
            ),
            answer.degrees(one.estimate.df),
            answer.probability(one.estimate.p),
        ]
        for name, one in named
    ]
    return answer.compact([head, *rows], right=frozenset(range(1, 7)))
