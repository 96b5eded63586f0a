import logging

from django.core.signals import request_finished

from echodepth import request_id
from echodepth.afterwards import afterwards


def test_it_is_done_once_and_when_the_request_has_ended():
    done = []
    token = request_id.current.set("the request's number")
    afterwards(lambda: done.append(request_id.current.get()))
    request_id.current.reset(token)
    assert done == []

    request_finished.send(None)
    request_finished.send(None)

    assert done == ["the request's number"]


def test_what_fails_is_logged_and_stops_nothing_else(caplog):
    done = []
    afterwards(lambda: 1 / 0)
    afterwards(lambda: done.append("the second"))

    with caplog.at_level(logging.ERROR):
        request_finished.send(None)

    assert done == ["the second"]
    assert "ZeroDivisionError" in caplog.text
