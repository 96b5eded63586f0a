import re

from echodepth.env import BASE_DIR
from echodepth.templatetags.ui import icon
from tests.support.tree import files

USED = re.compile(r"""\{% icon ["'](?P<name>[^"']+)["']""")
DRAWN = re.compile(r'<symbol id="(?P<name>[^"]+)"')


def symbols():
    return set(DRAWN.findall((BASE_DIR / "static" / "icons.svg").read_text(encoding="utf-8")))


def test_an_icon_is_hidden_from_screen_readers():
    assert icon("upload", "icon--large") == (
        '<svg class="icon icon--large" aria-hidden="true" focusable="false">'
        '<use href="/static/icons.svg#upload"></use></svg>'
    )


def test_every_icon_that_a_page_uses_is_drawn():
    used = {name for path in files("*.html") for name in USED.findall(path.read_text(encoding="utf-8"))}

    assert "add" in used
    assert used - symbols() == set()
