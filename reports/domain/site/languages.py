"""A page of the public site in each of its languages."""

from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import translate_url
from django.utils import translation

from accounts.domain.invitations import absolute


class Alternate(NamedTuple):
    """A page in one of its languages; the code is `x-default` for whoever reads none of them."""

    code: str
    name: str
    url: str
    """With host and scheme."""

    @property
    def path(self) -> str:
        """For a link of the page itself, which stays where it is read."""
        return urlsplit(self.url).path


def alternates_of(path: str) -> list[Alternate]:
    """Of a path as it is in the language in use; empty where the page has one language alone."""
    found = [(code, translate_url(path, code)) for code, _name in settings.LANGUAGES]
    if len({url for _code, url in found}) == 1:
        return []
    default = translate_url(path, settings.LANGUAGE_CODE)
    listed = [Alternate(code, _own_name(code), absolute(url)) for code, url in found]
    return [*listed, Alternate("x-default", "", absolute(default))]


def _own_name(code: str) -> str:
    return str(translation.get_language_info(code)["name_local"]).capitalize()
