"""Formulas as Python functions."""

from types import FunctionType
from typing import cast

import pytest
import torch

from gradgui.experiment.formula import compile_formula, parse_formula


def model_of(text: str, *arguments: str) -> FunctionType:
    return cast("FunctionType", compile_formula(parse_formula(text), arguments, torch))


def test_it_runs_the_instructions_of_the_same_line_written_by_hand() -> None:
    model = model_of("v*tanh(w*x+b)+c-max(x,0)", "x", "v", "w", "b", "c")
    by_hand = compile(
        "def by_hand(x, v, w, b, c):\n    return v * torch.tanh(w * x + b) + c - torch.clamp(x, min=0)\n",
        "<test>",
        "exec",
    ).co_consts[0]
    assert model.__code__.co_code == by_hand.co_code
    assert model.__code__.co_names == by_hand.co_names
    assert model.__code__.co_varnames == by_hand.co_varnames
    assert model.__code__.co_consts == by_hand.co_consts


def test_the_notebooks_model() -> None:
    w = torch.tensor(0.0, requires_grad=True)
    x, y = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([2.0, 4.0, 6.0, 8.0])
    y_pred = model_of("w*x", "x", "w")(x, w)
    squares = compile_formula(parse_formula("(y - y_pred)**2", ("y", "y_pred")), ("y", "y_pred"), torch)
    squares(y, y_pred).mean().backward()
    assert w.grad is not None
    assert w.grad.item() == -30.0


def test_arguments_come_in_the_callers_order_and_may_be_more_than_the_names() -> None:
    model = model_of("a - x", "x", "a", "unused")
    assert model(torch.tensor(1.0), torch.tensor(5.0), torch.tensor(0.0)).item() == 4.0


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("text", ["max(x, 2)", "min(0.1, x)", "2**x", "x**2", "1/x", "x * 999999999", "x * 1e300"])
def test_numbers_leave_the_dtype_and_the_shape(text: str, dtype: torch.dtype) -> None:
    x = torch.tensor([0.5, 1.0, 3.0], dtype=dtype)
    result = model_of(text, "x")(x)
    assert (result.dtype, result.shape) == (dtype, x.shape)


@pytest.mark.parametrize("bound", ["3.4028234663852886e38", "-3.4028234663852886e38"])
def test_the_largest_bound_fits_float32(bound: str) -> None:
    assert model_of(f"min(x, {bound})", "x")(torch.tensor(1.0)).item() == min(1.0, float(bound))


def test_a_bound_and_a_tensor_give_the_same_maximum() -> None:
    x = torch.tensor([-1.0, 0.25, 0.5, 2.0], dtype=torch.float64)
    half = torch.tensor(0.5, dtype=torch.float64)
    assert torch.equal(model_of("max(0.5, x)", "x")(x), torch.maximum(x, half))
    assert torch.equal(model_of("min(x, 0.5)", "x")(x), torch.minimum(x, half))


def test_it_sees_torch_and_nothing_else() -> None:
    assert model_of("sin(x)", "x").__globals__ == {"torch": torch, "__builtins__": {}}


def test_a_name_that_is_no_argument_is_refused() -> None:
    with pytest.raises(ValueError, match="the arguments lack w, b"):
        model_of("w*x + b", "x")


@pytest.mark.parametrize("argument", ["torch", "a=print()", "*a", "a, b", "if", "", "é"])
def test_an_argument_that_is_no_name_is_refused(argument: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name of an argument"):
        model_of("x", "x", argument)


def test_an_argument_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="the arguments x, x are not all different"):
        model_of("x", "x", "x")
