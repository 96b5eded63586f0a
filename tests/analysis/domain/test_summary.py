import json
from dataclasses import replace

from analysis.domain.summary import media_facts, summary
from tests.support.results import example_result


def test_a_header_promises_what_a_result_has_measured():
    result = example_result(60)
    before, after = media_facts(result.media), media_facts(result.media, result)

    assert (before["seconds"], before["frames"]) == (result.media.duration, None)
    assert (after["seconds"], after["frames"]) == (result.end_time, result.frames)
    assert (before["start"], after["start"]) == (None, result.start_time)
    assert {name: before[name] for name in ("width", "height", "codec")} == {
        name: after[name] for name in ("width", "height", "codec")
    }
    assert json.loads(json.dumps(after)) == after


def test_a_header_without_a_rate_has_none():
    media = replace(example_result(60).media, frame_rate=None)

    assert media_facts(media)["frame_rate"] is None


def test_a_result_without_a_face_has_no_signals():
    nothing = summary(replace(example_result(60), tracks=()))

    assert (nothing["tracks"], nothing["scored_seconds"], nothing["signals"]) == (0, 0.0, {})


def test_signals_are_those_of_the_first_track():
    result = example_result(60)
    found = summary(result)

    assert found["tracks"] == len(result.tracks)
    for signal in result.tracks[0].signals:
        shown = found["signals"][signal.key]
        assert (shown["value"] if shown else None) == (signal.overall.value if signal.overall else None)
