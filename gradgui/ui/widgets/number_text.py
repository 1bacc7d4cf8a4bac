"""Numbers as a person reads them: the notebook's three decimals where these say enough."""

import math

import numpy as np
from numpy.typing import NDArray

MINUS = "−"
SHOWN = 4
"""Elements of a long tensor that are shown."""


def readable(value: float) -> str:
    """Write a number for a label: three decimals, or four significant digits where these would mislead.

    Examples
    --------
    ``30.000``, ``-0.250``, ``1.234e-05``, ``2.318e+32``, ``inf``.
    """
    if value == 0.0 or not math.isfinite(value):
        return f"{value:.3f}"
    return f"{value:.3f}" if 1e-2 <= abs(value) < 1e5 else f"{value:.3e}"


def in_formula(value: float) -> str:
    """Write a number as it stands in a formula: with a real minus sign, in parentheses where it is negative."""
    text = readable(value)
    return f"({MINUS}{text[1:]})" if text.startswith("-") else text


def as_result(value: float) -> str:
    """Write a number as it stands behind an equals sign: with a real minus sign."""
    return readable(value).replace("-", MINUS, 1) if value < 0 else readable(value)


def tensor_text(values: NDArray[np.floating]) -> str:
    """Write a tensor: a number, a short list, or the first few of a long one.

    Examples
    --------
    ``30.000``, ``[2, 4, 6, 8]``, ``[0.3, 0.6, 0.9, … 1000 values]``.
    """
    if values.ndim == 0:
        return as_result(float(values))
    flat = values.ravel()
    shown = [f"{value:.4g}".replace("-", MINUS, 1) for value in flat[:SHOWN].tolist()]
    if len(flat) > SHOWN:
        shown.append(f"… {len(flat)} values")
    return f"[{', '.join(shown)}]"
