"""Reading ahead keeps order, bounds what waits, hands errors over and ends its thread."""

import threading

import pytest

from analysis.engine.ahead import ahead


def threads():
    return [thread for thread in threading.enumerate() if thread.name == "ahead"]


def test_order_is_kept_and_the_thread_ends():
    assert list(ahead(range(100), 3)) == list(range(100))
    assert threads() == []


def test_the_producer_is_at_most_depth_ahead():
    produced = []

    def source():
        for number in range(50):
            produced.append(number)
            yield number

    for number in ahead(source(), 4):
        # One in the reader's hand, four waiting, one in the producer's.
        assert len(produced) <= number + 6
    assert len(produced) == 50


def test_an_error_of_the_producer_is_raised_after_what_came_before_it():
    def source():
        yield 1
        raise ZeroDivisionError

    got = []
    with pytest.raises(ZeroDivisionError):
        got.extend(ahead(source(), 2))
    assert threads() == []


def test_a_reader_that_stops_early_stops_the_producer():
    reader = ahead(iter(int, 1), 2)
    assert next(reader) == 0
    reader.close()
    assert threads() == []
