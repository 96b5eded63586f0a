"""The sentences a person reads for the stable codes of the engine, of runs and of refusals, and for progress.

A code is never shown; `explain` turns it and its facts into what happened and what to do about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from analysis.domain.work.standing import Waiting
from analysis.domain.work.standing import of as standing_of
from analysis.enums import RunState
from analysis.models import Run


@dataclass(frozen=True, slots=True)
class Message:
    """What happened, and what the reader can do; facts are filled in by name."""

    sentence: Promise
    advice: Promise


@dataclass(frozen=True, slots=True)
class Explanation:
    """A `Message` with its facts filled in, in the reader's language."""

    sentence: str
    advice: str

    def __str__(self) -> str:
        return f"{self.sentence} {self.advice}"


MINUTE = 60

TRY_ANOTHER_EXPORT = _(
    "Play it on your computer to see that it is whole, then export it as MP4 (H.264) and upload that."
)
TELL_ADMINISTRATOR = _("Tell the person who runs this installation; your recording is kept.")

ERRORS: dict[str, Message] = {
    "engine_error": Message(_("The recording could not be analysed."), TELL_ADMINISTRATOR),
    "empty_file": Message(
        _("The file is empty."), _("Choose the file again; the copy on your device may not be complete.")
    ),
    "unreadable": Message(_("This is not a video file we can open."), TRY_ANOTHER_EXPORT),
    "no_video_stream": Message(
        _("The file has no moving pictures, only sound."),
        _("Upload a recording that shows the speaker's face."),
    ),
    "unsupported_codec": Message(
        _("The pictures of this video are stored in a format we cannot read."),
        _("Export it as MP4 (H.264) or WebM and upload that."),
    ),
    "no_frames": Message(_("Not one picture of the video could be read."), TRY_ANOTHER_EXPORT),
    "decoder_failed": Message(
        _("The video broke off our reading of it, or took more time or memory than a video needs."),
        TRY_ANOTHER_EXPORT,
    ),
    "too_long": Message(
        _("The recording lasts %(seconds)s; the longest that is analysed is %(limit)s."),
        _("Cut it into parts and upload each of them."),
    ),
    "picture_too_large": Message(
        _("The picture is %(width)s x %(height)s pixels; the longest side may be %(limit)s."),
        _("Export it in a smaller size, such as 1920 x 1080."),
    ),
    "models_missing": Message(
        _("A model of this installation is missing."),
        _("Tell the person who runs this installation, then run the analysis again; your recording is kept."),
    ),
    "model_mismatch": Message(
        _("A model of this installation is not the expected one."),
        _("Tell the person who runs this installation, then run the analysis again; your recording is kept."),
    ),
    "neutral_unusable": Message(
        _("No usable neutral face was found where one was said to be."),
        _("Mark a stretch in which the face is in view and calm, or leave the neutral to be estimated."),
    ),
    "neutral_of_other_model": Message(
        _("The earlier recording was measured by another version of the Action Unit model."),
        _("Analyse the earlier recording again, then carry its neutral over."),
    ),
    "cancelled": Message(
        _("The analysis was cancelled."), _("You can run it again whenever you like; the recording is kept.")
    ),
    "assignment_expired": Message(
        _("Nobody said who is who in this recording in time, so the analysis was cancelled."),
        _("Run it again, then say who the people are; the recording is kept."),
    ),
    "attempts_spent": Message(
        _("The analysis broke off several times without a result."),
        _("Run it again; if it breaks off once more, export the video as MP4 (H.264) and upload that."),
    ),
    "internal_error": Message(
        _("Something went wrong on our side while the recording was analysed."),
        _("Run it again. If that does not help, tell the person who runs this installation."),
    ),
    "storage_unavailable": Message(
        _("The storage of this installation could not be reached."),
        _(
            "Run the analysis again in a while. "
            "If that does not help, tell the person who runs this installation."
        ),
    ),
    "worker_disk_full": Message(
        _("The disk of the machine that analyses recordings is full."),
        _("Tell the person who runs this installation, then run the analysis again; your recording is kept."),
    ),
    "media_missing": Message(
        _("The recording's file is no longer in storage."),
        _("Delete this recording and upload the file again."),
    ),
}

