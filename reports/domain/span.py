"""The stretch of time a recording covers, by its frames' own timestamps."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    start: float
    end: float
    """Seconds, of the first and the last frame; a stream need not start at 0."""

    @property
    def seconds(self) -> float:
        return self.end - self.start

    def share(self, time: float) -> float:
        """Where a time lies in the span, 0-1; times outside it are taken to its ends."""
        return min(max((time - self.start) / max(self.seconds, 1e-9), 0.0), 1.0)
