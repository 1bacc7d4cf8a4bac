"""Data made up: a curve, the noise on it, and a seed that brings the same points again.

Everything is worked out with + − × ÷ and with ``Random.random``, whose sequence Python keeps from version to version.
Only sine and exponential come from the system's library and may differ there in the last bit, some 1e-16; rounding
every point to four decimals takes that away, and makes it pleasant to read.
"""

import math
from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType

from msgspec import Struct

from gradgui.experiment.data import Data

MOST_POINTS = 10_000
"""More would lie closer together than their decimals."""
MOST_NOISE = 1_000_000
DECIMALS = 4
OUTLIER_EVERY = 8
"""One point in so many is an outlier, and at least one is."""
OUTLIER_OFFSET = 8.0
"""How far an outlier is thrown off the curve."""


class Generator(Struct, frozen=True):
    """A way to make up data.

    Attributes
    ----------
    meaning
        One sentence for a person.
    curve
        Gives the y of an x, before noise.
    start, stop
        Ends of the range over which the x are spread evenly.
    noise
        The noise that suits it.
    outliers
        Whether some points are thrown far off the curve.
    """

    meaning: str
    curve: Callable[[float], float]
    start: float
    stop: float
    noise: float = 0.0
    outliers: bool = False


GENERATORS: Mapping[str, Generator] = MappingProxyType(
    {
        "line": Generator("Points on y = 2x: w * x can fit them exactly.", lambda x: 2.0 * x, 1.0, 4.0),
        "noisy line": Generator(
            "Points around y = 2x + 1: the loss of the best line is the noise, not 0.",
            lambda x: 2.0 * x + 1.0,
            0.0,
            5.0,
            noise=0.5,
        ),
        "parabola": Generator(
            "Points around y = x² − 2x: a line can only follow one arm of it.",
            lambda x: x * x - 2.0 * x,
            -2.0,
            4.0,
            noise=0.2,
        ),
        "sine": Generator(
            "A wave of height 2: its loss has many valleys, so the start decides where it ends.",
            lambda x: 2.0 * math.sin(x),
            0.0,
            6.0,
            noise=0.1,
        ),
        "decay": Generator(
            "Points around y = 4·exp(−0.8x): steep at first, then flat.",
            lambda x: 4.0 * math.exp(-0.8 * x),
            0.0,
            5.0,
            noise=0.1,
        ),
        "line with outliers": Generator(
            "A noisy line with a few points far above it: the squared error chases them, a robust loss does not.",
            lambda x: 2.0 * x + 1.0,
            0.0,
            5.0,
            noise=0.3,
            outliers=True,
        ),
    }
)
"""Every kind of data there is, under the name that a person chooses it by."""


def generate(kind: str, points: int, noise: float, seed: int) -> Data:
    """Make up data; the same arguments give the same points everywhere.

    Parameters
    ----------
    kind
        A name of `GENERATORS`.
    points
        How many, 1 to `MOST_POINTS`.
    noise
        Standard deviation of what is added to every y, 0 to `MOST_NOISE`; 0 for none.
    seed
        Another one gives other noise and other outliers.

    Returns
    -------
    Data
        With x from left to right, rounded to `DECIMALS` decimals.

    Raises
    ------
    ValueError
        When an argument is not as said here; its text says what would be accepted.
    """
    if kind not in GENERATORS:
        raise ValueError(f"there is no data called {kind}; there are {', '.join(GENERATORS)}")
    if not 1 <= points <= MOST_POINTS:
        raise ValueError(f"the number of points must be from 1 to {MOST_POINTS}")
    if not 0.0 <= noise <= MOST_NOISE:
        raise ValueError(f"the noise must be from 0 to {MOST_NOISE}")
    generator, random = GENERATORS[kind], Random(seed)  # noqa: S311 - no secret
    x = [_spread(generator.start, generator.stop, index, points) for index in range(points)]
    y = [generator.curve(value) + noise * _normal(random) for value in x]
    if generator.outliers:
        for index in _shuffled(random, points)[: max(1, points // OUTLIER_EVERY)]:
            y[index] += OUTLIER_OFFSET
    return Data(list(x), [round(value, DECIMALS) for value in y])


def _spread(start: float, stop: float, index: int, points: int) -> float:
    share = index / (points - 1) if points > 1 else 0.0
    return round(start + (stop - start) * share, DECIMALS)


def _normal(random: Random) -> float:
    """Draw from a bell of width 1: twelve even draws added up, as ``Random.gauss`` needs the system's logarithm.

    ``sum`` adds up in another way from Python 3.12 on; ``fsum`` is exact in all.
    """
    return math.fsum(random.random() for _ in range(12)) - 6.0


def _shuffled(random: Random, count: int) -> list[int]:
    return sorted(range(count), key=[random.random() for _ in range(count)].__getitem__)