WARNINGS: dict[str, Message] = {
    "truncated": Message(
        _("The file is damaged or breaks off early; the analysis covers what could be read."),
        _("If you have the whole recording, upload that."),
    ),
    "no_face": Message(
        _("No face was found in this recording."),
        _(
            "Use a recording in which the speaker's face is in view, lit from the front "
            "and at least 80 pixels wide."
        ),
    ),
    "all_withheld": Message(
        _("Nothing was measured: none of the people in this recording may be analysed."),
        _("The result names each of them with the reason."),
    ),
    "subject_withheld": Message(
        _("The recording's subject is not among the people of whom something was measured."),
        _("The result names who was left out, and why; what it shows is of somebody else."),
    ),
    "too_little_face_time": Message(
        _("The face is in view for too short a time to compute the three signals."),
        _("Use a recording in which the speaker's face is in view for longer."),
    ),
    "low_frame_rate": Message(
        _("The recording has few pictures a second; short movements of the face may be missed."),
        _("Record with at least 25 pictures a second where you can."),
    ),
    "kept_neutral_missing": Message(
        _(
            "The result that this person's neutral was kept from is no longer there; "
            "this recording's neutral was estimated instead."
        ),
        _("Keep the neutral of another result of the same person, then run the analysis again."),
    ),
    "kept_neutral_of_other_model": Message(
        _(
            "The neutral kept for this person was measured by another version of the Action Unit model; "
            "this recording's neutral was estimated instead."
        ),
        _("Analyse the recording it comes from again, keep its neutral, then run this analysis again."),
    ),
}


def explain(code: str, facts: Mapping[str, object] | None = None) -> Explanation:
    """What a run's or a refusal's code means; an unknown one reads as an error on our side."""
    return _filled(ERRORS.get(code, ERRORS["internal_error"]), facts or {})


def explain_warning(code: str) -> Explanation:
    """What a result's warning means."""
    return _filled(WARNINGS[code], {})


def duration(seconds: float) -> str:
    """Seconds in words, to the two largest units: `1 hour 5 minutes`, `12 seconds`."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    parts = [
        ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours} if hours else "",
        ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes} if minutes else "",
        ngettext("%(n)d second", "%(n)d seconds", rest) % {"n": rest} if rest or not whole else "",
    ]
    return " ".join([part for part in parts if part][:2])


def frames_analysed(run: Run) -> str:
    """How many frames are analysed; empty when that is not what is being done."""
    if run.state != RunState.ANALYSING:
        return ""
    if run.frames_total:
        shown = {"done": run.frames_done, "total": run.frames_total}
        return gettext("%(done)s of %(total)s frames") % shown
    return ngettext("%(n)s frame", "%(n)s frames", run.frames_done) % {"n": run.frames_done}


WAITING: dict[Waiting, Promise] = {
    Waiting.NO_WORKER: _(
        "Waiting for a worker: none is running now. The analysis starts by itself when one is."
    ),
    Waiting.TURN: _("Waiting for its turn: the workers are at other recordings."),
    Waiting.AGAIN: _("An attempt broke off. It is tried again by itself in a few minutes."),
    Waiting.MISSING: _(
        "Something is missing that the declared use requires. Open the recording to see what."
    ),
    Waiting.SILENT: _("The worker that had it went silent. Another one takes over in a few minutes."),
}


def standing(run: Run) -> str:
    """How long the analysis will still take, or what it waits for; empty where nothing is known of either."""
    found = standing_of(run)
    if found.waiting:
        return str(WAITING[found.waiting])
    if found.seconds_left is None:
        return ""
    if found.seconds_left < MINUTE:
        return gettext("less than a minute of analysing left")
    whole = MINUTE * ceil(found.seconds_left / MINUTE)
    return gettext("about %(time)s of analysing left") % {"time": duration(whole)}


def _filled(message: Message, facts: Mapping[str, object]) -> Explanation:
    shown = _Facts({name: str(fact) for name, fact in facts.items()})
    if "seconds" in facts:
        times = {name: facts[name] for name in ("seconds", "limit") if name in facts}
        shown.update({name: duration(fact) for name, fact in times.items() if isinstance(fact, int | float)})
    return Explanation(str(message.sentence) % shown, str(message.advice) % shown)


class _Facts(dict[str, str]):
    """A fact that was not given reads as unknown: an old row must not break a page."""

    def __missing__(self, key: str) -> str:
        return gettext("unknown")
