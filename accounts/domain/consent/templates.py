"""What an organisation's texts begin from. Templates, no legal advice: whoever publishes one has read it.

Parts in double square brackets are for the organisation to fill in; a text that holds one is not published.
"""

from dataclasses import dataclass

from accounts.enums import TextKind

BLANK = "[["
"""Begins what is to be filled in."""


@dataclass(frozen=True, slots=True)
class Template:
    title: str
    body: str


LANGUAGE = "en"

TEMPLATES = {
    TextKind.CONSENT: Template(
        "Your consent to the analysis of recordings of you",
        """\
[[Name and address of your organisation]] would like to analyse video recordings in which you can be \
seen. This text says what for and how, so that you can decide. You are free to say no, and saying no has \
no disadvantage for you: [[say what happens instead, for example that the conversation takes place \
without a recording]].

What is recorded
Video, with or without sound, of [[the occasions, for example our conversation on a certain day]].

What is analysed
A computer program looks for faces in the recording and describes how the face moves: which facial \
muscles act, when and how strongly, how the head is held and where the eyes look. For this it measures \
points on your face. From the movements it computes signals about facial expression, which are \
descriptions with a stated uncertainty. The program does not say whether someone lied, told the truth or \
felt something, and it cannot read thoughts. It does not try to recognise who you are. No decision about \
you is made by the program; a person reads and checks its report.

Only if you agree to it separately
Your culture: how strongly people show feelings on the face differs between cultures. If you wish, a \
culture that you name is taken into account. It is never guessed from your face.
Calibration: if you wish, your recordings may also be used to learn what is usual for people of that \
culture.

Who sees it
[[Who receives the results, for example the members of our sales team who talk with you.]] They are not \
sold and not used for anything that is not named on this page.

How long
Your consent ends on the day that this page names. The points measured on your face are erased when the \
analysis ends. The recording and the results are kept for [[the time your retention policy sets]], and \
then erased.

Your rights
You can withdraw your consent at any time at the same link at which you give it, without giving reasons. \
What was done before is not undone by it; your recordings and the results are then erased, unless a law \
obliges us to keep something. Once you have agreed, you can at the link also ask for a copy of \
everything about you, for corrections, for erasure, or object; until then, ask whom this text names. \
You can complain to a supervisory authority: [[name of the authority, where there is one]].

Whom to ask
[[Name of a person, e-mail address, telephone number]]
""",
    ),
    TextKind.NOTICE: Template(
        "Notice: an AI system analyses facial expressions in recordings of you",
        """\
[[Name of your organisation]] uses an AI system for emotion recognition on recordings in which you can \
be seen. It works on the recording afterwards, not live.

What the system does: it detects faces, measures points on them, describes the movements of facial \
muscles, the head and the gaze, and computes from them signals about emotional expression. What it does \
not do: it does not say whether someone lied, told the truth or felt something, it does not recognise \
who somebody is, and it makes no decision.

What it is used for: [[the purpose, in words that the person understands]].

Who is responsible, and whom to ask: [[name, e-mail address, telephone number]].
""",
    ),
}
