"""The colours of runs: perceptually even ones for values, and others for those that have none."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from gradgui.record.loss_density import needs_logarithm
from gradgui.ui.app.theme import Theme
from gradgui.ui.plots.contour_image import BANDS, DARK_COLOURS, LIGHT_COLOURS
from gradgui.ui.sweeps.quantity import Kind

LEVELS = 256
SIGHTLY = 60
"""The first of the levels that is told apart from the ground."""
FLAT = {Kind.WITHOUT: ("#b4bac2", "#4b5561"), Kind.ROSE: ("#e3a33b", "#b07a1c")}
"""Colours of runs without a value, light and dark."""
DIVERGED = (("#9c1710", "#f4cfc9"), ("#ff8a80", "#4d2a2c"))
"""The strongest and the weakest colour of runs that left the finite numbers, light and dark."""


class ValueScale(Struct, frozen=True):
    """Which values the lowest and the highest colour have; on a logarithmic scale these are exponents of ten."""

    low: float
    high: float
    is_logarithmic: bool


def value_scale(values: NDArray[np.float64]) -> ValueScale | None:
    """Give a scale for finite values, None where there are none."""
    if not len(values):
        return None
    if needs_logarithm(values):
        positive = values[values > 0.0]
        return ValueScale(float(np.log10(positive.min())), float(np.log10(positive.max())), True)
    return ValueScale(float(values.min()), float(values.max()), False)


def levels_of(values: NDArray[np.float64], scale: ValueScale) -> NDArray[np.int16]:
    """Give the level of each value, from 0 to `LEVELS` - 1; on a logarithmic scale 0 has the lowest."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        places = np.log10(values) if scale.is_logarithmic else values
        width = scale.high - scale.low
        shares = (places - scale.low) / width if width > 0.0 else np.zeros_like(places)
    levels = np.rint(np.clip(np.nan_to_num(shares), 0.0, 1.0) * (LEVELS - 1))
    return np.asarray(levels, np.int16)


def value_colours(theme: Theme) -> NDArray[np.uint8]:
    """Give the colours of the levels, from that of the ground in the valley to blue: shape ``(LEVELS, 4)``."""
    bands = (DARK_COLOURS if theme.dark else LIGHT_COLOURS)[:BANDS].view(np.uint8).reshape(-1, 4)
    return _between(bands)


def diverged_colours(theme: Theme) -> NDArray[np.uint8]:
    """Give the colours of runs that left the finite numbers, from the latest epoch to the earliest."""
    strongest, weakest = DIVERGED[theme.dark]
    return _between(np.array([_rgba(weakest), _rgba(strongest)]))


def flat_colour(kind: Kind, theme: Theme) -> str:
    """Give the colour of runs that all look the same."""
    return FLAT[kind][theme.dark]


def run_pixels(
    kinds: NDArray[np.int8],
    values: NDArray[np.float64],
    diverged_epoch: NDArray[np.int64],
    scale: ValueScale | None,
    theme: Theme,
) -> NDArray[np.uint8]:
    """Give red, green, blue and opacity of every run, shape ``(runs, 4)``."""
    flat = [np.zeros(4, np.uint8), *(_rgba(flat_colour(kind, theme)) for kind in (Kind.WITHOUT, Kind.ROSE))]
    palette = np.concatenate([value_colours(theme), diverged_colours(theme), np.array(flat)])
    colours = np.full(len(kinds), 2 * LEVELS, np.int16)
    if scale is not None:
        known = kinds == Kind.KNOWN
        colours[known] = levels_of(values[known], scale)
    colours[kinds == Kind.WITHOUT] = 2 * LEVELS + 1
    colours[kinds == Kind.ROSE] = 2 * LEVELS + 2
    left = kinds == Kind.DIVERGED
    if left.any():
        colours[left] = 2 * LEVELS - 1 - levels_of(*_epoch_scale(diverged_epoch[left]))
    return np.ascontiguousarray(palette).view(np.uint32)[:, 0].take(colours).view(np.uint8).reshape(-1, 4)


def _epoch_scale(epochs: NDArray[np.int64]) -> tuple[NDArray[np.float64], ValueScale]:
    """Give epochs with a logarithmic scale for them: most runs leave early."""
    numbers = epochs.astype(np.float64)
    return numbers, ValueScale(float(np.log10(numbers.min())), float(np.log10(numbers.max())), True)


def _between(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    places = np.linspace(0.0, len(colours) - 1.0, LEVELS)
    parts = [np.interp(places, np.arange(len(colours)), colours[:, part]) for part in range(4)]
    return np.rint(np.column_stack(parts)).astype(np.uint8)


def _rgba(colour: str) -> NDArray[np.uint8]:
    return np.frombuffer(bytes.fromhex(colour[1:] + "ff"), np.uint8)
