"""`result.json`: an `AnalysisResult` as text and back."""

import dataclasses
import json
import math
import types
import typing
from fractions import Fraction
from typing import Any

import numpy as np

from analysis.engine.result_types import AnalysisResult
from analysis.engine.statement import STATEMENT

SCHEMA = 1
"""Raised when a key changes its meaning or goes; new keys do not raise it."""
DECIMALS = 6
ARRAY_DECIMALS = 4


class SchemaError(ValueError):
    """The text is of a schema that this version does not read."""


def to_json(result: AnalysisResult) -> str:
    """The same result gives the same bytes; each top-level key stands on a line of its own.

    Numbers are rounded to 6 decimals, those of arrays to 4; not-a-number becomes null.
    """
    plain = {"schema": SCHEMA, "statement": STATEMENT} | _plain(result)
    lines = (f"{json.dumps(key)}: {json.dumps(value, allow_nan=False)}" for key, value in plain.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def from_json(text: str) -> AnalysisResult:
    """The result as written; SchemaError for another schema."""
    plain = json.loads(text)
    if plain.pop("schema", None) != SCHEMA:
        raise SchemaError("not a result of a schema this version reads")
    result: AnalysisResult = _built(AnalysisResult, plain)
    return result


def _plain(value: Any) -> Any:  # noqa: PLR0911 - one return a type
    """The value in JSON's types."""
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, np.ndarray):
        return _plain_array(value)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, float | np.floating):
        return _rounded(float(value), DECIMALS)
    return value.item() if isinstance(value, np.integer) else value


def _plain_array(values: np.ndarray) -> list[Any]:
    if values.ndim > 1:
        return [_plain_array(one) for one in values]
    return [_rounded(one, ARRAY_DECIMALS) for one in values.tolist()]


def _rounded(value: float, decimals: int) -> float | None:
    # Adding zero turns -0.0 into 0.0.
    return round(value, decimals) + 0.0 if math.isfinite(value) else None


def _built(kind: Any, plain: Any) -> Any:  # noqa: PLR0911 - one return a type
    """The value of type `kind` that `_plain` made `plain` of."""
    origin = typing.get_origin(kind)
    if plain is None and origin in {typing.Union, types.UnionType}:
        return None
    if origin in {typing.Union, types.UnionType}:
        return _built(_certain(kind), plain)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{name: _built(hints[name], value) for name, value in plain.items() if name in hints})
    if origin is np.ndarray:
        return np.array(plain, dtype=np.float32)
    if origin is tuple:
        return tuple(_built(typing.get_args(kind)[0], one) for one in plain)
    if kind is float:
        return math.nan if plain is None else float(plain)
    return Fraction(plain) if kind is Fraction else plain


def _certain(kind: Any) -> Any:
    """The one type of `T | None`; a union of plain types (str, int, float) stays as it is in JSON."""
    certain = [one for one in typing.get_args(kind) if one is not types.NoneType]
    return certain[0] if len(certain) == 1 else object
