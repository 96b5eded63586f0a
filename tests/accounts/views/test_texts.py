import pytest

from accounts.domain.consent.templates import TEMPLATES
from accounts.enums import TextKind
from accounts.models import PrivacyText
from tests.factories import PrivacyTextFactory
from tests.support.consents import published
from tests.support.pages import text_of
from tests.support.tenants import every, fresh


@pytest.fixture
def draft(organisation):
    return PrivacyTextFactory(
        organisation=organisation, title="Our draft", body="Say\n[[what]]\n", published_at=None, sha256=""
    )


def page_of(text, part=""):
    return f"/o/harbour/texts/{text.pk}/{part}"


def test_a_text_is_begun_from_its_template(owner_client, owner):
    answer = owner_client.post("/o/harbour/texts/new/", {"kind": "notice", "language": "en"}, follow=True)

    (made,) = every(PrivacyText)
    assert (made.kind, made.body, made.written_by) == (
        TextKind.NOTICE,
        TEMPLATES[TextKind.NOTICE].body,
        owner.user,
    )
    assert answer.request["PATH_INFO"] == page_of(made, "edit/")


def test_a_language_that_is_none_is_said(owner_client):
    answer = owner_client.post("/o/harbour/texts/new/", {"kind": "notice", "language": "Deutsch"})

    assert "Write the language as a tag" in text_of(answer)
    assert every(PrivacyText) == []


def test_a_draft_is_changed_and_published_once_it_is_finished(owner_client, draft):
    assert "still to be filled in" in text_of(owner_client.post(page_of(draft, "publish/"), follow=True))
    assert fresh(draft).published_at is None
    owner_client.post(page_of(draft, "edit/"), {"title": "Consent", "body": "Say\r\nthis."})

    answer = owner_client.post(page_of(draft, "publish/"), follow=True)

    stored = fresh(draft)
    assert (stored.title, stored.body) == ("Consent", "Say\nthis.\n")
    assert stored.sha256 in text_of(answer)
    assert "Publish" not in text_of(answer).partition("<main")[2].replace("Published", "")


def test_what_is_published_is_changed_by_nobody(owner_client, organisation):
    text = published(organisation)

    assert owner_client.post(page_of(text, "edit/"), {"title": "X", "body": "Y"}).status_code == 409
    assert owner_client.post(page_of(text, "drop/")).status_code == 409
    assert owner_client.post(page_of(text, "publish/")).status_code == 409
    assert owner_client.get(page_of(text, "edit/")).status_code == 302
    assert (fresh(text).title, fresh(text).sha256) == (text.title, text.sha256)


def test_a_draft_is_thrown_away(owner_client, draft):
    owner_client.post(page_of(draft, "drop/"))

    assert every(PrivacyText) == []


def test_who_asks_for_consent_reads_the_texts_and_publishes_none(analyst_client, draft, outsider):
    published(outsider.organisation, title="Elsewhere")

    listed = text_of(analyst_client.get("/o/harbour/texts/"))
    assert "Our draft" in listed
    assert "New version" not in listed
    assert "Elsewhere" not in listed
    shown = text_of(analyst_client.get(page_of(draft)))
    assert "[[what]]" in shown
    assert "<button" not in shown.partition("<main")[2].partition("</main>")[0]
    assert analyst_client.post(page_of(draft, "publish/")).status_code == 403
    assert fresh(draft).published_at is None


def test_what_was_written_is_shown_as_text(analyst_client, organisation):
    text = published(organisation, body="<script>go()</script>\n")

    assert "&lt;script&gt;go()&lt;/script&gt;" in text_of(analyst_client.get(page_of(text)))
