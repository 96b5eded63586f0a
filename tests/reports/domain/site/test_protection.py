from datetime import date

from accounts.domain.lawful.choices import PURPOSES
from accounts.domain.lawful.rules import judge
from accounts.enums import DataClass, UseState
from reports.domain.site.protection import Protection, refused


def test_what_the_rules_refuse_is_told_and_nothing_else():
    labels = [one.label for one in refused()]

    for purpose, chosen in PURPOSES.items():
        state = judge(purpose, "stage", "us_other", []).state
        assert (chosen.label in labels) == (state is UseState.REFUSED), purpose
    assert all(one.rule.reason for one in refused())


def test_days_are_those_of_the_installation(settings):
    settings.RETENTION_DAYS, settings.BACKUP_DAYS = {"media": 90}, 12
    settings.RETENTION_MOST_DAYS, settings.ASSIGNING_DAYS = {"media": 400}, 3
    told = Protection.here()
    kept = {one.label: one for one in told.kept}

    assert (kept[DataClass.MEDIA.label].days, kept[DataClass.MEDIA.label].most) == (90, 400)
    assert (kept[DataClass.GEOMETRY.label].days, kept[DataClass.GEOMETRY.label].chosen) == (3, False)
    assert len(kept) == len(DataClass)
    assert (told.backup_days, told.assigning_days, told.illinois_years, told.staff_hours) == (12, 3, 3, 4)


def test_every_law_has_a_source_that_was_read_by_the_status_day():
    told = Protection.here()

    for law in told.law:
        assert law.sources, law.place
        assert all(source.url.startswith("https://") for source in law.sources)
        assert all(source.read_on <= told.status for source in law.sources)
    assert told.status <= date(2026, 12, 31)
