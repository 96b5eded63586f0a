from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportState(models.TextChoices):
    REQUESTED = "requested", _("Waiting")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


class ReviewOutcome(models.TextChoices):
    SIGNED = "signed", _("Signed")
    RETURNED = "returned", _("Sent back")


class ReviewState(models.TextChoices):
    """What a report is worth: until somebody signed it, a draft."""

    DRAFT = "draft", _("Draft \N{EN DASH} not reviewed")
    RETURNED = "returned", _("Draft \N{EN DASH} sent back")
    SIGNED = "signed", _("Signed")


class SampleState(models.TextChoices):
    """Where a free sample analysis stands; `reports.domain.samples.stages` says more of what is RECEIVED."""

    UNCONFIRMED = "unconfirmed", _("E-mail not confirmed")
    """Asked for at the public form; swept after a day."""
    OPEN = "open", _("Waiting for the file")
    RECEIVED = "received", _("Received")
    """The address is confirmed and the file is there: the five working days run."""
    ASKED = "asked", _("Waiting for an answer")
    """We asked for something; the clock is paused."""
    DELIVERED = "delivered", _("Delivered")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CONVERTED = "converted", _("Became a customer")


class SampleStage(models.TextChoices):
    """What a sample that is RECEIVED waits for."""

    BY_HAND = "by_hand", _("By hand")
    """A document: nobody but a person analyses it."""
    FILE_GONE = "file_gone", _("File gone")
    """Its file was deleted meanwhile: the prospect may send one again."""
    HELD_BACK = "held_back", _("Held back")
    """Something is missing that the declared use requires."""
    IN_ANALYSIS = "in_analysis", _("In analysis")
    ASSIGNING = "assigning", _("Who is who?")
    FAILED = "failed", _("Analysis failed")
    IN_REVIEW = "in_review", _("In review")
    TO_DELIVER = "to_deliver", _("To deliver")
