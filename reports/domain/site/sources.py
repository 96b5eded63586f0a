"""The published work that the public pages stand on, as it was read.

An entry is here only where its text, its abstract or a second account of it was read; `read` says which.
Sentences on the pages name entries by key.
"""

from dataclasses import dataclass

ABSTRACT = "abstract"
SECOND_HAND = "another author's account"


@dataclass(frozen=True, slots=True)
class Work:
    """One published work."""

    key: str
    authors: str
    year: str
    title: str
    place: str
    """Journal with volume and pages, or publisher."""
    url: str
    """Of the work itself, by its DOI where it has one; empty where it was not at hand."""
    read: str = ABSTRACT
    """What of it was read."""
    read_at: str = ""
    """Where that was, if not at `url`."""

    @property
    def address(self) -> str:
        """The work's address as print shows it."""
        return _printed(self.url)

    @property
    def address_read(self) -> str:
        """Where it was read, as print shows it."""
        return _printed(self.read_at)


def _printed(url: str) -> str:
    return url.removeprefix("https://").removeprefix("http://")


_WORKS = (
    Work(
        "duchenne1862",
        "Duchenne de Boulogne, G.-B.",
        "1862",
        "Mécanisme de la physionomie humaine",
        "Paris",
        "",
        SECOND_HAND,
        read_at="https://en.wikipedia.org/wiki/M%C3%A9canisme_de_la_physionomie_humaine",
    ),
    Work(
        "perrett2022",
        "Perrett, D.",
        "2022",
        "Representations of facial expressions since Darwin",
        "Evolutionary Human Sciences 4, e22",
        "https://doi.org/10.1017/ehs.2022.10",
    ),
    Work(
        "hjortsjo",
        "iMotions",
        "no year",
        "Facial Action Coding System (FACS): on Carl-Herman Hjortsjö's 23 units",
        "a vendor's page",
        "https://imotions.com/blog/facial-action-coding-system/",
        SECOND_HAND,
    ),
    Work(
        "cohn_facs",
        "Cohn, J. F., Ambadar, Z. & Ekman, P.",
        "proof pages",
        "Observer-based measurement of facial expression with the Facial Action Coding System",
        "chapter 13 of a handbook",
        "",
        "opening pages",
        read_at="https://studylib.net/doc/18159197/observer-based-measurement-of-facial-expression-with-the-...",
    ),
    Work(
        "prince_facs",
        "Prince, E. B., Martin, K. B. & Messinger, D. S.",
        "no year",
        "Facial Action Coding System",
        "an encyclopedia entry",
        "",
        "opening pages",
        read_at="https://studylib.net/doc/8295164/facial-action-coding-system-emily-b.-prince--katherine-b....",
    ),
    Work(
        "ekman_group",
        "Paul Ekman Group",
        "no year",
        "Questions and answers on FACS, its manual and its final test",
        "as quoted in a public discussion",
        "",
        SECOND_HAND,
        read_at="https://groups.google.com/g/enfilgene/c/8U9Aw46jTws",
    ),
    Work(
        "kanade2000",
        "Kanade, T., Cohn, J. F. & Tian, Y.",
        "2000",
        "Comprehensive database for facial expression analysis",
        "IEEE Conference on Automatic Face and Gesture Recognition",
        "https://doi.org/10.1109/AFGR.2000.840611",
        "one page",
        read_at="https://ar.scribd.com/document/340018307/Pages-de-Cohn-Kanade-Database-3",
    ),
    Work(
        "tian2001",
        "Tian, Y., Kanade, T. & Cohn, J. F.",
        "2001",
        "Recognizing action units for facial expression analysis",
        "IEEE Transactions on Pattern Analysis and Machine Intelligence 23(2), 97-115",
        "https://doi.org/10.1109/34.908962",
        read_at="https://vdocuments.mx/recognizing-actions-units-for-facial-expression-analysispdf.html",
    ),
    Work(
        "sayette2001",
        "Sayette, M. A., Cohn, J. F., Wertz, J. M., Perrott, M. A. & Parrott, D. J.",
        "2001",
        "A psychometric evaluation of the Facial Action Coding System for assessing spontaneous expression",
        "Journal of Nonverbal Behavior 25, 167-185",
        "",
        read_at=(
            "https://ri.cmu.edu/publications/"
            "a-psychometric-evaluation-of-the-facial-action-coding-system-for-assessing-spontaneous-expression"
        ),
    ),
    Work(
        "lewinski2014",
        "Lewinski, P., den Uyl, T. M. & Butler, C.",
        "2014",
        "Automated facial coding: validation of basic emotions and FACS AUs in FaceReader",
        "Journal of Neuroscience, Psychology, and Economics 7(4), 227-236; correction 8(1), 58-59",
        "https://doi.org/10.1037/npe0000028",
        "abstract and correction",
    ),
    Work(
        "gudi_facereader8",
        "Gudi, A. & Ivan, P.",
        "no year",
        "FaceReader: validation of the Action Unit Module (version 8)",
        "a white paper by Noldus, the vendor",
        "",
        "opening pages",
        read_at="https://scribd.com/document/521501110/White-Paper-FR-Validation-AUM",
    ),
    Work(
        "girard2015",
        "Girard, J. M., Cohn, J. F., Jeni, L. A., Sayette, M. A. & De la Torre, F.",
        "2015",
        "Spontaneous facial expression in unscripted social interactions can be measured automatically",
        "Behavior Research Methods 47, 1136-1147",
        "https://doi.org/10.3758/s13428-014-0536-1",
    ),
    Work(
        "libreface2023",
        "Chang, D., Yin, Y., Li, Z., Tran, M. & Soleymani, M.",
        "2023",
        "LibreFace: an open-source toolkit for deep facial expression analysis",
        "arXiv 2308.10713",
        "https://ar5iv.labs.arxiv.org/html/2308.10713",
    ),
    Work(
        "pyfeat",
        "Py-Feat team",
        "2026",
        "Cross-tool methodology and per-unit results on DISFA+",
        "documents of the py-feat repository, commit 5d235ef6",
        "https://github.com/cosanlab/py-feat/blob/5d235ef6/docs/benchmarks/cross_tool_methodology.md",
        "whole",
    ),
    Work(
        "hsu2023",
        "Hsu, C.-T. & Sato, W.",
        "2023",
        "Electromyographic validation of spontaneous facial mimicry detection using automated facial action "
        "coding",
        "Sensors 23(22), 9076",
        "https://doi.org/10.3390/s23229076",
    ),
    Work(
        "jeni2013",
        "Jeni, L. A., Cohn, J. F. & De la Torre, F.",
        "2013",
        "Facing imbalanced data: recommendations for the use of performance metrics",
        "Affective Computing and Intelligent Interaction",
        "https://doi.org/10.1109/ACII.2013.47",
        read_at=(
            "https://docplayer.net/amp/"
            "9927128-Facing-imbalanced-data-recommendations-for-the-use-of-performance-metrics.html"
        ),
    ),
    Work(
        "barrett2019",
        "Barrett, L. F., Adolphs, R., Marsella, S., Martinez, A. M. & Pollak, S. D.",
        "2019",
        "Emotional expressions reconsidered: challenges to inferring emotion from human facial movements",
        "Psychological Science in the Public Interest 20(1), 1-68",
        "https://doi.org/10.1177/1529100619832930",
    ),
    Work(
        "cowen2021",
        "Cowen, A. S., Keltner, D., Schroff, F., Jou, B., Adam, H. & Prasad, G.",
        "2021",
        "Sixteen facial expressions occur in similar contexts worldwide",
        "Nature 589, 251-257",
        "https://doi.org/10.1038/s41586-020-3037-7",
    ),
    Work(
        "krumhuber2009",
        "Krumhuber, E. G. & Manstead, A. S. R.",
        "2009",
        "Can Duchenne smiles be feigned? New evidence on felt and false smiles",
        "Emotion 9(6), 807-820",
        "https://doi.org/10.1037/a0017844",
    ),
    Work(
        "gunnery2013",
        "Gunnery, S. D., Hall, J. A. & Ruben, M. A.",
        "2013",
        "The deliberate Duchenne smile: individual differences in expressive control",
        "Journal of Nonverbal Behavior 37, 29-41",
        "https://doi.org/10.1007/s10919-012-0139-4",
    ),
    Work(
        "girard2021",
        "Girard, J. M., Cohn, J. F., Yin, L. & Morency, L.-P.",
        "2021",
        "Reconsidering the Duchenne smile: formalizing and testing hypotheses about eye constriction and "
        "positive emotion",
        "Affective Science 2, 32-47",
        "https://doi.org/10.1007/s42761-020-00030-w",
    ),
    Work(
        "ambadar2009",
        "Ambadar, Z., Cohn, J. F. & Reed, L. I.",
        "2009",
        "All smiles are not created equal: morphology and timing of smiles perceived as amused, polite, and "
        "embarrassed/nervous",
        "Journal of Nonverbal Behavior 33",
        "https://doi.org/10.1007/s10919-008-0059-5",
    ),
    Work(
        "horic2020",
        "Horic-Asselin, D., Brosseau-Liard, P., Gosselin, P. & Collin, C. A.",
        "2020",
        "Effects of temporal dynamics on perceived authenticity of smiles",
        "Attention, Perception, & Psychophysics",
        "https://doi.org/10.3758/s13414-020-02080-5",
    ),
    Work(
        "mcduff2017",
        "McDuff, D., Girard, J. M. & el Kaliouby, R.",
        "2017",
        "Large-scale observational evidence of cross-cultural differences in facial behavior",
        "Journal of Nonverbal Behavior 41(1), 1-19",
        "https://doi.org/10.1007/s10919-016-0244-x",
    ),
    Work(
        "rychlowska2015",
        "Rychlowska, M., Miyamoto, Y., Matsumoto, D., Hess, U., Gilboa-Schechtman, E., Kamble, S., "
        "Muluk, H., Masuda, T. & Niedenthal, P. M.",
        "2015",
        "Heterogeneity of long-history migration explains cultural differences in reports of emotional "
        "expressivity and the functions of smiles",
        "PNAS 112(19), E2429-E2436",
        "https://doi.org/10.1073/pnas.1413661112",
    ),
    Work(
        "depaulo2003",
        "DePaulo, B. M., Lindsay, J. J., Malone, B. E., Muhlenbruck, L., Charlton, K. & Cooper, H.",
        "2003",
        "Cues to deception",
        "Psychological Bulletin 129(1), 74-118",
        "https://doi.org/10.1037/0033-2909.129.1.74",
    ),
    Work(
        "bond2006",
        "Bond, C. F. & DePaulo, B. M.",
        "2006",
        "Accuracy of deception judgments",
        "Personality and Social Psychology Review 10(3), 214-234",
        "https://doi.org/10.1207/s15327957pspr1003_2",
        read_at=(
            "https://www.semanticscholar.org/paper/"
            "Accuracy-of-Deception-Judgments-Bond-Depaulo/66f48d526f9a31c8360cda3ef251c93c4cbca0f9"
        ),
    ),
    Work(
        "porter2008",
        "Porter, S. & ten Brinke, L.",
        "2008",
        "Reading between the lies: identifying concealed and falsified emotions in universal facial "
        "expressions",
        "Psychological Science",
        "https://doi.org/10.1111/j.1467-9280.2008.02116.x",
        read_at="https://www.buenastareas.com/ensayos/Microexpresiones/660011.html",
    ),
    Work(
        "rhue2018",
        "Rhue, L.",
        "2018",
        "Racial influence on automated perceptions of emotions",
        "SSRN",
        "https://doi.org/10.2139/ssrn.3281765",
        "the author's own account",
        read_at="https://www.rawstory.com/2019/01/emotion-reading-tech-fails-racial-bias-test/",
    ),
    Work(
        "doughty2001",
        "Doughty, M. J.",
        "2001",
        "Consideration of three types of spontaneous eyeblink activity in normal humans: during reading and "
        "video display terminal use, in primary gaze, and while in conversation",
        "Optometry and Vision Science 78(10), 712-725",
        "https://doi.org/10.1097/00006324-200110000-00011",
    ),
)
WORKS = {work.key: work for work in _WORKS}
