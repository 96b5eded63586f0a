import logging

from echodepth.request_id import RequestIdFilter, UtcFormatter, current


def record():
    return logging.LogRecord("echodepth", logging.INFO, __file__, 1, "said", None, None)


def test_a_line_of_the_log_names_its_request():
    token = current.set("1234")
    inside = record()
    RequestIdFilter().filter(inside)
    current.reset(token)
    outside = record()
    RequestIdFilter().filter(outside)

    line = UtcFormatter("%(request_id)s %(message)s")
    assert (line.format(inside), line.format(outside)) == ("1234 said", "- said")


def test_times_of_the_log_are_utc():
    said = record()
    said.created = 0

    assert UtcFormatter("%(asctime)s", "%Y-%m-%dT%H:%M:%S").format(said) == "1970-01-01T00:00:00"
