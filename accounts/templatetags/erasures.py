"""Erasures on pages."""

from django import template

from accounts.domain.erasure import showing
from accounts.models import Erasure

register = template.Library()


@register.simple_tag
def erased_what(erasure: Erasure) -> str:
    """What is erased, in words."""
    return showing.what(erasure)
