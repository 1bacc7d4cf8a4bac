"""The colours of a map of the loss, against Oklab computed from its definition."""

import numpy as np
import pytest
from numpy.typing import NDArray

from gradgui.ui.app.theme import DARK, LIGHT, Theme
from gradgui.ui.plots.contour_image import BANDS, contour_image

# Ottosson, A perceptual color space for image processing, 2020.
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def oklab(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give lightness and the two axes of colour for rows of red, green, blue up to 255."""
    shown = colours / 255.0
    linear = np.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.cbrt(linear @ TO_CONES.T) @ TO_LAB.T)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_from_band_to_band_the_colour_changes_by_equal_steps(theme: Theme) -> None:
    slope = np.tile(np.exp(np.linspace(0.0, 8.0, 200))[:, None], (1, 2))
    column = contour_image(slope, theme)[:, -1].astype(float)
    assert (column[:, 3] == 255.0).all()
    bands = list(dict.fromkeys(map(tuple, column[:, :3].tolist())))
    plain = np.array(bands)[::2]  # every other one is the line in between
    assert len(plain) == BANDS
    lab = oklab(plain)
    even = np.linspace(lab[0], lab[-1], BANDS)
    np.testing.assert_allclose(lab, even, atol=0.003)  # a 255th of the brightness
    text = oklab(np.array([[int(theme.text[place : place + 2], 16) for place in (1, 3, 5)]]))
    lines = oklab(np.array(bands)[1::2])
    np.testing.assert_allclose(lines, lab[1:] + 0.22 * (text - lab[1:]), atol=0.003)


def test_what_is_not_finite_stays_bare() -> None:
    losses = np.array([[1.0, 2.0, np.nan], [1.0, 4.0, np.inf]])
    opacity = contour_image(losses, LIGHT)[..., 3]
    assert (opacity[:, :5] == 255).all()
    assert (opacity[:, 5:] == 0).all()
