"""The words and marks of a report; what makes untrusted words harmless comes from `screen`.

A status or an answer always comes as a mark and a word, so that colour never carries it alone.
"""

from defensible.assessment.result import Status, Verdict
from defensible.evidence.finding import Answer
from defensible.screen import capped, clean, sentence, short

__all__ = [
    "ANSWER_MARK",
    "ANSWER_WORDS",
    "ENGINEERING",
    "LADDER",
    "METRIC",
    "METRIC_INSIDE",
    "QUESTION_OF_STEP",
    "REGULATORY",
    "STATUS_MARK",
    "capped",
    "clean",
    "sentence",
    "short",
]

ENGINEERING = "Does the software perform as specified?"
REGULATORY = "Is the device safe and effective for its intended use?"
"""The two questions, in their own words; no answer of ours repeats them as a statement."""

STATUS_MARK = {
    Status.MET: "[x]",
    Status.PARTLY: "[~]",
    Status.OPEN: "[ ]",
    Status.NOT_APPLICABLE: "[-]",
}
ANSWER_MARK = {
    Answer.SUPPORTED: "[x]",
    Answer.FAILED: "[!]",
    Answer.INCONCLUSIVE: "[?]",
    Answer.UNSEEN: "[ ]",
}
ANSWER_WORDS = {
    Answer.SUPPORTED: "supported",
    Answer.FAILED: "fails",
    Answer.INCONCLUSIVE: "not settled",
    Answer.UNSEEN: "no evidence",
}
METRIC = {
    "sensitivity": "Sensitivity",
    "specificity": "Specificity",
    "ppv": "PPV",
    "npv": "NPV",
    "accuracy": "Accuracy",
    "auc": "AUC",
    "auc_difference": "AUC difference",
    "wafroc_difference": "wAFROC difference",
    "sensitivity_difference": "Sensitivity difference",
    "specificity_difference": "Specificity difference",
    "standalone_auc_difference": "Standalone AUC difference",
    "standalone_sensitivity_difference": "Standalone sensitivity difference",
    "standalone_specificity_difference": "Standalone specificity difference",
    "reading_time_change": "Reading time change",
    "commission": "Commission errors",
    "omission": "Omission errors",
    "follows_when_right": "Follows when right",
    "overrides_when_wrong": "Overrides when wrong",
    "reliance": "Reliance",
    "appropriate_reliance": "Appropriate reliance",
    "net_benefit": "Net benefit",
    "reader_kappa": "Reader kappa",
    "reader_kappa_difference": "Reader kappa difference",
    "reader_weighted_kappa": "Reader weighted kappa",
    "reader_weighted_kappa_difference": "Reader weighted kappa difference",
    "reader_icc": "Reader ICC",
    "reader_icc_difference": "Reader ICC difference",
    "use_error": "Use error",
    "mean_dice": "Mean Dice",
    "relative_bias": "Relative bias",
    "within_margin": "Within margin",
    "lesion_sensitivity": "Lesion sensitivity",
    "false_marks_per_case": "False marks per case",
    "wafroc": "wAFROC",
}
METRIC_INSIDE = {
    name: word if word[:3].isupper() or word[1:3].isupper() else word[0].lower() + word[1:]
    for name, word in METRIC.items()
}
"""The metric inside a sentence."""
LADDER = tuple(Verdict)
QUESTION_OF_STEP = {
    Verdict.NOT_VALIDATED: "engineering",
    Verdict.VALIDATED_MODEL: "engineering",
    Verdict.PRE_REGULATORY_DEVICE: "regulatory",
    Verdict.SUBMISSION_READY: "regulatory",
    Verdict.CLEARED: "regulatory",
}
