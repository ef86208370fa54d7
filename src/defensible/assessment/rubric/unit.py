"""Row 1, unit under review: an identified model artifact; a described device, all consistent."""

from defensible.assessment.basis import Basis, counted, listed
from defensible.assessment.result import Cell, Link, Need
from defensible.assessment.rubric.cells import cell
from defensible.dossier.device import LabelingKind, ModelArtifact
from defensible.dossier.dossier import Place
from defensible.regulation.language import Spot


def engineering(basis: Basis) -> Cell:
    """Is the model identified by its bytes, and did those bytes give the scores?"""
    model = basis.dossier.device.model
    if model is None:
        need = Need(
            kind="model-artifact",
            what="no model artifact is declared",
            close="declare the model's path and sha256 in device.yaml",
            links=(basis.link("device.yaml", "device.yaml"),),
        )
        return cell("No model artifact is declared.", [need], some=False)
    link = basis.link(model.path, "device.yaml", "model")
    found = basis.file_sha256.get(model.path)
    if found != model.sha256:
        what = f"{model.path} has digest {found or 'none'}, device.yaml declares {model.sha256}"
        need = Need(
            kind="model-artifact",
            what=what,
            close="declare the digest of the artifact under review, or restore that artifact",
            links=(link,),
        )
        return cell("The model on file is not the declared one.", [need], some=False, links=(link,))
    needs = _provenance(basis, model)
    studies = [one.study for one in basis.results if one.provenance]
    tied = f"every score of {listed(studies)} carries it" if studies else "no study scores with it"
    reason = (
        f"The artifact has its declared digest ({model.sha256[:12]}); {tied}."
        if not needs
        else f"The artifact matches its declared digest, but {needs[0].what}."
    )
    return cell(reason, needs, some=True, links=(link,))


def _provenance(basis: Basis, model: ModelArtifact) -> list[Need]:
    """What scores do not say of their model; studies of people have no scores of the device."""
    needs = []
    for result in basis.results:
        if result.usability is not None or result.readers is not None:
            continue
        seen = result.provenance
        if seen is None or seen.n_unknown:
            n = "no row" if seen is None else counted(seen.n_unknown, "row")
            verb = "says" if seen is None else "of scores do not say"
            what = f"{n} of {result.study} {verb} which model gave its score"
            close = f"store the model's digest beside each score of {result.study}"
        elif seen.n_other_model:
            what = (
                f"{counted(seen.n_other_model, 'score')} of {result.study} came from another model"
            )
            close = f"score the cases of {result.study} again with {model.path}"
        else:
            continue
        needs.append(
            Need(kind="model-artifact", what=what, close=close, links=(basis.study(result),))
        )
    return needs


def regulatory(basis: Basis) -> Cell:
    """Is a device described, and do its parts say the same?"""
    undeclared = _undeclared(basis)
    contradictions = _contradictions(basis)
    needs = []
    if undeclared:
        needs.append(
            Need(
                kind="description",
                what=f"not described yet: {listed(undeclared, most=12)}",
                close=f"declare {listed(undeclared, most=12)}",
                links=(basis.link("device.yaml", "device.yaml"),),
            )
        )
    needs += [*contradictions, *_wording(basis)]
    described = not {"the intended-use statement", "instructions for use"} & set(undeclared)
    if not needs:
        reason = (
            "Software, labeling, intended use, user and environment are described, and the "
            "instructions for use carry the statement word for word, with this name and version; "
            "no wording claims more."
        )
    else:
        reason = f"{needs[0].what[0].upper()}{needs[0].what[1:]}."
    return cell(reason, needs, some=described, links=(basis.link("device.yaml", "device.yaml"),))


def _wording(basis: Basis) -> list[Need]:
    """What labeling and marketing say beyond the intended use, and limits that they leave out."""
    return [
        Need(
            kind="labeling",
            what=f"{hit.title.rstrip('.')}{f': “{hit.words}”' if hit.words else ''}",
            close=hit.suggestion,
            links=(_spot(hit.spot),),
        )
        for hit in basis.wording.hits
    ]


def _spot(spot: Spot) -> Link:
    return Link(text=str(spot), place=Place(file=spot.file, line=spot.number))


def _undeclared(basis: Basis) -> list[str]:
    device, use = basis.dossier.device, basis.dossier.intended_use
    instructions = any(
        one.kind is LabelingKind.INSTRUCTIONS_FOR_USE and one.text.strip()
        for one in basis.dossier.labeling
    )
    parts = {
        "the manufacturer": device.manufacturer,
        "the device": device.description,
        "software items": device.software_items,
        "instructions for use": instructions,
        "the operating environment": device.operating_environment,
        "the intended-use statement": use.statement,
        "the user": use.user,
        "the environment of use": use.environment,
    }
    return [name for name, value in parts.items() if not value]


def _contradictions(basis: Basis) -> list[Need]:
    """Facts of the dossier that the instructions for use do not carry as they stand."""
    device, statement = basis.dossier.device, basis.dossier.intended_use.statement
    facts = {
        "the intended-use statement, word for word": statement,
        f"the name '{device.name}'": device.name,
        f"the version '{device.version}'": device.version,
    }
    needs = []
    for labeling in basis.dossier.labeling:
        if labeling.kind is not LabelingKind.INSTRUCTIONS_FOR_USE:
            continue
        absent = [name for name, words in facts.items() if words and not labeling.carries(words)]
        if absent:
            needs.append(
                Need(
                    kind="labeling",
                    what=f"{labeling.path} does not carry {listed(absent)}",
                    close=f"make {labeling.path} and the dossier say the same",
                    links=(basis.link(labeling.path, labeling.path),),
                )
            )
    return needs
