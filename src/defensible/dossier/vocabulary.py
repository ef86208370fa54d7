"""The closed vocabularies of the intended use, in a regulatory lead's words.

Rules match these values; a value that is not here is an error with the nearest spelling.
"""

from enum import StrEnum


class Function(StrEnum):
    """What the software does for its user; the first thing every rule reads."""

    TRIAGE = "triage"
    DETECTION = "detection"
    DIAGNOSIS = "diagnosis"
    DETECTION_AND_DIAGNOSIS = "detection-and-diagnosis"
    QUANTIFICATION = "quantification"
    SEGMENTATION = "segmentation"
    ACQUISITION_GUIDANCE = "acquisition-guidance"
    IMAGE_ENHANCEMENT = "image-enhancement"
    IMAGE_MANAGEMENT = "image-management"
    TREATMENT_PLANNING = "treatment-planning"
    PROGNOSIS = "prognosis"
    SIGNAL_ANALYSIS = "signal-analysis"
    AUTONOMOUS_DIAGNOSIS = "autonomous-diagnosis"
    NON_DEVICE = "non-device"


class Output(StrEnum):
    """What the user is shown."""

    WORKLIST_FLAG = "worklist-flag"
    NOTIFICATION = "notification"
    PREVIEW_IMAGE = "preview-image"
    MARK_OR_BOX = "mark-or-box"
    HEATMAP = "heatmap"
    FINDING_CATEGORY = "finding-category"
    PROBABILITY_SCORE = "probability-score"
    LIKELIHOOD_OF_MALIGNANCY = "likelihood-of-malignancy"
    MEASUREMENT = "measurement"
    CONTOUR = "contour"
    ENHANCED_IMAGE = "enhanced-image"
    QUALITY_FEEDBACK = "quality-feedback"
    PROBE_DIRECTION = "probe-direction"
    PLAN = "plan"
    RISK_OVER_TIME = "risk-over-time"
    REFERRAL_ADVICE = "referral-advice"
    ALERT = "alert"
    DISPLAY_ONLY = "display-only"


class Workflow(StrEnum):
    """When the output is seen, relative to the person's own read."""

    PARALLEL = "parallel-to-standard-read"
    FIRST_READ = "first-read"
    CONCURRENT_READ = "concurrent-read"
    SECOND_READ = "second-read"
    DURING_ACQUISITION = "during-acquisition"
    AFTER_ACQUISITION = "after-acquisition"
    INTRA_PROCEDURE = "intra-procedure"
    OPPORTUNISTIC = "opportunistic-on-prior-exam"
    NO_HUMAN_READ = "no-human-read"


class HumanConfirmation(StrEnum):
    """What a person does before anyone acts on the output."""

    FULL_READ = "full-image-read-by-clinician"
    EDITED_AND_APPROVED = "editable-and-approved"
    ADJUNCT = "adjunct-to-other-data"
    NONE = "none"


class User(StrEnum):
    """Who uses the output."""

    RADIOLOGIST = "radiologist"
    SPECIALIST = "specialist"
    NON_SPECIALIST = "non-specialist-clinician"
    DENTIST = "dentist"
    ENDOSCOPIST = "endoscopist"
    PATHOLOGIST = "pathologist"
    TECHNOLOGIST = "sonographer-or-technologist"
    NOVICE = "novice-operator"
    RADIATION_ONCOLOGY = "radiation-oncology-team"
    LAY_PERSON = "lay-person"


class ImagingModality(StrEnum):
    """The machine that made the input; `none` for software that reads no image."""

    CT = "CT"
    MR = "MR"
    XRAY = "X-ray"
    MAMMOGRAPHY = "mammography"
    DBT = "DBT"
    ULTRASOUND = "ultrasound"
    PET = "PET"
    SPECT = "SPECT"
    FUNDUS = "fundus-photo"
    OCT = "OCT"
    ENDOSCOPY = "endoscopy-video"
    WHOLE_SLIDE = "whole-slide"
    OPTICAL = "optical"
    NONE = "none"


class Situation(StrEnum):
    """State of the patient's situation or condition (IMDRF N12, 5.2)."""

    CRITICAL = "critical"
    SERIOUS = "serious"
    NON_SERIOUS = "non-serious"


class Significance(StrEnum):
    """Significance of the information to the decision (IMDRF N12, 5.1)."""

    TREAT_OR_DIAGNOSE = "treat-or-diagnose"
    DRIVE = "drive"
    INFORM = "inform"


class Sex(StrEnum):
    """Sex as the population statement names it."""

    FEMALE = "female"
    MALE = "male"


class Market(StrEnum):
    """Where the device is meant to be marketed."""

    US = "us"
    EU = "eu"
    UK = "uk"
    CANADA = "canada"
