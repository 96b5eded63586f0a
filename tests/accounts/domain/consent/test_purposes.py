from accounts.domain.consent import purposes


def test_what_is_refused_or_needs_no_person_is_not_asked_for():
    assert {"sales_meeting", "research"} <= purposes.OFFERED.keys()
    assert purposes.OFFERED.keys().isdisjoint(
        {"recruitment", "worker_monitoring", "lie_detection", "covert", "rendered_people"}
    )


def test_keys_are_shown_in_words_and_unknown_ones_as_they_are():
    assert list(map(str, purposes.labels(["sales_meeting", "gone"]))) == ["A sales conversation", "gone"]


def test_the_person_chooses_among_words_that_are_known():
    ((key, words),) = purposes.choices(["sales_meeting", "gone"])

    assert (key, str(words)) == ("sales_meeting", "A sales conversation")
