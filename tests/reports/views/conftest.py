import pytest

from reports.domain.model_page import ModelPage
from reports.views import model
from tests.support.cards import example_card


@pytest.fixture
def card(monkeypatch) -> None:
    """A card made by hand in the place of the shipped one, whose figures change."""
    page = ModelPage.of(example_card())
    monkeypatch.setattr(model, "shipped", lambda: page)
