"""From an analysis to the report's data: every rule of display in one place, without a database."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import numpy as np

from analysis.engine.action_units import ACTION_UNITS, AU_INDEX, ActionUnit, Group, letter
from analysis.engine.finding_types import (
    AUSummary,
    Component,
    EmotionEpisode,
    Event,
    Signal,
    TrackQuality,
    TrackResult,
)
from analysis.engine.findings.notation import lean
from analysis.engine.findings.signal_table import SIGNALS
from analysis.engine.model_card import Grade
from analysis.engine.result_types import AnalysisResult, AUEvidence
from analysis.engine.types import U8, AUState, Neutral
from reports.domain.measured import Measured
from reports.domain.report_data import (
    AUFinding,
    ComponentReport,
    Count,
    EpisodeLine,
    EventLine,
    GroupReport,
    NeutralFact,
    QualityFact,
    RecordingFacts,
    ReportData,
    SignalReport,
    TrackReport,
)
from reports.domain.span import Span

_SIDE_PREFIX = {"both": "", "left": "L", "right": "R"}
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
        tracks=tuple(_track(track, coverage.get(track.track), card) for track in result.tracks),
        engine_version=result.engine_version,
        configuration=tuple((key, str(value)) for key, value in sorted(result.configuration.items())),
        configuration_sha256=result.configuration_sha256,
        models=result.models,
        frames_sha256=result.frames_sha256,
        measured=Measured.of(result.evidence) if result.evidence else None,
    )


def event_code(event: Event) -> str:
    """FACS notation of an event at its apex, such as `1C` or `R12D`."""
    return f"{_SIDE_PREFIX[event.side]}{event.au}{letter(event.peak)}"


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
        signals=tuple(_signal(signal, weak) for signal in track.signals),
        groups=tuple(_group(group, track, findings, weak) for group in Group),
        weak=tuple(found for au, found in findings.items() if au in weak and found is not None),
        events=tuple(_event(event) for event in track.events if event.au not in weak),
        episodes=tuple(_episode(episode) for episode in track.emotions),
        smiles=track.smiles,
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
    )


def _neutral(neutral: Neutral | None) -> NeutralFact | None:
    if neutral is None:
        return None
    return NeutralFact(neutral.source, neutral.frames, neutral.start, neutral.end)


def _signal(signal: Signal, weak: AbstractSet[int]) -> SignalReport:
    parts = sorted(signal.components, key=lambda part: (-abs(part.moved), part.key))
    scored = signal.overall is not None and signal.series
    return SignalReport(
        key=signal.key,
        overall=signal.overall,
        series=signal.series if signal.overall is not None else (),
        components=tuple(_component(part, _rests_on(signal.key, part.key) & weak) for part in parts),
        lowest=min(signal.series, key=lambda point: point.value) if scored else None,
        highest=max(signal.series, key=lambda point: point.value) if scored else None,
    )


def _component(part: Component, without: AbstractSet[int]) -> ComponentReport:
    return ComponentReport(part.key, part.weight, part.level, part.moved, tuple(sorted(without)))


def _rests_on(signal: str, component: str) -> frozenset[int]:
    """Action Units of a component; none of one that the table no longer has."""
    return frozenset(au for rule in SIGNALS[signal] if rule.key == component for au in rule.aus)


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


def _event(event: Event) -> EventLine:
    return EventLine(
        unit=ACTION_UNITS[AU_INDEX[event.au]],
        code=event_code(event),
        side=event.side,
        onset=event.onset,
        apex=event.apex,
        offset=event.offset,
        peak=event.peak,
        onset_velocity=event.onset_velocity,
        offset_velocity=event.offset_velocity,
        first_frame=event.first_frame,
        apex_frame=event.apex_frame,
        last_frame=event.last_frame,
    )


def _episode(episode: EmotionEpisode) -> EpisodeLine:
    return EpisodeLine(
        episode.state, episode.combination, episode.start, episode.apex, episode.end, episode.fit
    )
