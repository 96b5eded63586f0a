import numpy as np
import pytest

from analysis.engine import spreads as engine
from analysis.engine.action_units import AU_COUNT, AU_INDEX
from analysis.training.evaluation import spreads, synthetic
from tests.support.readings import N, made, noisy

SMILE, CLOSED, BLINK, WINK = (AU_INDEX[au] for au in (12, 43, 45, 46))


def units(reading):
    return synthetic.units(synthetic.printed(reading))


def spread(value):
    return np.full((N, AU_COUNT, 2), value, np.float32)


def errs_where_weak(truth):
    """Off by a point where little is shown, by a fifth of one where much is."""
    off = np.random.default_rng(5).normal(0, 1, truth.shape)
    return np.clip(truth + off * np.where(truth < 2.5, 1.0, 0.2), 0, 5).astype(np.float32)


def test_truths_come_to_lie_inside_intervals_that_were_too_narrow():
    reading = made(noisy, spread=spread(0.2))

    believed = spreads.believed(reading, spreads.fitted(reading))

    before, after = units(reading), units(believed)
    assert all(before[au].inside < 0.9 for au in synthetic.STILL)
    assert all(after[au].inside >= 0.94 for au in synthetic.STILL)


def test_intervals_that_were_too_wide_shrink():
    reading = made(noisy, spread=spread(2.7))

    after = units(spreads.believed(reading, spreads.fitted(reading)))

    before = units(reading)
    assert all(after[au].width < 0.8 * before[au].width for au in synthetic.STILL)
    assert all(after[au].inside >= 0.94 for au in synthetic.STILL)


def test_a_strong_display_that_is_read_well_gets_a_narrow_interval_though_the_network_is_unsure():
    reading = made(errs_where_weak, spread=spread(2.7))

    found = spreads.believed(reading, spreads.fitted(reading))

    strong = reading.found[:, SMILE] > 3.5
    weak = (reading.found[:, SMILE] > 0.5) & (reading.found[:, SMILE] < 2)
    assert found.spread[:, SMILE][strong].mean() < 0.6 * found.spread[:, SMILE][weak].mean()


def test_a_unit_without_strong_displays_takes_after_the_others():
    reading = made(errs_where_weak, spread=spread(1.0))
    reading.truth[:, SMILE] = 0
    reading.found[:, SMILE] = np.abs(np.random.default_rng(6).normal(0, 0.1, (N, 2)))

    terms = spreads.fitted(reading)

    others = np.delete(terms, [SMILE, CLOSED, BLINK, WINK], axis=0)
    assert terms[SMILE, -1] == pytest.approx(others[:, -1].mean(), abs=0.3)
    assert np.isfinite(terms).all()


def test_blinks_and_winks_have_the_lids_terms():
    terms = spreads.fitted(made(noisy))

    assert (terms[[BLINK, WINK]] == terms[CLOSED]).all()


def test_the_product_gives_what_was_fitted():
    """Terms as the card holds them make the same spreads as those that were fitted."""
    reading = made(noisy, spread=spread(0.7))
    terms = spreads.fitted(reading)

    written = np.array([[float(f"{term:.4f}") for term in row] for row in terms], np.float32)

    assert (
        engine.refitted(reading.found, reading.spread, written) == spreads.believed(reading, terms).spread
    ).all()
