"""Vectors brought to the length of one, so that the product of two is their cosine."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from vitasense.deterministic.platform.problems import Unavailable
from vitasense.memory.schemas import Vector


def unit(rows: ArrayLike | Sequence[ArrayLike]) -> list[Vector]:
    """Each row as a float32 vector of length one.

    Raises Unavailable when a model gave a row that has no direction: zeros, or what is no number.
    """
    try:
        matrix = np.asarray(rows, dtype=np.float64)
    except ValueError as error:
        raise Unavailable("The embedding model gave something that is no vector.") from error
    lengths = np.linalg.norm(matrix, axis=-1, keepdims=True) if matrix.ndim == 2 else np.zeros(1)
    if not np.isfinite(lengths).all() or not lengths.all():
        raise Unavailable("The embedding model gave a vector without a direction.")
    return list((matrix / lengths).astype(np.float32))
