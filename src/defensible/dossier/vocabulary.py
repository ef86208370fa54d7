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
    RECOMMENDATIONS = "recommendations"
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


class OtherInput(StrEnum):
    """What the software reads besides images."""

    ECG = "ECG"
    PULSE_WAVE = "pulse-wave"
    PRESSURE_WAVE = "pressure-wave"
    HEART_OR_LUNG_SOUND = "heart-or-lung-sound"
    EEG = "EEG"
    POLYSOMNOGRAM = "polysomnogram"
    BREATHING_EFFORT = "breathing-effort"
    CAMERA_VIDEO = "camera-video"
    SPECIMEN_SIGNAL = "specimen-signal"
    SEQUENCE = "genetic-sequence"
    LABORATORY_VALUE = "laboratory-value"
    PATIENT_RECORD = "patient-record"
    NONE = "none"


class Purpose(StrEnum):
    """Whether the purpose is medical; if not, which other one it is."""

    MEDICAL = "medical"
    ADMINISTRATION = "administration"
    WELLNESS = "general-wellness"
    RECORDS = "patient-records"
    TRANSFER_OR_DISPLAY = "transfer-or-display"
    POPULATION = "population"


class Integration(StrEnum):
    """How the software stands to a machine."""

    INDEPENDENT = "independent"
    PART_OF_MACHINE = "part-of-machine"
    DRIVES_OR_INFLUENCES = "drives-or-influences-machine"


class Machine(StrEnum):
    """The machine of which it is part, or which it drives or influences."""

    MR_SCANNER = "MR-scanner"
    CT_SCANNER = "CT-scanner"
    EMISSION_SCANNER = "PET-or-SPECT-scanner"
    MAMMOGRAPHY_UNIT = "mammography-unit"
    TOMOSYNTHESIS_UNIT = "tomosynthesis-unit"
    XRAY_SYSTEM = "X-ray-system"
    FLUOROSCOPY_SYSTEM = "fluoroscopy-system"
    ULTRASOUND_SYSTEM = "ultrasound-system"
    OCT_SYSTEM = "OCT-system"
    OPTOACOUSTIC_SYSTEM = "opto-acoustic-system"
    PLANNING_SYSTEM = "radiotherapy-planning-system"
    ACCELERATOR = "linear-accelerator"
    NAVIGATION_SYSTEM = "navigation-system"
    INFUSION_PUMP = "infusion-pump"
    STIMULATOR = "stimulator"
    ACTIVE_IMPLANT = "active-implant"
    DEFIBRILLATOR = "defibrillator"
    ECG_RECORDER = "ECG-recorder"
    PATIENT_MONITOR = "patient-monitor"
    IMAGE_STORE = "image-store"
    OTHER = "other"


class Monitoring(StrEnum):
    """What the software watches over time."""

    NONE = "none"
    PHYSIOLOGICAL = "physiological-process"
    VITAL_IN_DANGER = "vital-parameter-with-immediate-danger"


class WorstOutcome(StrEnum):
    """The worst that a decision on a wrong output can cause (EU MDR Annex VIII, Rule 11)."""

    DEATH_OR_IRREVERSIBLE = "death-or-irreversible-deterioration"
    SERIOUS_OR_SURGERY = "serious-deterioration-or-surgery"
    OTHER = "other"


class Basis(StrEnum):
    """Whether a professional can review alone what a recommendation rests on."""

    REVIEWABLE = "reviewable"
    NOT_REVIEWABLE = "not-reviewable"


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
