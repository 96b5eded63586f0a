import pytest
from django.test import Client, override_settings


@pytest.fixture
def shared(tmp_path):
    """Says what another site may do with each static file of the installation."""
    names = ("specimen/card.png", "specimen/card.0123456789ab.png", "specimen/page-01.webp", "atlas/card.png")
    for name in names:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"picture")
    with override_settings(STATIC_ROOT=tmp_path):
        client = Client()
        answers = {name: client.get(f"/static/{name}") for name in names}
        assert {answer.getvalue() for answer in answers.values()} == {b"picture"}
        yield {name: answer.headers["Cross-Origin-Resource-Policy"] for name, answer in answers.items()}


def test_another_site_may_show_the_card_of_a_link_and_nothing_else(shared):
    assert shared == {
        "specimen/card.png": "cross-origin",
        "specimen/card.0123456789ab.png": "cross-origin",
        "specimen/page-01.webp": "same-origin",
        "atlas/card.png": "same-origin",
    }
