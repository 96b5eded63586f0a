from uuid import uuid4

import pytest

from accounts.domain.erasure import registry
from accounts.domain.erasure.registry import Job, Order
from accounts.enums import DataClass
from accounts.models import Erasure


@pytest.fixture
def taken(monkeypatch):
    """What steps are taken, of a registry with nothing else in it; each has one chunk."""
    monkeypatch.setattr(registry, "_steps", {})
    order = []

    def step(name):
        def take(_job):
            if name in order:
                return False
            order.append(name)
            return True

        return take

    registry.register("thing", step("itself"), Order.ITSELF)
    registry.register("thing", step("media"), Order.OBJECTS, [DataClass.MEDIA])
    registry.register("thing", step("husk"), Order.ITSELF, [DataClass.MEDIA], everything=False)
    registry.register("thing", step("stop"), Order.STOP, [DataClass.MEDIA])
    return order


def work(data_class=""):
    job = Job(Erasure(), "thing", uuid4(), data_class)
    while registry.advance(job):
        pass


def test_everything_goes_in_order(taken):
    work()
    assert taken == ["stop", "media", "itself"]


def test_a_class_of_data_goes_by_its_own_steps(taken):
    work(DataClass.MEDIA)
    assert taken == ["stop", "media", "husk"]


def test_a_kind_or_class_without_steps_is_not_known(taken):
    assert registry.is_known("thing")
    assert registry.is_known("thing", DataClass.MEDIA)
    assert not registry.is_known("thing", DataClass.LOGS)
    assert not registry.is_known("another")
    work(DataClass.LOGS)
    assert taken == []
