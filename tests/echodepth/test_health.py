import pytest
from django.db import OperationalError, connection


@pytest.mark.django_db
def test_it_answers_while_the_database_does(client):
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_a_database_out_of_reach_is_told_without_details(client):
    def broken(*_args):
        raise OperationalError("password of the database")

    with connection.execute_wrapper(broken):
        response = client.get("/healthz")

    assert (response.status_code, response.json()) == (503, {"status": "database unreachable"})
