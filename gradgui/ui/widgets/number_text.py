"""Numbers and tensors as they stand in formulas."""

import numpy as np
from numpy.typing import NDArray

from gradgui.numbers import MINUS, readable, significant

SHOWN = 4
"""Elements of a long tensor that are shown."""


def in_formula(value: float) -> str:
    """Write a number among others in a formula: in parentheses where it is negative."""
    text = readable(value)
    return f"({text})" if text.startswith(MINUS) else text


def tensor_text(values: NDArray[np.floating]) -> str:
    """Write a tensor: a number, a short list, or the first few of a long one.

    Examples
    --------
    ``30.000``, ``[2, 4, 6, 8]``, ``[0.3, 0.6, 0.9, … 1 000 values]``.
    """
    if values.ndim == 0:
        return readable(float(values))
    flat = values.ravel()
    shown = [significant(value) for value in flat[:SHOWN].tolist()]
    if len(flat) > SHOWN:
        shown.append(f"… {len(flat)} values")
    return f"[{', '.join(shown)}]"
