"""What a browser says of itself, in two words; it may say anything."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()

# The first that occurs: most browsers name those they descend from too.
PRODUCTS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
LENGTH = 60


@register.filter
def browser(user_agent: str) -> str:
    """Such as `Firefox on Linux`; the beginning of the text where it names neither."""
    product = next((name for mark, name in PRODUCTS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if product and system:
        return _("%(browser)s on %(system)s") % {"browser": product, "system": system}
    return product or system or user_agent[:LENGTH] or _("Unknown browser")
