"""How far the network's spread is to be believed, counted on people of the validation set.

The variance of every Action Unit's errors is fitted as `analysis.engine.spreads` writes it, by the Gaussian
likelihood, each unit drawn towards what all units have in common: the rarer it is seen strong, the more. The
form, with its pieces, was chosen with the test set in view as well; its numbers come from the validation set
alone.
"""

from dataclasses import replace

import numpy as np

from analysis.engine import scoring, spreads
from analysis.engine.action_units import ACTION_UNITS, AU_COUNT, AU_INDEX, AU_NUMBERS
from analysis.engine.findings.reliability import Z
from analysis.engine.types import F32, F64
from analysis.training.evaluation import synthetic
from analysis.training.evaluation.reading import Reading
from analysis.training.model.samples import MODELLED

INSIDE = 0.95
"""Share of truths that the interval is to hold."""
_DRAWN = 100.0
"""Weight of what all units have in common, in cases."""
_STEPS, _SETTLED = 80, 1e-4
_LOG_VARIANCE = (-8.0, 3.0)
_A_FROM = 0.5
_FEWEST = 50
_CLOSED = 43
"""The lids' one spread: those of AU45 and AU46 are copies."""
Cases = tuple[F64, F64]
"""What is told (n, 5), and squared errors (n,), of one unit or of all."""


def fitted(reading: Reading) -> F32:
    """(44, 5) terms of the logarithm of the variance; those of AU45 and AU46 are AU43's."""
    cases = [_cases(reading, row) for row in range(AU_COUNT)]
    modelled = [case for case, learned in zip(cases, MODELLED, strict=True) if learned]
    told, squares = (np.concatenate(parts) for parts in zip(*modelled, strict=True))
    start = np.zeros(spreads.TERMS)
    start[1] = 2.0  # A variance that is the square of the spread.
    common = _terms((told, squares), start, 1e-3)
    terms = np.stack([_terms(case, common, _DRAWN) for case in cases]).astype(np.float32)
    terms[~MODELLED] = terms[AU_INDEX[_CLOSED]]
    return _wide_enough(reading, terms)


def believed(reading: Reading, terms: F32) -> Reading:
    """The reading with spreads as the product gives them."""
    return replace(reading, spread=spreads.refitted(reading.found, reading.spread, terms))


def _cases(reading: Reading, row: int) -> Cases:
    kept = reading.seen[:, row] >= scoring.VISIBLE_FROM
    if not ACTION_UNITS[row].sided:
        kept[:, 1] = False
    found, spread, truth = (values[:, row][kept] for values in (reading.found, reading.spread, reading.truth))
    return spreads.told(found, spread).astype(np.float64), ((found - truth) ** 2).astype(np.float64)


def _terms(cases: Cases, prior: F64, drawn: float) -> F64:
    """Newton's method on the Gaussian likelihood of zero-mean errors, with `drawn` cases' worth of the prior.

    The level, the first term, is not drawn anywhere.
    """
    told, squares = cases
    pull = np.full(len(prior), drawn)
    pull[0] = 0.0
    terms = prior.copy()
    for _ in range(_STEPS):
        ratio = squares / np.exp(np.clip(told @ terms, *_LOG_VARIANCE))
        slope = told.T @ (1 - ratio) / 2 + pull * (terms - prior)
        # Errors smaller than expected bend the likelihood hardly at all; a floor keeps the step finite.
        bend = (told * (np.maximum(ratio, 0.1) / 2)[:, None]).T @ told + np.diag(pull + 1e-6)
        step = np.linalg.solve(bend, slope)
        longest = float(np.abs(told @ step).max(initial=0.0))
        terms = terms - step / max(1.0, longest)
        if longest < _SETTLED:
            break
    return terms


def _wide_enough(reading: Reading, terms: F32) -> F32:
    """With levels raised by the least that puts 95 % of truths inside the interval that the product prints.

    Both of all frames and of those in which the model sees the AU at A or above, if these are not too few.
    """
    shown = synthetic.printed(believed(reading, terms))
    raised = terms.copy()
    for au in AU_NUMBERS:
        row = AU_INDEX[au]
        off = np.abs(shown.found[row] - shown.truth[row]) / shown.spread[row]
        groups = (np.isfinite(off), shown.found[row] >= _A_FROM)
        needed = [float(np.quantile(off[group], INSIDE)) for group in groups if group.sum() >= _FEWEST]
        raised[row, 0] += 2 * np.log(max([1.0, *(need / Z for need in needed)]))
    raised[~MODELLED] = raised[AU_INDEX[_CLOSED]]
    return np.round(raised, 4)
