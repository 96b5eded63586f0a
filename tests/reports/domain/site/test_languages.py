import pytest
from django.urls import reverse
from django.utils import translation

from accounts.domain.invitations import absolute
from reports.domain.site.languages import alternates_of

HOST = absolute("/").removesuffix("/")
PREFIXED = ("home", "questions", "sample", "sample-sent")


@pytest.mark.parametrize("name", PREFIXED)
def test_a_translated_page_names_itself_in_every_language_and_one_for_all_others(name):
    path = reverse(name)
    found = {one.code: one.url for one in alternates_of(path)}

    assert found == {
        "en": HOST + path,
        "de": f"{HOST}/de{path}",
        "es": f"{HOST}/es{path}",
        "x-default": HOST + path,
    }
    with translation.override("de"):
        assert {one.code: one.url for one in alternates_of(f"/de{path}")} == found


@pytest.mark.parametrize("path", ["/cohorts/", "/sample/report/", "/nowhere/"])
def test_a_page_in_english_alone_has_no_other_languages(path):
    assert alternates_of(path) == []


def test_each_language_is_named_in_its_own_words_and_linked_on_the_same_host():
    found = alternates_of("/questions/")

    assert [one.name for one in found] == ["English", "Deutsch", "Español", ""]
    assert [one.path for one in found][1:3] == ["/de/questions/", "/es/questions/"]
