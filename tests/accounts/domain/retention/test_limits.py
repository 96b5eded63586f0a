from accounts.domain.retention import limits
from accounts.enums import DataClass, RetentionStart
from echodepth.kinds import RETENTION_CLASSES


def test_every_class_has_a_limit_that_holds_its_own_default():
    assert set(limits.LIMITS) == set(DataClass)
    for limit in limits.LIMITS.values():
        assert 1 <= limit.least <= limit.days <= limit.most
        assert limit.counted_from in limit.starts


def test_the_settings_name_the_same_classes():
    named = set(DataClass) - {DataClass.GEOMETRY}  # which goes with its analysis
    assert {str(data_class) for data_class in named} == RETENTION_CLASSES


def test_face_geometry_lies_as_long_as_an_analysis_waits_at_most(settings):
    settings.ASSIGNING_DAYS = 3
    assert (limits.of(DataClass.GEOMETRY).days, limits.of(DataClass.GEOMETRY).most) == (3, 3)


def test_days_are_counted_from_what_the_class_knows():
    assert str(limits.start_words(DataClass.MEDIA, RetentionStart.UPLOAD)) == "the upload"
    assert "term" in str(limits.start_words(DataClass.CONSENTS, RetentionStart.UPLOAD))
    assert str(limits.start_words(DataClass.REPORTS, RetentionStart.REPORT)) == "the last report"
