"""What a formula is once it was read."""

import math

import pytest

from gradgui.experiment.formula import (
    RESERVED_NAMES,
    Binary,
    Call,
    FormulaError,
    Name,
    Negative,
    Number,
    names_in,
    parse_formula,
)


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("w * x", ("w",)),
        ("w*x + b", ("w", "b")),
        ("a*exp(-k*x)", ("a", "k")),
        ("v*tanh(w*x + b) + c", ("v", "w", "b", "c")),
        ("max(b, a) + a - b", ("b", "a")),
        ("z * x**(y1 - (-q))", ("z", "y1", "q")),
        ("α*x + β", ("α", "β")),
        ("θ_0 + θ_1 * x", ("θ_0", "θ_1")),
        ("e * pi * π * x", ()),
        ("exp2 * sinus + _", ("exp2", "sinus", "_")),
        ("W * x + w", ("W", "w")),
        ("x", ()),
        ("3", ()),
    ],
)
def test_parameters_are_the_other_names_in_order_of_appearance(text: str, parameters: tuple[str, ...]) -> None:
    formula = parse_formula(text)
    assert formula.parameters == parameters
    assert formula.variables == ("x",)
    assert formula.text == text


def test_a_loss_has_variables_of_reserved_names() -> None:
    formula = parse_formula("(y - y_pred)**2", ("y", "y_pred"))
    assert formula.variables == ("y", "y_pred")
    assert formula.parameters == ()
    assert formula.tree == Binary("**", Binary("-", Name("y"), Name("y_pred")), Number(2))


def test_a_variable_that_is_not_used_stays_a_variable() -> None:
    formula = parse_formula("w * x", ("x", "t"))
    assert formula.variables == ("x", "t")
    assert names_in(formula.tree) == ("w", "x")


def test_names_in_walks_the_whole_tree_once_each() -> None:
    assert names_in(parse_formula("-a + max(b, c * a) / d - 2").tree) == ("a", "b", "c", "d")


@pytest.mark.parametrize("text", ["w·x − b", "w×x - b", "w ⋅ x – b", "w∗x-b", "  w *\tx -\n b\u00a0"])
def test_signs_of_the_keyboard_and_of_mathematics_mean_the_same(text: str) -> None:
    assert parse_formula(text).tree == parse_formula("w * x - b").tree


def test_the_division_sign_divides() -> None:
    assert parse_formula("w ÷ x").tree == Binary("/", Name("w"), Name("x"))


def test_a_plus_sign_changes_nothing() -> None:
    assert parse_formula("+x * +-+w").tree == Binary("*", Name("x"), Negative(Name("w")))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("000", 0),
        ("1_000", 1000),
        ("999999999", 999999999),
        ("1000000000", 1e9),
        ("1.5", 1.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e-3", 0.001),
        ("1E+3", 1000.0),
        ("00.5", 0.5),
        ("-2", -2),
        ("--2", 2),
        ("-0", 0),
        ("-0.0", -0.0),
        ("+7", 7),
        ("(3)", 3),
        ("pi", math.pi),
        ("π", math.pi),
        ("e", math.e),
        ("2*3", 6.0),
        ("1/3", 1 / 3),
        ("2*pi", 2 * math.pi),
        ("sin(1)", math.sin(1)),
        ("1/3*3", 1 / 3 * 3),
        ("2**3**2", 512.0),
        ("-2**2", -4.0),
        ("0.1+0.2-0.3", 0.1 + 0.2 - 0.3),
        ("7-4-2", 1.0),
        ("max(1, 2) - min(3, 4)", -1.0),
        ("1e-400", 0.0),
    ],
)
def test_what_has_no_name_in_it_is_one_number(text: str, value: float) -> None:
    tree = parse_formula(text).tree
    assert isinstance(tree, Number)
    assert repr(tree.value) == repr(value)


def test_the_constant_parts_of_a_formula_are_numbers() -> None:
    assert parse_formula("2*pi*x**2 + 1/4").tree == Binary(
        "+", Binary("*", Number(2 * math.pi), Binary("**", Name("x"), Number(2))), Number(0.25)
    )
    assert parse_formula("x*2*3").tree == Binary("*", Binary("*", Name("x"), Number(2)), Number(3))
    assert parse_formula("max(1 + 1, x)").tree == Call("max", (Number(2.0), Name("x")))


@pytest.mark.parametrize("name", [*RESERVED_NAMES, "w_grad", "_grad"])
def test_a_reserved_name_is_no_parameter_but_may_be_a_variable(name: str) -> None:
    with pytest.raises(FormulaError, match=f"{name} is used for .+: choose another name"):
        parse_formula(f"2 * {name}")
    assert parse_formula(f"2 * {name}", (name,)).parameters == ()


@pytest.mark.parametrize("name", ["grad", "w_gradient", "epoch1", "Loss", "yy"])
def test_names_near_the_reserved_ones_are_free(name: str) -> None:
    assert parse_formula(name).parameters == (name,)


@pytest.mark.parametrize(
    "variables",
    [("2x",), ("",), ("a b",), ("if",), ("__x",), ("é",), ("a" * 31,), ("sin",), ("e",), ("x", "x")],
)
def test_a_caller_cannot_give_impossible_variables(variables: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"cannot be the name|another meaning|not all different"):
        parse_formula("w", variables)
