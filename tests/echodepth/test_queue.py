import pytest
from django.conf import settings
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ

from echodepth.queue import OldestFirst


@pytest.mark.django_db
def test_the_oldest_task_comes_first_wherever_its_row_lies():
    broker = get_broker()
    assert isinstance(broker, OldestFirst)
    for number in range(20):
        broker.enqueue(f"task {number}")
    # PostgreSQL moves a row that is written anew behind the others.
    for row in OrmQ.objects.filter(payload__in=["task 0", "task 3"]):
        OrmQ.objects.filter(pk=row.pk).update(lock=timezone.now())
    taken = []
    while found := broker.dequeue():
        taken += [payload for _key, payload in found]
    assert taken == [f"task {number}" for number in range(20)]


def test_the_queue_in_use_is_this_one():
    assert settings.Q_CLUSTER["broker_class"] == f"{OldestFirst.__module__}.{OldestFirst.__name__}"
