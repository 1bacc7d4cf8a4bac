"""What fields accept, taken from the experiment's own types."""

import math
from typing import Annotated

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct, structs

from gradgui.experiment.early_stopping import StopRules
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.optimizers import SGD, Adam, CosineSchedule, StepSchedule
from gradgui.ui.widgets.number_kind import NumberKind, field_kind


class NewOptimizer(Struct):
    """A rule that nobody has written yet."""

    damping: Annotated[float, Meta(gt=-1.0, le=0.0)] = 0.0
    passes: Annotated[int, Meta(ge=1, lt=5)] = 1
    centred: bool = False


@pytest.mark.parametrize(
    ("struct", "name", "expected"),
    [
        (Experiment, "learning_rate", "Enter a number above 0, such as 0.01 or 1e-3."),
        (Experiment, "epochs", "Enter a whole number from 1 to 10\u202f000\u202f000."),
        (Experiment, "probe", "Enter a number, such as 0 or -1.5."),
        (SGD, "momentum", "Enter a number from 0 to below 1, such as 0.5."),
        (SGD, "weight_decay", "Enter a number from 0 up, such as 0.01 or 1e-3."),
        (StepSchedule, "gamma", "Enter a number above 0, to 1, such as 0.5."),
        (StopRules, "patience", "Enter a whole number from 1 up, or nothing."),
        (StopRules, "gradient_below", "Enter a number above 0, such as 0.01 or 1e-3, or nothing."),
        (NewOptimizer, "passes", "Enter a whole number from 1 to below 5."),
    ],
)
def test_what_would_be_accepted_is_said(struct: type[Struct], name: str, expected: str) -> None:
    kind = field_kind(struct, name)
    assert kind.expected == expected
    with pytest.raises(ValueError, match="Enter a") as refused:
        kind.read("many")
    assert str(refused.value) == expected


@pytest.mark.parametrize(
    ("struct", "name", "good", "bad"),
    [
        (SGD, "momentum", ["0", "0,9", "1e-3"], ["1", "-0.1", "", "nan"]),
        (Adam, "epsilon", ["1e-300"], ["0", "-1", "1e-400"]),
        (StepSchedule, "gamma", ["1", "0.05"], ["0", "1.01"]),
        (CosineSchedule, "epochs", ["1", "10 000 000", "1e3"], ["0", "10000001", "2.5", "1,000"]),
        (StopRules, "patience", ["", "  ", "5"], ["0", "0.5"]),
        (NewOptimizer, "damping", ["-0.5", "0"], ["-1", "0.1"]),
    ],
)
def test_bounds_are_those_of_the_type(struct: type[Struct], name: str, good: list[str], bad: list[str]) -> None:
    kind = field_kind(struct, name)
    for text in good:
        assert math.isnan(kind.read(text)) == (not text.strip())
    for text in bad:
        with pytest.raises(ValueError, match=r"\.$"):
            kind.read(text)


def test_a_switch_is_no_number() -> None:
    with pytest.raises(TypeError, match=r"NewOptimizer\.centred is no number"):
        field_kind(NewOptimizer, "centred")


@pytest.mark.parametrize(
    ("kind", "value", "lower", "higher"),
    [
        (NumberKind(), 0.3, 0.2, 0.4),
        (NumberKind(gt=0.0), 0.03, 0.02, 0.05),
        (NumberKind(gt=0.0), 5e-324, 5e-324, 1e-323),
        (NumberKind(ge=0.0), 0.0, 0.0, 0.01),
        (NumberKind(ge=0.0, lt=1.0), 0.9, 0.8, 0.9),
        (NumberKind(ge=0.0, lt=1.0), 0.05, 0.0, 0.15),
        (NumberKind(gt=0.0, le=1.0), 0.97, 0.92, 1.0),
        (NumberKind(gt=0.0, le=1.0), 0.05, 0.05, 0.1),
        (NumberKind(gt=0.0, optional=True), math.nan, 0.1, 0.1),
        (NumberKind(ge=1, whole=True, optional=True), math.nan, 1.0, 1.0),
        (NumberKind(ge=2, le=100, whole=True), 2.0, 2.0, 3.0),
        (NumberKind(ge=1, le=10_000_000, whole=True, in_decades=True), 20.0, 10.0, 30.0),
        (NumberKind(ge=1, le=10_000_000, whole=True, in_decades=True), 1000.0, 900.0, 2000.0),
        (NumberKind(ge=1, le=10_000_000, whole=True, in_decades=True), 1e7, 9e6, 1e7),
    ],
)
def test_arrow_keys(kind: NumberKind, value: float, lower: float, higher: float) -> None:
    assert kind.steps(value) == (lower, higher)


@given(st.sampled_from([*structs.fields(Adam), *structs.fields(SGD)[::2]]), st.floats(allow_nan=False))
def test_what_is_accepted_is_written_and_stepped_to_what_is_accepted(field: structs.FieldInfo, value: float) -> None:
    kind = field_kind(Adam if field in structs.fields(Adam) else SGD, field.name)
    try:
        assert kind.read(repr(value)) == value
    except ValueError:
        return
    assert repr(kind.read(kind.write(value))) == repr(value)
    for step in kind.steps(value):
        kind.read(kind.write(step))


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_float32_is_written_as_the_decimal_it_is_known_by(value: float) -> None:
    kind = NumberKind(float32=True)
    assert np.float32(kind.read(kind.write(value))).tobytes() == np.float32(value).tobytes()
    assert len(kind.write(value)) <= max(len(repr(value)), len("-1.2345678e-38"))


def test_float32_has_an_end() -> None:
    with pytest.raises(ValueError, match=r"float32 ends at 3\.4e38"):
        NumberKind(float32=True).read("3.4028236e38")
    assert NumberKind(float32=True).read("3.4028235e38") == 3.4028235e38
    assert NumberKind().read("1e39") == 1e39
