import pytest


@pytest.mark.parametrize("demo", [True, False])
def test_a_page_says_that_it_is_a_demonstration(owner_client, settings, demo):
    settings.DEMO = demo

    page = owner_client.get("/o/harbour/members/")

    assert page.context["demo"] is demo
    assert ("/outbox/" in page.content.decode()) is demo
