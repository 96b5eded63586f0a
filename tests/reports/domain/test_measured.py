import dataclasses

from analysis.engine.evidence import evidence_of
from reports.domain.measured import Measured
from tests.support.cards import ICC, WEAK, example_card


def test_grades_are_counted_and_the_weak_are_named():
    measured = Measured.of(evidence_of(example_card()))

    assert measured.units == 44
    assert measured.good == 44 - sum(icc < 0.6 for icc in ICC.values())
    assert measured.fair == 2
    assert {unit.au for unit in measured.weak} == WEAK


def test_real_recordings_are_named_with_their_agreement():
    evidence = evidence_of(example_card())
    measured = Measured.of(evidence)

    assert (measured.lowest.name, measured.lowest.mean_r) == ("woman-sad-to-smile", 0.52)
    assert (measured.highest.name, measured.highest.mean_r) == ("single-face", 0.63)
    assert Measured.of(dataclasses.replace(evidence, clips={})).lowest is None
