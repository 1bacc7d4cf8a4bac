"""Numbers as a person reads them: the notebook's three decimals where these say enough."""

import math


def readable(value: float) -> str:
    """Write a number for a label: three decimals, or four significant digits where these would mislead.

    Examples
    --------
    ``30.000``, ``-0.250``, ``1.234e-05``, ``2.318e+32``, ``inf``.
    """
    if value == 0.0 or not math.isfinite(value):
        return f"{value:.3f}"
    return f"{value:.3f}" if 1e-2 <= abs(value) < 1e5 else f"{value:.3e}"
