"""Numbers as text: the shortest decimal that reads back to the same value."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def shortest(value: float, dtype: str) -> str:
    """Give the shortest decimal that reads back to the same value.

    Parameters
    ----------
    value
        The number; one that the dtype does not have is rounded to it first.
    dtype
        ``float32`` or ``float64``, in which it is read back.

    Returns
    -------
    str
        Such as ``0.3``, ``30.0``, ``-0.0``, ``1e-07``, ``nan``, ``inf`` and ``-inf``.
    """
    if dtype == "float64":
        return repr(float(value))
    with np.errstate(over="ignore"):
        return str(np.float32(value))


def shortest_column(values: NDArray[np.floating[Any]]) -> list[str]:
    """Give the shortest decimal of each value; see `shortest`.

    Parameters
    ----------
    values
        float32 or float64, of shape (n,).
    """
    # A long run settles and repeats itself. Its numbers are told apart by their bits, as 0.0 equals -0.0.
    bits, places = np.unique(values.view(f"i{values.itemsize}"), return_inverse=True)
    distinct = bits.view(values.dtype)
    # A float32 must stay one, and tolist() would widen it. Measured: astype(str) is slower than its scalars.
    texts = map(repr, distinct.tolist()) if values.dtype == np.float64 else map(str, list(distinct))
    column: list[str] = np.array(list(texts), dtype=object)[places].tolist()
    return column
