"""Weights stored sparse: zeros left out, each row a list of its columns (CSR)."""

from typing import Any

import numpy as np
import tflite
from numpy.typing import NDArray

from analysis.facemodels.errors import UnsupportedModelError

_VECTORS = {
    tflite.SparseIndexVector.Int32Vector: tflite.Int32Vector,
    tflite.SparseIndexVector.Uint16Vector: tflite.Uint16Vector,
    tflite.SparseIndexVector.Uint8Vector: tflite.Uint8Vector,
}


def densify(values: NDArray[Any], shape: tuple[int, ...], sparsity: Any) -> NDArray[Any]:
    """The full array of `shape` from its stored non-zero `values`.

    Only what the face networks use is known: no blocks, dimensions in order, all dense but
    the last, which is CSR. Anything else raises UnsupportedModelError.
    """
    dimensions = [sparsity.DimMetadata(position) for position in range(sparsity.DimMetadataLength())]
    formats = [dimension.Format() for dimension in dimensions]
    in_order = sparsity.TraversalOrderAsNumpy().tolist() == list(range(len(shape)))
    dense, compressed = tflite.DimensionType.DENSE, tflite.DimensionType.SPARSE_CSR
    if sparsity.BlockMapLength() or not in_order or formats != [dense] * (len(shape) - 1) + [compressed]:
        raise UnsupportedModelError(what=f"sparse layout {formats}")
    last = dimensions[-1]
    starts = _index_vector(last.ArraySegmentsType(), last.ArraySegments())
    columns = _index_vector(last.ArrayIndicesType(), last.ArrayIndices())
    full = np.zeros((starts.size - 1, shape[-1]), values.dtype)
    full[np.repeat(np.arange(starts.size - 1), np.diff(starts)), columns] = values[: columns.size]
    return full.reshape(shape)


def _index_vector(kind: int, table: Any) -> NDArray[np.int64]:
    vector = _VECTORS[kind]()
    vector.Init(table.Bytes, table.Pos)
    return np.asarray(vector.ValuesAsNumpy(), np.int64)
