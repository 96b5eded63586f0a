"""CPU time by stage: a stage within another counts alone, and threads do not mix."""

import threading
import time

import pytest

from analysis.engine.clock import StageClock


def work(seconds):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_a_stage_within_another_is_not_counted_twice():
    clock = StageClock()
    begun = time.thread_time()
    with clock.stage("outer"):
        work(0.02)
        with clock.stage("inner"):
            work(0.04)
        work(0.02)
    whole = time.thread_time() - begun
    assert clock.cpu["outer"] >= 0.04
    assert clock.cpu["inner"] >= 0.04
    assert clock.cpu["outer"] + clock.cpu["inner"] <= whole


def test_each_thread_counts_its_own_work():
    clock = StageClock()

    def elsewhere():
        with clock.stage("there"):
            work(0.03)

    thread = threading.Thread(target=elsewhere)
    with clock.stage("here"):
        thread.start()
        thread.join()
    assert clock.cpu["there"] >= 0.03
    assert clock.cpu["here"] < clock.cpu["there"]


def test_a_stage_that_breaks_off_is_counted_and_left():
    clock = StageClock()

    def breaks_off():
        work(0.01)
        raise RuntimeError

    with pytest.raises(RuntimeError), clock.stage("broken"):
        breaks_off()
    with clock.stage("next"):
        work(0.01)
    assert clock.cpu["broken"] >= 0.01
    assert set(clock.cpu) == {"broken", "next"}
