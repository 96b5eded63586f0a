"""How often something may be tried, counted in the cache that all processes share."""

import hashlib
import time
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from echodepth.errors import UserError


@dataclass(frozen=True, slots=True)
class Limit:
    """`amount` attempts in any `seconds`, for each of those who are told apart.

    Every attempt claims a place of its own, by `cache.add` alone: that is atomic in every cache, counting up
    is not. A place is free again when its seconds are over.
    """

    name: str
    amount: int
    seconds: int

    def take(self, *whom: str) -> str:
        """Claim a place; returns it, for `give_back`. Raises UserError `too_many_requests`."""
        places = self._places(whom)
        taken = cache.get_many(places)
        now = time.time()
        for place in places:
            if place not in taken and cache.add(place, now + self.seconds, self.seconds):
                return place
        raise too_many(int(min(taken.values(), default=now + self.seconds) - now) + 1)

    def give_back(self, place: str) -> None:
        """The attempt does not count."""
        cache.delete(place)

    def clear(self, *whom: str) -> None:
        cache.delete_many(self._places(whom))

    def _places(self, whom: tuple[str, ...]) -> list[str]:
        digest = hashlib.sha256("\0".join(whom).encode()).hexdigest()
        return [f"limit:{self.name}:{digest}:{number}" for number in range(self.amount)]


def too_many(seconds: int) -> UserError:
    """The refusal; it says how long to wait and nothing of what was tried."""
    minutes = max(1, -(-seconds // 60))
    sentence = ngettext(
        "Wait %(minutes)d minute, then try again. Nothing was changed.",
        "Wait %(minutes)d minutes, then try again. Nothing was changed.",
        minutes,
    )
    return UserError(
        "too_many_requests",
        sentence % {"minutes": minutes},
        status=429,
        heading=_("Too many attempts"),
        retry_after=max(1, seconds),
    )
