"""The loss over two parameters as a picture: bands of colour between lines of equal loss."""

import numpy as np
from numpy.typing import NDArray

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

Heights = NDArray[np.float64]
Pixels = NDArray[np.uint8]


def contour_image(losses: Heights, theme: Theme) -> Pixels:
    """Paint a map.

    Parameters
    ----------
    losses
        Shape ``(n, n)``, a row for each value of the parameter that goes up; what is not finite stays bare.
    theme
        Light or dark: the colours go from that of its ground in the valley to blue on the summit.

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
    colours = DARK_COLOURS if theme.dark else LIGHT_COLOURS
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


def _pixels(bands: str, lines: str) -> NDArray[np.uint32]:
    """Give one number a pixel for the bands and for nothing, and for those again as they are in a line."""
    bare = bytes(4)
    colours = [b"".join(bytes.fromhex(colour + "ff") for colour in row.split()) + bare for row in (bands, lines)]
    return np.frombuffer(b"".join(colours), np.uint32)


# From valley to summit in Oklab, where equal steps look equal; a line has 22 % of the text's colour in it.
LIGHT_COLOURS = _pixels(
    "f7fafd ebf1f8 dee8f2 d2dfed c6d6e7 bacde2 aec4dc a2bbd7 96b2d1 8aaacc 7ea1c6 7298c0 6790bb 5b87b5",
    "c1c6cc b7bfc8 aeb8c3 a5b1bf 9caabb 93a4b7 8a9db3 8197af 7890ab 6f89a6 6683a2 5d7c9e 55769a 4c6f95",
)
DARK_COLOURS = _pixels(
    "161d27 1c2531 222d3c 283546 2e3e51 34475d 3a5068 415974 486280 4e6c8c 557599 5c7fa5 6389b2 6a93bf",
    "3d444e 424b57 485260 4d5a69 526172 58687c 5d7085 63778f 687f99 6e87a2 748eac 7996b6 7f9ec1 85a6cb",
)
