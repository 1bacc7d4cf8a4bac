"""What the fields accept: texts to numbers, and what is said of those that are none."""

import math
from decimal import Decimal

from gradgui.experiment.experiment import MOST_EPOCHS

WIDEST_RATE = 10
"""Characters of a learning rate that are written out."""

LARGEST_FLOAT32 = 3.4028234663852886e38


def parse_learning_rate(text: str) -> float:
    """Read a learning rate.

    Raises
    ------
    ValueError
        When it is no finite number above 0; its text says what would be accepted.
    """
    expected = "Enter a number above 0, such as 0.01 or 1e-3."
    try:
        value = float(text.strip().replace(",", ".", 1))
    except ValueError:
        raise ValueError(expected) from None
    if not (math.isfinite(value) and value > 0.0):
        raise ValueError(expected)
    return value


def parse_epochs(text: str) -> int:
    """Read a number of epochs; spaces and underscores may group its digits, and 1e6 is a million.

    Raises
    ------
    ValueError
        When it is no whole number in range; its text says what would be accepted.
    """
    expected = f"Enter a whole number from 1 to {write_epochs(MOST_EPOCHS)}."
    digits = text.strip().replace(" ", "").replace("\u202f", "").replace("\u00a0", "")
    try:
        value = float(digits)
    except ValueError:
        raise ValueError(expected) from None
    if not (1 <= value <= MOST_EPOCHS and value == int(value)):
        raise ValueError(expected)
    return int(value)


def parse_whole(text: str, lowest: int, highest: int) -> float:
    """Read a whole number in a range.

    Raises
    ------
    ValueError
        When it is none; its text says what would be accepted.
    """
    expected = f"Enter a whole number from {write_epochs(lowest)} to {write_epochs(highest)}."
    value = _read(text, expected, lowest, highest)
    if value != int(value):
        raise ValueError(expected)
    return value


def whole_steps(value: float) -> tuple[float, float]:
    """Give what the arrow keys lead to: one down and up."""
    return value - 1, value + 1


def write_epochs(epochs: float) -> str:
    """Write a number of epochs with its thousands apart."""
    return f"{int(epochs):,}".replace(",", "\u202f")


def epoch_steps(epochs: float) -> tuple[int, int]:
    """Give the numbers of epochs that the arrow keys lead to: a tenth of the decade down and up."""
    step = max(1, 10 ** (len(str(int(epochs))) - 1))
    lower_step = step // 10 if epochs == step and step > 1 else step
    return max(1, int(epochs) - lower_step), min(MOST_EPOCHS, int(epochs) + step)


def learning_rate_steps(learning_rate: float) -> tuple[float, float]:
    """Give the learning rates that the arrow keys lead to: 1, 2 and 5 times the powers of ten."""
    exponent = math.floor(math.log10(learning_rate))
    ladder = [float(Decimal(digit).scaleb(exponent + shift)) for shift in (-1, 0, 1) for digit in (1, 2, 5)]
    lower = max((rate for rate in ladder if 0.0 < rate < learning_rate), default=learning_rate)
    higher = min((rate for rate in ladder if learning_rate < rate < math.inf), default=learning_rate)
    return lower, higher


def parse_optional(text: str) -> float:
    """Read a number above 0, or nothing.

    Returns
    -------
    float
        nan for nothing.

    Raises
    ------
    ValueError
        When it is neither; its text says what would be accepted.
    """
    if not text.strip():
        return math.nan
    try:
        return parse_learning_rate(text)
    except ValueError:
        raise ValueError("Enter a number above 0, or nothing.") from None


def parse_optional_epochs(text: str) -> float:
    """Read a number of epochs, or nothing, as nan.

    Raises
    ------
    ValueError
        When it is neither; its text says what would be accepted.
    """
    if not text.strip():
        return math.nan
    try:
        return float(parse_epochs(text))
    except ValueError:
        raise ValueError("Enter a whole number of epochs, or nothing.") from None


