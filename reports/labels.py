"""The engine's keys in words; what stands here is the product's way of saying it."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import SubjectRole
from analysis.engine.action_units import ActionUnit, Group

Words = dict[str, Promise]

SIGNALS: Words = {
    "trust": _("Trust Score"),
    "credibility": _("Credibility Signal"),
    "resistance": _("Resistance Indicator"),
}

SIGNAL_MEANINGS: Words = {
    "trust": _(
        "A display of affiliation: smiles, raised brows and nods raise it; lowered brows, a turned-down or "
        "one-sided mouth and looking away lower it. 50 is a face that shows none of these."
    ),
    "credibility": _(
        "Consistency of display: how well the parts and sides of the face go together, and with this "
        "person's own range. Of the face alone: the voice is not analysed. 50 is a face that shows nothing."
    ),
    "resistance": _(
        "A display of reserve: lowered brows, tightened lips, a raised chin and looking away raise it; "
        "smiles and nods lower it. 50 is a face that shows none of these."
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
    "withheld": _("Withheld: this person may not be analysed"),
}

WITHHELD: Words = {
    "role_not_allowed": _("people of this role may not be analysed under the declared use"),
    "not_told": _("passed by too shortly to ask who it is, and people who are not known may not be analysed"),
    "declaration_missing": _("nobody declared what this recording is analysed for"),
    "subject_missing": _("it was not said who this is, so the person cannot have agreed or been told"),
    "consent_missing": _("the person has not agreed"),
    "consent_expired": _("the term of the person's consent is over"),
    "consent_declined": _("the person was asked and did not agree"),
    "consent_withdrawn": _("the person withdrew their consent"),
    "notice_missing": _("the person was not told of the analysis"),
    "objected": _("the person objected to being analysed"),
}
"""Why nothing was measured of a face."""

ROLES: Words = {role.value: role.label for role in SubjectRole}

NEUTRAL_SOURCES: Words = {
    "estimated": _("estimated over the recording"),
    "marked": _("marked by the analyst"),
    "carried": _("carried over from an earlier recording of the same subject"),
}

EMOTIONS: Words = {
    "happiness": _("Happiness"),
    "sadness": _("Sadness"),
    "surprise": _("Surprise"),
    "fear": _("Fear"),
    "anger": _("Anger"),
    "disgust": _("Disgust"),
    "contempt": _("Contempt"),
    "happily_surprised": _("Happily surprised"),
    "happily_disgusted": _("Happily disgusted"),
    "sadly_fearful": _("Sadly fearful"),
    "sadly_angry": _("Sadly angry"),
    "sadly_surprised": _("Sadly surprised"),
    "sadly_disgusted": _("Sadly disgusted"),
    "fearfully_angry": _("Fearfully angry"),
    "fearfully_surprised": _("Fearfully surprised"),
    "fearfully_disgusted": _("Fearfully disgusted"),
    "angrily_surprised": _("Angrily surprised"),
    "angrily_disgusted": _("Angrily disgusted"),
    "disgustedly_surprised": _("Disgustedly surprised"),
    "appalled": _("Appalled"),
    "hatred": _("Hatred"),
    "awed": _("Awed"),
}

REASONS: Words = {
    "neck_outside": _("happens on the neck, which the picture of the face leaves out"),
    "depth_only": _("moves towards the camera or away, which one view from in front hardly shows"),
    "hardly_moves_skin": _("a muscle hardens under skin that stays where it is"),
    "few_pixels": _("what changes is a few pixels large at the size faces are filmed"),
    "fold_only": _("shows as a fold of the skin, which light, age and other units draw as well"),
    "inside_mouth": _("tongue or teeth do it, mostly behind the lips"),
    "lids_alike": _("narrows or widens the eye as gaze and other units of the lids do"),
    "lips_alike": _("narrows or tightens the lips as other units of the lips do"),
    "told_by_time": _("its course alone tells it from closed eyes, and a short one is seen in few frames"),
    "shared_skin": _("moves the same skin as other units, and is not told from them well enough"),
}
"""Why an Action Unit is hard to see, as the end of a sentence that names it."""

BANDS: Words = {
    "pose": _("Head turned, degrees"),
    "light": _("Light"),
    "skin": _("Skin tone, Monk scale"),
    "occlusion": _("Cover"),
    "looks": _("Looks"),
    "shape": _("Shape of the face"),
    "age": _("Lines of the skin"),
    "glasses": _("Glasses"),
}

CIRCUMSTANCES: Words = {
    "0-15": _("0 to 15"),
    "15-30": _("15 to 30"),
    "30-45": _("30 to 45"),
    "front": _("from in front"),
    "side": _("from the side"),
    "dim": _("dim"),
    "bright": _("bright"),
    "as_neutral": _("as on the neutral"),
    "changed": _("other than on the neutral"),
    "1-3": _("1 to 3"),
    "4-7": _("4 to 7"),
    "8-10": _("8 to 10"),
    "uncovered": _("nothing before the face"),
    "covered": _("something before the face"),
    "glasses": _("glasses"),
    "no_glasses": _("no glasses"),
    "facial_hair": _("facial hair"),
    "no_facial_hair": _("no facial hair"),
    "smooth": _("smooth skin"),
    "lined": _("lined skin"),
    "monk_2": _("2"),
    "monk_4": _("4"),
    "monk_6": _("6"),
    "monk_8": _("8"),
    "monk_10": _("10"),
    "long_face": _("long face"),
    "wide_face": _("wide face"),
    "narrow_nose": _("narrow nose"),
    "broad_nose": _("broad nose"),
    "thin_lips": _("thin lips"),
    "full_lips": _("full lips"),
    "narrow_eyes": _("narrow eyes"),
    "open_eyes": _("open eyes"),
    "some_lines": _("some lines"),
    "deep_lines": _("deep lines"),
    "even": _("even"),
    "above": _("from above"),
    "thin_glasses": _("thin frame"),
    "thick_glasses": _("thick frame"),
}

SIDES: Words = {
    "both": _("both"),
    "left": _("left"),
    "right": _("right"),
}

TESTED: Words = {
    "au": _("Means of Action Units"),
    "emotion": _("Mean fits of patterns"),
    "signal": _("The three signals"),
}
"""Kinds of findings whose intervals were tested."""

BLINKS: Words = {
    "under": _("The rate here is under that."),
    "over": _("The rate here is over that."),
    "within": _("The rate here is within that."),
    "open": _("The rate here is not known well enough to say whether it is within that."),
}
"""A rate of blinks against that of people in conversation."""

MOVEMENTS: Words = {
    "nod": _("Nod"),
    "shake": _("Head shake"),
    "gaze_aversion": _("Gaze aversion"),
}

COMPONENTS: Words = {
    "smile": _("Smile (AU12)"),
    "smile_with_cheeks": _("Smile with raised cheeks (AU6+12)"),
    "slow_fading_smile": _("Smile that fades slowly (AU12)"),
    "raised_brows": _("Raised brows (AU1+2)"),
    "nodding": _("Nodding"),
    "shaking": _("Shaking the head"),
    "looking_away": _("Looking away"),
    "brow_lowering": _("Lowered brows (AU4)"),
    "nose_or_lip_raising": _("Lowered brows with raised nose or upper lip (AU4 with 9 or 10)"),
    "corners_down": _("Lip corners down (AU15)"),
    "chin_raised": _("Raised chin (AU17)"),
    "dimpling": _("Dimpled cheeks (AU14)"),
    "lips_tightened": _("Tightened lips"),
    "lips_pressed": _("Pressed lips (AU24)"),
    "one_sided_mouth": _("One-sided mouth (AU12 or 14)"),
    "even_display": _("Display on both sides alike"),
    "uneven_display": _("Display stronger on one side"),
    "smile_against_mouth": _("Smile against the mouth (AU12 with 15, 17, 23 or 24)"),
    "smile_against_brows": _("Smile against lowered brows (AU4+12)"),
    "outside_own_range": _("Outside this person's own range"),
    "negation": _("Lowered brows, raised chin and pressed lips together (AU4+17+24)"),
    "voice_with_face": _("Voice and face alike (speech)"),
    "voice_against_face": _("Voice against face (speech)"),
    "voice_outside_own_range": _("Voice outside this person's own range (speech)"),
}

MODELS: Words = {
    "face_detection_short_range": _("Network: faces near the camera"),
    "face_detection_full_range_sparse": _("Network: faces farther away"),
    "face_landmark_with_attention": _("Network: landmarks"),
    "echodepth-au": _("Action Unit model, its card"),
    "echodepth-au-encoder": _("Action Unit model, its encoder"),
}

SETTINGS: Words = {
    "action_unit_model": _("Action Unit model, version"),
    "cohort": _("Declared cultural cohort"),
    "cohort_version": _("Its numbers, version"),
    "cohort_sha256": _("Its numbers, SHA-256"),
    "neutral_start": _("Marked neutral: from, seconds"),
    "neutral_end": _("Marked neutral: to, seconds"),
    "neutral_from_sha256": _("Recording that the neutral is carried over from, SHA-256"),
    "neutral_from_frames_sha256": _("Frame table of the result it is carried over from, SHA-256"),
    "subject_tracks": _("Faces that are the recording's subject, as an analyst said"),
    "withheld_tracks": _("Faces of which nothing was measured"),
    "emotion_patterns": _("Table of combinations, version"),
    "signal_table": _("Table of the three signals, version"),
    "interval_fit": _("Fit of the 95 % intervals, version"),
    "grid_frames": _("Frames after which following begins anew"),
    "detect_every_frames": _("Frames between two looks for new faces"),
    "max_faces": _("Faces followed at once"),
    "join_gap_seconds": _("Longest absence of a face, seconds"),
    "limit_max_seconds": _("Longest recording, seconds"),
    "limit_max_side": _("Longest side of a picture, pixels"),
    "threshold_inside": _("Lowest share of the face in the picture, 0-1"),
    "threshold_width": _("Narrowest face, pixels"),
    "threshold_yaw": _("Farthest turn to a side, degrees"),
    "threshold_pitch": _("Farthest turn up or down, degrees"),
    "threshold_darkest": _("Darkest face, 0-255"),
    "threshold_brightest": _("Brightest face, 0-255"),
    "threshold_sharpness": _("Lowest sharpness"),
    "cover_differs": _("Cover: least difference of a point's colour, logarithm"),
    "cover_noisy": _("Cover: the same, in lower quartiles of a face's differences"),
    "cover_turned": _("Cover: turn that doubles the least difference, degrees"),
    "cover_upper": _("Cover: differing share of the upper face, 0-1"),
    "cover_mid": _("Cover: differing share of the middle of the face, 0-1"),
    "cover_lower": _("Cover: differing share of the lower face, 0-1"),
    "cover_held": _("Cover: differing share for as long as it goes on, 0-1"),
    "cover_eyes_apart": _("Cover: least distance between two readings of an eye, percent"),
    "cover_eyes_held": _("Cover: the same for as long as it goes on, percent"),
    "cover_upper_alone": _("Cover: differing share of the upper face whatever the eyes, 0-1"),
    "cover_fewest": _("Cover: fewest rows of a track that are compared"),
}

COHORT_GROUPS: Words = {
    "brows_up": _("Raised brows and lids"),
    "brows_down": _("Lowered brows and tightened lids"),
    "smile": _("Smiles"),
    "nose_and_upper_lip": _("Raised nose and upper lip"),
    "lower_mouth": _("Displays of mouth and chin"),
}

EVIDENCE: Words = {
    "measured": _("measured"),
    "literature": _("from the literature"),
    "no_evidence": _("no evidence"),
}

STUDIES_ABOUT: Words = {
    "rules": _("what people say one should show; no intensity of a display follows from it"),
    "beliefs": _("what people take a display to mean; no intensity of a display follows from it"),
    "displays": _(
        "displays that were seen: smiles and lowered brows alone, the difference in smiling turned round "
        "between home and a test facility, and cohorts are not told apart"
    ),
}
"""What a study was about, and why no factor follows from it."""

_TABLES: dict[str, Words] = {
    "model": MODELS,
    "setting": SETTINGS,
    "signal": SIGNALS,
    "signal_meaning": SIGNAL_MEANINGS,
    "group": GROUPS,
    "exclusion": EXCLUSIONS,
    "withheld": WITHHELD,
    "role": ROLES,
    "neutral": NEUTRAL_SOURCES,
    "emotion": EMOTIONS,
    "component": COMPONENTS,
    "reason": REASONS,
    "band": BANDS,
    "circumstance": CIRCUMSTANCES,
    "side": SIDES,
    "cohort_group": COHORT_GROUPS,
    "evidence": EVIDENCE,
    "study_about": STUDIES_ABOUT,
    "movement": MOVEMENTS,
    "blinks": BLINKS,
    "tested": TESTED,
}
_OPEN = {"model", "setting", "band", "circumstance", "withheld", "role"}
"""Tables of which a result or a card may name entries that are no more, or not yet here."""


def unit_name(unit: ActionUnit) -> str:
    """The engine names Action Units in English, as FACS does; catalogues may translate those names."""
    return gettext(unit.name)


def words(table: str, key: str) -> str:
    """The words for a key; KeyError for one that has none, so that no code name reaches a page.

    An earlier result may name models and settings that are no more, and another model's card bands of its
    own; those read as they were written.
    """
    if table in _OPEN:
        return str(_TABLES[table].get(key, key))
    return str(_TABLES[table][key])
