"""The loss over two parameters as a picture: bands of colour between lines of equal loss."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from gradgui.ui.app.theme import Theme

BANDS = 14
FINER = 4
"""Pixels of the picture for each step of the grid."""
LOWEST_SHARE = 0.004
"""Of the map is the lowest band: the bottom itself is infinitely deep for a logarithm."""
HIGHEST = 1e6
"""What is so many times higher than the lowest band is as good as infinitely high: below that is more to see."""
ROUNDING = 64 * np.finfo(np.float64).eps
"""Share of the lowest loss: less above it than that is no height."""
LINE_STRENGTH = 0.22
"""How much of the text's colour is in a line."""

Heights = NDArray[np.float64]
Pixels = NDArray[np.uint8]


def contour_image(losses: Heights, theme: Theme) -> Pixels:
    """Paint a map.

    Parameters
    ----------
    losses
        Shape ``(n, n)``, a row for each value of the parameter that goes up; what is not finite stays bare.
    theme
        Whose colours are taken, from those of the valley to those of the summit.

    Returns
    -------
    ndarray
        Red, green, blue and opacity, shape ``(m, m, 4)`` with ``m = 4 (n - 1) + 1``: the first and the last pixels
        are the first and the last points of the grid.
    """
    bands = _bands(losses)
    lines = np.zeros(bands.shape, bool)
    lines[1:] |= bands[1:] != bands[:-1]
    lines[:, 1:] |= bands[:, 1:] != bands[:, :-1]
    bands[lines] += BANDS + 1
    colours = _colours(theme).view(np.uint32).ravel()  # one number a pixel is copied much faster than four
    return colours.take(bands).view(np.uint8).reshape(*bands.shape, 4)


def _bands(losses: Heights) -> Pixels:
    """Give the band of each pixel, counted from the bottom; the one after the last is for what is not finite."""
    finite = np.isfinite(losses)
    if not finite.any():
        return np.full([FINER * (side - 1) + 1 for side in losses.shape], BANDS, np.uint8)
    with np.errstate(invalid="ignore", over="ignore"):
        lowest = losses[finite].min()
        heights = np.where(finite, losses, np.nan) - lowest
        heights[heights <= ROUNDING * abs(lowest)] = 0.0
        edges = _edges(heights)
        # Within single precision, and without what is far above the highest edge.
        heights = np.minimum(heights / edges[-1], 100.0)
        # The root of a parabola is straight, and so is what lies between two points of it.
        roots = _finer(np.sqrt(heights).astype(np.float32))
    bands = np.zeros(roots.shape, np.uint8)
    for edge in np.sqrt(edges / edges[-1]):
        bands += roots > edge
    bands[np.isnan(roots)] = BANDS
    return bands


def _edges(heights: Heights) -> Heights:
    """Give the heights between the bands, even in the logarithm."""
    heights = heights[(heights > 0.0) & np.isfinite(heights)]
    if not len(heights):
        return np.ones(1)
    low = np.log(np.quantile(heights, LOWEST_SHARE))
    high = min(np.log(heights.max()), low + np.log(HIGHEST))
    return np.asarray(np.exp(np.linspace(low, high, BANDS)[:-1]))


def _finer(grid: NDArray[np.float32]) -> NDArray[np.float32]:
    """Put straight lines between the points of a grid, along both sides."""
    for _ in range(2):
        finer = np.empty((FINER * (len(grid) - 1) + 1, grid.shape[1]), np.float32)
        finer[::FINER] = grid
        steps = np.diff(grid, axis=0)
        for part in range(1, FINER):
            finer[part::FINER] = grid[:-1] + steps * np.float32(part / FINER)
        grid = np.ascontiguousarray(finer.T)
    return grid


@cache
def _colours(theme: Theme) -> Pixels:
    """Give the colours of bands and of nothing, and those again as they are in a line."""
    even = np.linspace(0.0, 1.0, BANDS)[:, None]
    valley, summit, text = (_to_even(colour) for colour in (theme.valley, theme.summit, theme.text))
    bands = valley + even * (summit - valley)
    lines = bands + LINE_STRENGTH * (text - bands)
    bare = np.zeros((1, 4), np.uint8)
    return np.concatenate([_from_even(bands), bare, _from_even(lines), bare])


# Oklab (Ottosson, A perceptual color space for image processing, 2020): equal steps look equal.
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def _to_even(colour: str) -> Heights:
    named = QColor(colour)
    shown = np.array([named.redF(), named.greenF(), named.blueF()])
    linear = np.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4)
    return np.asarray(_TO_LAB @ np.cbrt(_TO_CONES @ linear))


def _from_even(colours: Heights) -> Pixels:
    linear = (colours @ np.linalg.inv(_TO_LAB).T) ** 3 @ np.linalg.inv(_TO_CONES).T
    linear = linear.clip(0.0, 1.0)
    shown = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    opaque = np.full((len(colours), 1), 255.0)
    return np.concatenate([np.rint(255 * shown), opaque], axis=1).astype(np.uint8)