def write_optional(value: float) -> str:
    """Write a number, or nothing for nan."""
    return "" if math.isnan(value) else f"{value:g}"


def optional_steps(value: float) -> tuple[float, float]:
    """Give what the arrow keys lead to: 1, 2 and 5 times the powers of ten, beginning at 0.1."""
    return (0.1, 0.1) if math.isnan(value) else learning_rate_steps(value)


def parse_number(text: str) -> float:
    """Read any finite number.

    Raises
    ------
    ValueError
        When it is none; its text says what would be accepted.
    """
    return _read(text, "Enter a number, such as 0 or -1.5.", -math.inf, math.inf)


def parse_finite(text: str, dtype: str) -> float:
    """Read a number that is finite in what a run computes in.

    Raises
    ------
    ValueError
        When it is none; its text says what would be accepted.
    """
    value = parse_number(text)
    if dtype == "float32" and abs(value) > LARGEST_FLOAT32:
        raise ValueError("float32 ends at 3.4e38: enter a smaller number, or choose float64.")
    return value


def parse_fraction(text: str) -> float:
    """Read a number from 0 to below 1.

    Raises
    ------
    ValueError
        When it is none; its text says what would be accepted.
    """
    return _read(text, "Enter a number from 0 to below 1, such as 0.9.", 0.0, math.nextafter(1.0, 0.0))


def parse_share(text: str) -> float:
    """Read a number above 0, up to 1.

    Raises
    ------
    ValueError
        When it is none; its text says what would be accepted.
    """
    return _read(text, "Enter a number above 0, up to 1, such as 0.5.", math.nextafter(0.0, 1.0), 1.0)


def parse_non_negative(text: str) -> float:
    """Read a number that is 0 or above.

    Raises
    ------
    ValueError
        When it is none; its text says what would be accepted.
    """
    return _read(text, "Enter 0 or a number above it, such as 0.01.", 0.0, math.inf)


def write_number(value: float) -> str:
    """Write a number as it was typed: 2 rather than 2.0."""
    return f"{value:.0f}" if value == int(value) and abs(value) < 1e15 else repr(value)


def write_learning_rate(value: float) -> str:
    """Write a learning rate; one that a schedule has made in six digits, as no field is wide enough for all."""
    text = write_number(value)
    return text if len(text) <= WIDEST_RATE else f"{value:.6g}"


def number_steps(value: float) -> tuple[float, float]:
    """Give what the arrow keys lead to: a tenth down and up."""
    return float(Decimal(repr(value)) - Decimal("0.1")), float(Decimal(repr(value)) + Decimal("0.1"))


def fraction_steps(value: float) -> tuple[float, float]:
    """Give what the arrow keys lead to: a tenth down and up, within 0 and 0.9."""
    lower, higher = number_steps(value)
    return max(0.0, lower), min(higher, max(value, 0.9))


def share_steps(value: float) -> tuple[float, float]:
    """Give what the arrow keys lead to: a twentieth down and up, within 0.05 and 1."""
    twentieth = Decimal("0.05")
    lower, higher = Decimal(repr(value)) - twentieth, Decimal(repr(value)) + twentieth
    return float(max(lower, min(twentieth, Decimal(repr(value))))), float(min(higher, Decimal(1)))


def non_negative_steps(value: float) -> tuple[float, float]:
    """Give what the arrow keys lead to: 1, 2 and 5 times the powers of ten, beginning at 0."""
    if value == 0.0:
        return 0.0, 0.01
    lower, higher = learning_rate_steps(value)
    return (0.0 if value <= 0.01 else lower), higher


def _read(text: str, expected: str, lowest: float, highest: float) -> float:
    try:
        value = float(text.strip().replace(",", ".", 1).replace("\u2212", "-"))
    except ValueError:
        raise ValueError(expected) from None
    if not (math.isfinite(value) and lowest <= value <= highest):
        raise ValueError(expected)
    return value
