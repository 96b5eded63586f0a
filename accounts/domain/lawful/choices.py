"""What may be declared of a use: its purpose, setting and region, and the people in the recordings."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import SubjectRole


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may be declared."""

    label: Promise
    help: Promise | str = ""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What recordings are analysed for."""

    label: Promise
    help: Promise
    roles: frozenset[SubjectRole] = frozenset()
    """Of people who may be analysed, where no rule says otherwise. A refused purpose has none."""
    real: bool = True
    """Whether real people are in the recordings."""


_COUNTERPARTS = frozenset({SubjectRole.CUSTOMER, SubjectRole.PROSPECT})

PURPOSES: dict[str, Purpose] = {
    "sales_meeting": Purpose(
        _("A sales conversation"),
        _("How customers or prospects respond in a conversation with you. Your own people are left out."),
        _COUNTERPARTS,
    ),
    "customer_interview": Purpose(
        _("An interview with a customer"),
        _("Customers, prospects or users tell you of a product. Who asks is left out."),
        _COUNTERPARTS | {SubjectRole.SPEAKER},
    ),
    "own_pitch": Purpose(
        _("A pitch or speech of the speaker's own"),
        _("The speaker asks for it and gets the result. Whoever else is in the picture is left out."),
        frozenset({SubjectRole.SPEAKER}),
    ),
    "research": Purpose(
        _("Research with people who agreed to take part"),
        _("A study whose participants each gave their consent. Interviewers are left out."),
        _COUNTERPARTS | {SubjectRole.SPEAKER},
    ),
    "training_own": Purpose(
        _("Personal training of one's own staff"),
        _("A person trains for themselves. Results go to that person and never reach HR or a superior."),
        frozenset({SubjectRole.SPEAKER, SubjectRole.OWN_STAFF}),
    ),
    "rendered_people": Purpose(
        _("Rendered people"),
        _("No real person is in the recordings: a demonstration, a test, an animation."),
        frozenset(SubjectRole),
        real=False,
    ),
    "recruitment": Purpose(
        _("Choosing applicants"), _("Interviews with applicants, assessment centres, trial periods.")
    ),
    "worker_monitoring": Purpose(
        _("Monitoring or assessing workers"),
        _("How staff feel, engage or perform at work, call centres too."),
    ),
    "education_assessment": Purpose(
        _("Assessing pupils or students"), _("Examinations, attention in class, admission.")
    ),
    "law_enforcement": Purpose(
        _("Police, courts, migration or asylum"), _("Questioning, evidence, border control, prisons.")
    ),
    "lie_detection": Purpose(
        _("Telling truth from untruth"), _("Whether somebody means what they say, or may be trusted.")
    ),
    "covert": Purpose(
        _("Recording people who do not know"), _("Hidden cameras, or people who were not told.")
    ),
    "decisions": Purpose(
        _("Deciding about people"),
        _("Who gets credit, insurance, a home, a benefit or treatment."),
    ),
}

SETTINGS: dict[str, Choice] = {
    "online_meeting": Choice(_("An online meeting")),
    "meeting_room": Choice(_("A meeting in one room")),
    "stage": Choice(_("A stage or an event")),
    "self_recording": Choice(_("The person records themselves")),
    "study": Choice(_("A study or a laboratory")),
    "workplace": Choice(_("At work, among colleagues")),
    "education": Choice(_("A school, university or training provider")),
    "public_place": Choice(_("A public place")),
    "demonstration": Choice(_("A demonstration or a test")),
}

REGIONS: dict[str, Choice] = {
    "eu": Choice(
        _("European Union"),
        _("Choose it too where you are elsewhere and the result is used in the European Union."),
    ),
    "uk": Choice(_("United Kingdom")),
    "us_illinois": Choice(_("USA: Illinois")),
    "us_other": Choice(_("USA: another state")),
    "other": Choice(_("Another country")),
}

GROUPS: dict[str, Choice] = {
    "counterparts_staff": Choice(_("Employees of a customer or partner, at their work")),
    "applicants": Choice(_("Applicants for a job")),
    "students": Choice(_("Pupils or students")),
    "children": Choice(_("Children under 18")),
}
"""People beside the roles, whom the declaration names."""
