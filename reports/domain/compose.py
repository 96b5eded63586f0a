"""From an analysis to the report's data: every rule of display in one place, without a database."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import numpy as np

from analysis.engine.action_units import ACTION_UNITS, AU_INDEX, ActionUnit, Group, letter
from analysis.engine.finding_types import AUSummary, TrackQuality, TrackResult, Withheld
from analysis.engine.findings.notation import lean
from analysis.engine.model_card import Grade
from analysis.engine.result_types import AnalysisResult, AUEvidence
from analysis.engine.types import U8, AUState, Neutral
from reports.domain import cohort_page
from reports.domain.cohort_page import CohortLine
from reports.domain.displays import (
    EpisodeLine,
    EventLine,
    SmileLine,
    event_code,
    movement_kinds,
    score_lines,
)
from reports.domain.measured import Measured
from reports.domain.questions import Questions
from reports.domain.report_data import (
    AUFinding,
    Count,
    GroupReport,
    NeutralFact,
    QualityFact,
    RecordingFacts,
    ReportData,
    TrackReport,
    WithheldFace,
)
from reports.domain.signals import SignalReport
from reports.domain.span import Span

_LEANS = {0: "", 1: "left", -1: "right"}
_Card = Mapping[int, AUEvidence]


def compose(
    result: AnalysisResult, facts: RecordingFacts, coverage: Mapping[int, U8] | None = None
) -> ReportData:
    """Everything a report shows. `coverage` is by track (see `coverage.read_coverage`)."""
    coverage = coverage or {}
    card = {unit.au: unit for unit in result.evidence.action_units} if result.evidence else {}
    return ReportData(
        facts=facts,
        media=result.media,
        frames=result.frames,
        span=Span(result.start_time, result.end_time),
        warnings=result.warnings,
        excluded=_counts(result.excluded, result.frames),
        tracks=tuple(
            _track(track, coverage.get(track.track), card) for track in result.tracks if not track.withheld
        ),
        engine_version=result.engine_version,
        configuration=tuple((key, str(value)) for key, value in sorted(result.configuration.items())),
        configuration_sha256=result.configuration_sha256,
        models=result.models,
        frames_sha256=result.frames_sha256,
        measured=Measured.of(result.evidence) if result.evidence else None,
        cohort=CohortLine.of(result.cohort) if result.cohort else None,
        cohorts=cohort_page.shipped(),
        questions=Questions.of(result),
        withheld=tuple(_withheld(track, track.withheld) for track in result.tracks if track.withheld),
        subject_absent=result.subject_absent,
    )


def _withheld(track: TrackResult, why: Withheld) -> WithheldFace:
    return WithheldFace(track.track, track.start, track.end, track.quality.frames, why.role, why.reason)


def _track(track: TrackResult, coverage: U8 | None, card: _Card) -> TrackReport:
    findings = {unit.number: _finding(unit, track, card.get(unit.number)) for unit in ACTION_UNITS}
    weak = {au for au, evidence in card.items() if evidence.grade == Grade.D}
    return TrackReport(
        number=track.track,
        start=track.start,
        end=track.end,
        scored=any(signal.overall is not None for signal in track.signals),
        quality=_quality(track.quality),
        neutral=_neutral(track.neutral),
        signals=tuple(SignalReport.of(signal, weak) for signal in track.signals),
        groups=tuple(_group(group, track, findings, weak) for group in Group),
        weak=tuple(found for au, found in findings.items() if au in weak and found is not None),
        events=tuple(EventLine.of(event) for event in track.events if event.au not in weak),
        episodes=tuple(EpisodeLine.of(episode) for episode in track.emotions),
        scores=score_lines(track.emotion_scores, track.emotions),
        smiles=track.smiles,
        smile_lines=tuple(SmileLine.of(smile) for smile in track.smile_displays),
        blinks=track.blinks,
        # Versions that scored no patterns looked for no movements either: none found would be untrue of them.
        movements=movement_kinds(track.movements) if track.emotion_scores else (),
        own_range=track.own_range,
        activity=track.activity,
        coverage=coverage,
    )


def _counts(frames: Mapping[str, int], total: int) -> tuple[Count, ...]:
    ordered = sorted(frames.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Count(code, count, count / total if total else 0.0) for code, count in ordered if count)


def _quality(quality: TrackQuality) -> QualityFact:
    return QualityFact(
        frames=quality.frames,
        scored_frames=quality.scored_frames,
        scored_share=quality.scored_frames / quality.frames if quality.frames else 0.0,
        scored_seconds=quality.scored_seconds,
        excluded=_counts(quality.excluded, quality.frames),
        face_width=quality.median_face_width,
        sharpness=quality.median_sharpness,
        luma=quality.median_luma,
        yaw=quality.median_yaw,
        pitch=quality.median_pitch,
        covered_share=quality.covered_share,
        coverage=quality.coverage,
    )


def _neutral(neutral: Neutral | None) -> NeutralFact | None:
    if neutral is None:
        return None
    return NeutralFact(neutral.source, neutral.frames, neutral.start, neutral.end)


def _group(
    group: Group, track: TrackResult, findings: Mapping[int, AUFinding | None], weak: AbstractSet[int]
) -> GroupReport:
    units = [unit for unit in ACTION_UNITS if unit.group is group]
    believed = (findings[unit.number] for unit in units if unit.number not in weak)
    states = {unit: track.summaries[AU_INDEX[unit.number]].state for unit in units}
    return GroupReport(
        group=group,
        findings=tuple(finding for finding in believed if finding is not None),
        not_scorable=tuple(unit for unit, state in states.items() if state == AUState.NOT_SCORABLE.code),
        not_visible=tuple(unit for unit, state in states.items() if state == AUState.NOT_VISIBLE.code),
    )


def _finding(unit: ActionUnit, track: TrackResult, evidence: AUEvidence | None) -> AUFinding | None:
    summary = track.summaries[AU_INDEX[unit.number]]
    if summary.mean is None or summary.p95 is None or summary.maximum is None:
        return None
    own = [event for event in track.events if event.au == unit.number]
    strongest = max(own, key=lambda event: event.peak, default=None)
    return AUFinding(
        unit=unit,
        mean=summary.mean,
        mean_letter=letter(summary.mean.value),
        p95=summary.p95,
        p95_letter=letter(summary.p95),
        maximum=summary.maximum,
        present_share=summary.present_share or 0.0,
        left_mean=summary.left_mean,
        right_mean=summary.right_mean,
        leans=_leans(summary),
        scored_share=summary.scored_frames / track.quality.frames if track.quality.frames else 0.0,
        evidence=evidence,
        events=len(own),
        strongest=event_code(strongest) if strongest else "",
        strongest_at=strongest.apex if strongest else None,
    )


def _leans(summary: AUSummary) -> str:
    """Of the means, by the rule that notation has for one frame."""
    if summary.left_mean is None or summary.right_mean is None:
        return ""
    left, right = (np.asarray(mean, dtype=np.float32) for mean in (summary.left_mean, summary.right_mean))
    return _LEANS[int(lean(left, right))]
