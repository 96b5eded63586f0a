"""The engine's keys in words; what stands here is the product's way of saying it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analysis.engine.action_units import Group

Words = dict[str, Promise]

SIGNALS: Words = {
    "trust": _("Trust Score"),
    "credibility": _("Credibility Signal"),
    "resistance": _("Resistance Indicator"),
}

SIGNAL_MEANINGS: Words = {
    "trust": _(
        "A display of affiliation: how much openness and warmth the face showed, on a scale where 50 is this "
        "person's neutral face."
    ),
    "credibility": _(
        "Consistency of display: how well the parts of the face went together, and with this person's own "
        "range. 50 is neither more nor less consistent than the neutral face."
    ),
    "resistance": _(
        "A display of resistance: how much brow lowering, pressing of the lips and turning away was shown. "
        "50 is this person's neutral face."
    ),
}

GROUPS: Words = {
    Group.UPPER: _("Upper face"),
    Group.MID: _("Mid-face"),
    Group.EYE: _("Eye region"),
    Group.LOWER: _("Lower face"),
}

EXCLUSIONS: Words = {
    "": _("Scored"),
    "no_face": _("No face in the picture"),
    "face_too_small": _("Face too small"),
    "turned_away": _("Face turned away"),
    "blurred": _("Face blurred"),
    "too_dark": _("Face too dark"),
    "too_bright": _("Face too bright"),
    "out_of_picture": _("Face partly outside the picture"),
    "covered": _("Face covered"),
}

WARNINGS: Words = {
    "truncated": _(
        "The file ends in the middle. The report covers the part that could be read, and nothing after it."
    ),
    "no_face": _("No face was found in this recording, so there is nothing to score."),
    "too_little_face_time": _(
        "A face was in view for too short a time to score the signals. The frames that could be measured are "
        "in the tables."
    ),
    "low_frame_rate": _(
        "The recording has few frames a second. Short movements such as blinks may be missing or look weaker "
        "than they were."
    ),
}

NEUTRAL_SOURCES: Words = {
    "estimated": _("estimated over the recording"),
    "marked": _("marked by the analyst"),
    "carried": _("carried over from an earlier recording of the same subject"),
}

AU_STATES: Words = {
    "scored": _("Scored"),
    "not_visible": _("Not visible"),
    "not_scorable": _("Not scorable by this model"),
}

SIDES: Words = {"both": _("both sides"), "left": _("left"), "right": _("right")}

EMOTIONS: Words = {
    "happiness": _("Happiness"),
    "sadness": _("Sadness"),
    "surprise": _("Surprise"),
    "fear": _("Fear"),
    "anger": _("Anger"),
    "disgust": _("Disgust"),
    "contempt": _("Contempt"),
}

COMPONENTS: Words = {
    "affiliative_smile": _("Smile with and without cheek raise"),
    "brow_openness": _("Raised brows"),
    "tension": _("Tension around lips and lids"),
    "consistency": _("Agreement of the parts of the face"),
    "symmetry": _("Symmetry of left and right"),
    "self_range": _("Closeness to the person's own range"),
    "brow_lowering": _("Lowered brows"),
    "lip_pressing": _("Pressed or tightened lips"),
    "turning_away": _("Turning away"),
}

_TABLES: dict[str, Words] = {
    "signal": SIGNALS,
    "signal_meaning": SIGNAL_MEANINGS,
    "group": GROUPS,
    "exclusion": EXCLUSIONS,
    "warning": WARNINGS,
    "neutral": NEUTRAL_SOURCES,
    "au_state": AU_STATES,
    "side": SIDES,
    "emotion": EMOTIONS,
    "component": COMPONENTS,
}


def words(table: str, key: str) -> str:
    """The words for a key; KeyError for one that has none, so that no code name reaches a page."""
    return str(_TABLES[table][key])
