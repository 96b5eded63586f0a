"""`result.json` comes back as it was, byte for byte the same, and the docs name every key."""

import dataclasses
import json
import re
import typing
from pathlib import Path

import numpy as np
import pytest

from analysis.engine.result import SchemaError, from_json, to_json
from analysis.engine.result_types import AnalysisResult
from tests.support.results import example_result

DOCS = Path(__file__).parents[3] / "docs" / "result.md"


def test_a_result_comes_back_as_it_was_written():
    # The example states some numbers as integers; written and read once, they are what they are declared as.
    text = to_json(from_json(to_json(example_result())))
    again = from_json(text)
    assert to_json(again) == text
    assert again.media.frame_rate == example_result().media.frame_rate
    first, before = again.tracks[0], example_result().tracks[0]
    assert [signal.key for signal in first.signals] == [signal.key for signal in before.signals]
    assert first.events[0].peak == pytest.approx(before.events[0].peak, abs=1e-6)
    np.testing.assert_allclose(first.activity.intensity, before.activity.intensity, atol=1e-4)


def test_what_is_not_a_number_is_null_and_no_text_is_beyond_json():
    result = example_result()
    track = result.tracks[0]
    nothing = np.full_like(track.activity.intensity, np.nan)
    hollow = dataclasses.replace(track, activity=dataclasses.replace(track.activity, intensity=nothing))
    plain = json.loads(to_json(dataclasses.replace(result, tracks=(hollow,))), parse_constant=pytest.fail)
    assert set(plain["tracks"][0]["activity"]["intensity"][0]) == {None}


def test_another_schema_is_refused():
    with pytest.raises(SchemaError, match="schema"):
        from_json(to_json(example_result()).replace('"schema": 1', '"schema": 99'))


def dataclasses_of(kind, found):
    for hint in typing.get_type_hints(kind).values():
        for one in (hint, *typing.get_args(hint)):
            if dataclasses.is_dataclass(one) and one not in found:
                found.append(one)
                dataclasses_of(one, found)
    return found


def test_the_docs_name_every_key():
    text = DOCS.read_text()
    named = set(re.findall(r"`([a-z0-9_]+)`", text))
    kinds = dataclasses_of(AnalysisResult, [AnalysisResult])
    keys = {field.name for kind in kinds for field in dataclasses.fields(kind)}
    assert keys <= named, keys - named
