"""The words of the frequently asked questions; `faq` fills in the figures."""

from typing import NamedTuple

SAMPLE = "sample"
"""Key of the question about free samples, which not every installation takes."""


class Entry(NamedTuple):
    key: str
    """Of its address on the page."""
    question: str
    answer: str
    """Figures in braces; paragraphs apart by an empty line."""
    more: tuple[tuple[str, str], ...] = ()
    """Names of pages, or of parts such as `science#cues`, with the words of the link."""

    @property
    def paragraphs(self) -> list[str]:
        return [" ".join(part.split()) for part in self.answer.split("\n\n")]


UNMEASURED = {
    "clips": "On video of real people it has not been compared with another system.",
    "twins": "Whether some people are measured worse than others was not measured for this model.",
    "interval_recordings": "How often the intervals hold was not tested for this version's numbers.",
}
"""What stands in the place of a paragraph whose figure is not there."""

_ACCURACY = (
    Entry(
        "accuracy",
        "How accurate is it?",
        """
        On {frames} frames of {people} rendered people that no training has seen, {good} of the
        {units} Action Units reach grade A or B (synthetic), {fair} reach grade C, and {weak} stay
        at grade D. Units of grade D are shown apart and feed no signal.

        Synthetic means that the faces are rendered from known Action Units, so the truth is
        exact. Agreement with human FACS coders has not been measured.
        """,
        (("model", "Model card"), ("questions", "Five questions")),
    ),
    Entry(
        "training",
        "Is it trained on FACS-coded data?",
        """
        On synthetic FACS-coded data alone: {trained_frames} frames of {trained_people} rendered
        people, posed by number, for all {units} Action Units. No picture of a real person took
        part. Collections of real people coded by hand, such as DISFA and BP4D, are licensed for
        research, and none was used.
        """,
        (("model", "Model card"), ("how-it-works", "How it works")),
    ),
    Entry(
        "real-people",
        "Was it tried on real people?",
        """
        Only by comparison. On {clips} short clips of real people it was set beside OpenFace,
        another program: the mean correlation over all Action Units that move there is between
        {lowest_r} and {highest_r}. Two programs can agree and both be wrong, so this is no
        measure of truth.
        """,
        (("model", "Model card"),),
    ),
    Entry(
        "intervals",
        "What does a 95 % interval mean, and does it hold?",
        """
        It is the range in which the value that the same formula gives on the known Action Units
        should be 95 times in 100. It does not say how sure one may be of what a person feels.

        It was tested on {interval_recordings} rendered recordings of {interval_people} people
        other than those it was fitted on: means of Action Units lay inside in {inside_au},
        emotion scores in {inside_emotion}, signals in {inside_signal}.
        """,
        (("questions", "Five questions"), ("science", "Science")),
    ),
    Entry(
        "everybody",
        "Does it measure everybody equally well?",
        """
        Not exactly, and the page of the model says where. On rendered twins of {twins} people,
        alike but for skin tone, shape of the face, age, light or glasses, the group that is
        measured worst has {worst} times the error of all (95 % interval {worst_low} to
        {worst_high}). The mean of a signal is at most {widest} points apart between groups. Rendered twins
        vary in what the renderer can draw, and real people in more.
        """,
        (("model", "Model card"),),
    ),
    Entry(
        "not-seen",
        "What happens when a face is turned away, covered or small?",
        """
        Nothing is guessed. A face turned by more than {yaw} degrees to a side or {pitch} up or
        down, or narrower than {width} pixels, is not scored in that frame, and the frame table
        says why. A part of the face that is covered makes its Action Units not visible, never
        zero.
        """,
        (("how-it-works", "How it works"),),
    ),
)
_USE = (
    Entry(
        "truth",
        "Can it tell whether somebody tells the truth?",
        """
        No. EchoDepth describes facial displays; it does not say whether someone lied, told the
        truth or felt something. A review of 158 cues to whether somebody's words are true found that
        many behaviours have no discernible link to it, or a weak one. Using it for that is refused.
        """,
        (("science#cues", "What research says of such cues"),),
    ),
    Entry(
        "signals",
        "What do Trust, Credibility and Resistance mean then?",
        """
        They are names of displays. The Trust Score sums up affiliative display, the Credibility
        Signal how even a display is within the face and with the person's own range, the
        Resistance Indicator display of reserve. Each starts at 50, and every report takes it
        apart into its components and the moments that moved it. It is a sum of displays whose weights
        are our own choice, and all stated.
        """,
        (("sample-example", "A sample report"), ("how-it-works", "How it works")),
    ),
    Entry(
        "hiring",
        "May I use it for applicants, or to see how my staff are doing?",
        """
        No. Choosing applicants, monitoring workers and assessing pupils are refused, everywhere,
        before anything is analysed. So are police and migration, covert recordings, and decisions
        about people. Your own people in a sales conversation are left out.
        """,
        (("data-protection", "Data protection"), ("particulars", "Rules by region")),
    ),
    Entry(
        "compare",
        "Can I compare two people by their scores?",
        """
        Better not. A face is measured against the same person's own neutral, so a score says how
        this person moved away from rest. People differ in how much they show. Compare a person
        with themselves, from one recording to the next.
        """,
        (("cohorts", "Cultural calibration"),),
    ),
    Entry(
        "reviewed",
        "Does a person look at a report before it counts?",
        """
        Yes. Every report is a draft, and says so on each page and in each file name, until a
        reviewer signs it by name. Every way out carries the statement that no decision may rest
        on it alone.
        """,
        (("sample-example", "A sample report"),),
    ),
)
_PEOPLE = (
    Entry(
        "consent",
        "Do people have to agree?",
        """
        Where the declared use asks for it, nothing is measured without: in the European Union, in
        the United Kingdom, in Illinois and wherever the law was not looked up. No real person is
        analysed before a notice to them is on record. The recording is kept and waits; its
        page says what is missing.
        """,
        (("data-protection", "Data protection"), ("particulars", "Rules by region")),
    ),
    Entry(
        "withdrawal",
        "What if somebody changes their mind?",
        """
        Whoever was asked at a link presses one button there, at any time, without an account and
        without a reason; a member can enter it for others. The analysis stops, and recordings, results
        and reports of them are erased, unless a legal hold stands. A signed certificate says what went
        and until when backups may still hold it.

        The record of what they agreed to stays for a time, as proof, until it is due or they ask for
        its erasure too.
        """,
        (("certificates", "Verify a certificate"),),
    ),
    Entry(
        "culture",
        "Does it correct for culture?",
        """
        It offers {cohorts} cohorts in {countries} countries, which a person or an analyst
        declares and which are never inferred from a face. Of these, {cohorts_measured} are
        measured. {studies} published studies were looked through and none gives a factor, so
        where nothing is known no value changes and the interval is not narrower.
        """,
        (("cohorts", "Cultural calibration"),),
    ),
)
_DATA = (
    Entry(
        "where",
        "Where are recordings processed, and what leaves?",
        """
        On the machines of whoever runs the installation: yours, or a provider's that you choose.
        The analysis needs no network, and no recording, face or measurement is sent to us or to
        anybody else. The free sample is the exception: it is uploaded to the installation that offers
        it. Outgoing connections are those that the operator sets up: mail, storage, the
        identity provider.
        """,
        (("data-protection", "Data protection"),),
    ),
    Entry(
        "retention",
        "How long are data kept?",
        """
        As long as you choose, up to {most_days} days. Where nobody chose, recordings go after
        {media_days} days, results after {findings_days}. The face geometry of single frames goes
        when its analysis ends, at the latest after {assigning_days} days; the person's neutral face
        stays with the results, as landmarks and numbers. Backups may hold what was erased for
        {backup_days} days more.
        """,
        (("data-protection", "Data protection"),),
    ),
    Entry(
        "learning",
        "Are our recordings used to train your model?",
        """
        No. The model is trained on rendered faces alone. The code for training comes with the
        product, but not the libraries that it needs, and it never reads uploaded recordings. An
        organisation may calibrate a cohort on its own recordings, of people
        who consented to that, for itself alone.
        """,
        (("model", "Model card"), ("cohorts", "Cultural calibration")),
    ),
    Entry(
        "staff",
        "Can your staff see our recordings?",
        """
        Platform staff have no standing access. They may open a session with a written reason,
        which ends by itself after {staff_hours} hours at most; you see it at once, and every page
        they open stands in your audit trail. On an installation of your own there is no staff but
        yours.
        """,
        (("data-protection", "Data protection"),),
    ),
)
_TECHNICAL = (
    Entry(
        "files",
        "Which recordings can it read?",
        """
        The usual video files: MP4, QuickTime, Matroska, WebM, AVI, MPEG and others, up to {hours}
        hours, {gigabytes} GB and {side} pixels on the longer side here. A still picture is no
        recording. Sound is not listened to.
        """,
    ),
    Entry(
        "machine",
        "Does it need special hardware?",
        """
        No graphics card: it runs on ordinary processor cores, and more workers take more
        recordings at a time. What a frame costs, stage by stage, is measured by the command
        `manage.py benchmark`, whose output stands in docs/benchmarks.md.
        """,
    ),
    Entry(
        "export",
        "How do we get the numbers out?",
        """
        As PDF report, CSV, Parquet and JSON, frame by frame and by event, on the page or through
        the API. Recording, frame table, configuration and model are named by SHA-256.
        """,
        (("sample-example", "A sample report"),),
    ),
    Entry(
        SAMPLE,
        "Can we try it first?",
        """
        Yes, free of charge. You submit a recording, and a reviewed analysis comes back within
        {working_days} working days, by a private link; a document gets a written
        answer. The same rules of lawful use hold, and everything is erased afterwards.
        """,
        (("sample", "Free sample analysis"),),
    ),
)
GROUPS = (
    ("accuracy", "Accuracy", _ACCURACY),
    ("use", "Use", _USE),
    ("people", "People in recordings", _PEOPLE),
    ("data", "Data", _DATA),
    ("technical", "Technical", _TECHNICAL),
)
"""Key, title and entries."""
