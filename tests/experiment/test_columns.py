"""The layout of a row: names, roles and places, for scalars and for parameters with a shape."""

import pytest

from gradgui.experiment.columns import Columns, Role
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT


def test_the_lessons_are_the_notebooks() -> None:
    columns = DEFAULT_EXPERIMENT.columns
    assert columns.names == ("loss", "w", "w_grad", "lr")
    assert [column.label for column in columns] == ["loss", "w", "w.grad", "lr"]
    assert columns.in_file == columns.names


def test_each_parameter_stands_before_its_gradient_and_the_buffers_at_the_end() -> None:
    columns = Columns({"w": (), "b": ()}, ("exp_avg", "exp_avg_sq"))
    assert columns.in_file == ("loss", "w", "w_grad", "b", "b_grad", "lr")
    assert columns.names[6:] == ("w.exp_avg", "w.exp_avg_sq", "b.exp_avg", "b.exp_avg_sq")
    assert columns.places(Role.PARAMETER) == [1, 3]
    assert columns.places(Role.GRADIENT) == [2, 4]
    assert columns.places(Role.LEARNING_RATE) == [5]
    assert [column.name for column in columns.of(Role.BUFFER, parameter="b")] == ["b.exp_avg", "b.exp_avg_sq"]


def test_a_matrix_has_a_column_for_each_element() -> None:
    columns = Columns({"W": (2, 2), "b": ()})
    assert columns.names == (
        *("loss", "W[0,0]", "W_grad[0,0]", "W[0,1]", "W_grad[0,1]"),
        *("W[1,0]", "W_grad[1,0]", "W[1,1]", "W_grad[1,1]", "b", "b_grad", "lr"),
    )
    assert [column.index for column in columns.of(Role.PARAMETER)] == [(0, 0), (0, 1), (1, 0), (1, 1), ()]
    assert columns.of(Role.GRADIENT)[1].label == "W.grad[0,1]"


def test_the_learning_rate_stays_a_double() -> None:
    dtypes = [DEFAULT_EXPERIMENT.columns.numpy_dtype(column, "float32") for column in DEFAULT_EXPERIMENT.columns]
    assert dtypes == ["float32", "float32", "float32", "float64"]


@pytest.mark.parametrize("names", [["loss"], ["epoch"], ["lr"], ["w", "w_grad"]])
def test_no_two_columns_have_one_name(names: list[str]) -> None:
    with pytest.raises(ValueError, match="same name"):
        Columns(dict.fromkeys(names, ()))


def test_equal_layouts_are_equal() -> None:
    assert Columns({"w": ()}) == Columns({"w": ()})
    assert Columns({"w": ()}) != Columns({"w": (1,)})
