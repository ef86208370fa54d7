"""`device.yaml`: the unit under review, and the decisions about it that are on file."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from defensible.dossier.declared import Day, Declared, Identifier, RelativePath, Sha256, Text
from defensible.dossier.vocabulary import Market


class ModelArtifact(Declared):
    """The trained model, identified by its bytes."""

    path: RelativePath
    """Path of the model file, relative to the dossier."""
    sha256: Sha256
    """SHA-256 of that file, 64 lower-case hexadecimal digits."""


class SoftwareItem(Declared):
    """One part of the software (IEC 62304, software item)."""

    id: Identifier
    """Identifier, unique in the dossier."""
    name: Text
    """Name as the architecture has it."""
    version: Text
    """Version, in quotes."""
    purpose: Text | None = None
    """What it does, in one sentence."""


class LabelingKind(StrEnum):
    """What a labeling file is."""

    INSTRUCTIONS_FOR_USE = "instructions-for-use"
    MARKETING = "marketing"


class LabelingFile(Declared):
    """A file whose words the user or buyer reads."""

    path: RelativePath
    """Path relative to the dossier."""
    kind: LabelingKind
    """What the file is."""


class SignOff(Declared):
    """The team's own decision that engineering validation is done, for one version."""

    kind: Literal["sign-off"]
    """The team's decision; answers the engineering question only."""
    role: Text
    """Role of the person who decided (not the name)."""
    on: Day
    """Date of the decision."""
    version: Text
    """Device version that was signed off."""
    model_sha256: Sha256
    """The model artifact that was signed off."""


class RegulatorDecision(Declared):
    """A regulator's decision letter, bound to what it was about."""

    kind: Literal["clearance"]
    """A regulator's positive decision."""
    market: Market
    """Market for which it was given."""
    pathway: Text
    """Pathway named in the letter."""
    number: Text
    """The regulator's number (such as K123456)."""
    on: Day
    """Date of the decision."""
    version: Text
    """Device version that the submission described."""
    intended_use_sha256: Sha256
    """Digest of the intended use that was submitted (`defensible check` prints the current one)."""
    letter: RelativePath
    """The letter, relative to the dossier."""
    letter_sha256: Sha256
    """SHA-256 of the letter's file."""


class Judgement(Declared):
    """What a person judged of an obligation that no computation can answer, bound to a file."""

    obligation: Text
    """Identifier of the obligation, as `defensible obligations` lists it."""
    file: RelativePath
    """What was judged, relative to the dossier."""
    sha256: Sha256
    """SHA-256 of that file."""
    version: Text
    """Device version that it is about."""
    role: Text
    """Role of the person who judged (not the name)."""
    on: Day
    """Date of the judgement."""
    judgement: Text
    """Why the file answers the obligation, in words."""


Decision = Annotated[SignOff | RegulatorDecision, Field(discriminator="kind")]


class TrustedKey(Declared):
    """A public key whose signatures count in this dossier, and whose it is."""

    name: Text
    """Whose key it is: a person or a system, not a patient."""
    role: Text | None = None
    """Role of that person."""
    ed25519: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$")]
    """The public key: base64 of its 32 bytes, as `defensible key new` prints it."""


class Device(Declared):
    """The device: software, labeling, environment, and what was decided about it."""

    name: Text
    """Name of the device as labeling has it."""
    version: Text
    """Version under review, in quotes."""
    manufacturer: Text | None = None
    """Legal manufacturer."""
    markets: tuple[Market, ...] = ()
    """Markets in view."""
    description: Text | None = None
    """What the device is, in a few sentences."""
    model: ModelArtifact | None = None
    """The model artifact under review."""
    software_items: tuple[SoftwareItem, ...] = ()
    """Parts of the software."""
    labeling: tuple[LabelingFile, ...] = ()
    """Files whose words the user or buyer reads."""
    operating_environment: Text | None = None
    """Platform, network and systems that it runs in and talks to."""
    decisions: tuple[Decision, ...] = ()
    """Decisions on file, the team's and regulators'."""
    trusted_keys: tuple[TrustedKey, ...] = ()
    """Public keys whose signatures under evidence count."""
    judgements: tuple[Judgement, ...] = ()
    """What people judged of obligations that no computation can answer."""
