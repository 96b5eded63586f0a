"""The tables of docs/cohorts.md, made from the list that is shipped.

`python -m tests.support.cohort_tables` writes them into the document; a test holds it to them.
"""

import os

import django

from analysis.cohort_names import cohort_name
from analysis.engine.findings import cohorts, expressivity
from echodepth.env import BASE_DIR
from reports import labels
from tests.support.findings_tables import BLOCK, table

DOCUMENT = BASE_DIR / "docs" / "cohorts.md"


def listed():
    rows = [
        (
            f"`{one.key}`",
            cohort_name(one.country, one.language),
            labels.words("evidence", one.status),
            "; ".join(parameter(known) for known in one.parameters if known.people) or "1 for all groups",
            ", ".join(study.citation.partition(",")[0] for study in cohorts.shipped().studies_of(one)),
        )
        for one in cohorts.shipped().cohorts.values()
    ]
    return table(("key", "cohort", "status", "factors", "read, without a figure to take"), rows)


def parameter(known):
    return f"{known.group} {known.factor:g} (n {known.people}, {known.source})"


def groups():
    rows = [
        (f"`{key}`", labels.words("cohort_group", key), ", ".join(f"AU{au}" for au in aus))
        for key, aus in cohorts.GROUPS.items()
    ]
    return table(("group", "displays", "Action Units"), rows)


def studies():
    rows = [
        (study.citation, f"{study.people:,}", labels.words("study_about", study.about))
        for study in cohorts.shipped().studies
    ]
    return table(("study", "people", "what it is about, and why no factor follows"), rows)


def constants():
    rows = [
        (
            "standard deviation of a cohort's expressivity as a whole, natural logarithm",
            f"{cohorts.PRIOR_OVERALL:g}",
        ),
        ("of one group beside the others", f"{cohorts.PRIOR_GROUP:g}"),
        ("of a factor of which nothing is known", f"{cohorts.PRIOR:g}"),
        (
            "fewest people in a cohort, to be calibrated or to count in the reference",
            f"{expressivity.LEAST_PEOPLE}",
        ),
        ("shortest scored time of a recording that counts", f"{expressivity.LEAST_SECONDS:g} s"),
        ("mean intensity under which a display counts as this much", f"{expressivity.STILL:g}"),
    ]
    return table(("constant", "value"), rows)


TABLES = {"cohorts": listed, "groups": groups, "studies": studies, "constants": constants}


def written(text):
    """The document with its tables made anew."""
    return BLOCK.sub(lambda block: f"{block[1]}{TABLES[block['name']]()}{block[4]}", text)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
