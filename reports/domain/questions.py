"""The five questions a buyer asks of a facial analysis, with the figures that answer them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from analysis.engine.errors import ModelMismatchError, ModelsMissingError
from analysis.engine.findings import cohorts, reliability
from analysis.engine.findings.cohorts import Cohort, CohortList, Evidence
from analysis.engine.result_types import AnalysisResult, ModelEvidence
from reports.domain import model_page
from reports.domain.fairness import Fairness
from reports.domain.measured import Measured
from reports.domain.model_page import BandLine, ModelPage

KINDS = ("au", "emotion", "signal")


@dataclass(frozen=True, slots=True)
class KindTested:
    """How the intervals of one kind of finding held; shares 0-1, widths in the finding's own unit."""

    kind: str
    inside: float
    """Share of truths within the 95 % intervals, pooled."""
    lowest_key: str
    lowest: float
    """The same of the one quantity for which it is lowest."""
    width: float
    constant_width: float
    """Median widths: of the intervals given, and of ones equally wide everywhere that hold as much."""


@dataclass(frozen=True, slots=True)
class IntervalsTested:
    recordings: int
    people: int
    """Rendered, and not those that the intervals were fitted on."""
    kinds: tuple[KindTested, ...]

    @classmethod
    def of(cls, tested: Mapping[str, Any]) -> Self:
        """Of `reliability.tested()`."""
        kinds = tuple(_kind(kind, tested["kinds"][kind]) for kind in KINDS)
        return cls(int(tested["recordings"]), int(tested["people"]), kinds)


@dataclass(frozen=True, slots=True)
class CohortCounts:
    """The list of cohorts that this version ships, by the evidence they have in it.

    An organisation's own calibrations are not counted: what a result used is its own `Questions.cohort`.
    """

    version: str
    cohorts: int
    countries: int
    measured: int
    literature: int
    without: int

    @classmethod
    def of(cls, shipped: CohortList) -> Self:
        known = Counter(cohort.status for cohort in shipped.cohorts.values())
        return cls(
            version=shipped.version,
            cohorts=len(shipped.cohorts),
            countries=len({cohort.country for cohort in shipped.cohorts.values()}),
            measured=known[Evidence.MEASURED],
            literature=known[Evidence.LITERATURE],
            without=known[Evidence.NONE],
        )


@dataclass(frozen=True, slots=True)
class Questions:
    measured: Measured
    intervals: IntervalsTested | None
    """None while they were not fitted, or where a result was made with another fit than this version's."""
    cohorts: CohortCounts
    circumstances: tuple[tuple[str, BandLine], ...]
    """With their kind, those of lowest and of highest mean ICC; empty, as `fairness` is None, in a result of
    another model than the one that is shipped."""
    fairness: Fairness | None
    cohort: Cohort | None = None
    """Declared for the person of a result, with the numbers and the version it was calibrated with."""

    @classmethod
    def shipped(cls, page: ModelPage) -> Self:
        """Of this installation's model."""
        counts = CohortCounts.of(cohorts.shipped())
        return cls(page.measured, _tested(), counts, _ends(page), page.fairness)

    @classmethod
    def of(cls, result: AnalysisResult) -> Self | None:
        """Of a result; None where it was made before models had a card."""
        if result.evidence is None:
            return None
        same = result.configuration.get("interval_fit") == reliability.version()
        intervals = _tested() if same else None
        counts = CohortCounts.of(cohorts.shipped())
        page = _page_of(result.evidence)
        ends, fairness = (_ends(page), page.fairness) if page else ((), None)
        return cls(Measured.of(result.evidence), intervals, counts, ends, fairness, result.cohort)


def _ends(page: ModelPage) -> tuple[tuple[str, BandLine], ...]:
    bands = [(table.kind, line) for table in page.bands for line in table.lines]
    bands.sort(key=lambda band: band[1].icc)
    return (bands[0], bands[-1]) if bands else ()


def _page_of(evidence: ModelEvidence) -> ModelPage | None:
    """The shipped model's page where the result is that very model's."""
    try:
        page = model_page.shipped()
    except (ModelsMissingError, ModelMismatchError):
        return None
    return page if page.measured.card_sha256 == evidence.card_sha256 else None


def _tested() -> IntervalsTested | None:
    tested = reliability.tested()
    return IntervalsTested.of(tested) if tested else None


def _kind(kind: str, found: Mapping[str, Any]) -> KindTested:
    lowest = found["lowest"]
    return KindTested(
        kind=kind,
        inside=float(found["inside"]),
        lowest_key=str(lowest["key"]),
        lowest=float(lowest["inside"]),
        width=float(found["width"]),
        constant_width=float(found["constant_width"]),
    )
