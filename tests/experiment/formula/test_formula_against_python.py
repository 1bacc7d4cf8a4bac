"""Formulas mean what the same text means in Python."""

import ast
import math
import struct
from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from gradgui.experiment.formula import (
    FUNCTIONS,
    Binary,
    Call,
    FormulaError,
    Name,
    Negative,
    Node,
    Number,
    compile_formula,
    parse_formula,
    to_python,
    to_text,
)

NAMES = ("x", "w", "b", "β")
NUMBERS = (
    "0",
    "1",
    "2",
    "3",
    "10",
    "0.5",
    ".25",
    "2.",
    "1e-3",
    "1_0",
    "123456789",
    "12345678901",
    "1e200",
    "pi",
    "e",
)
OPERATORS = ("+", "-", "*", "/", "**")
SPACES = st.sampled_from(("", " ", "  "))

VALUES = {
    "x": torch.tensor([-2.5, -1.0, -0.0, 0.0, 0.3, 1.0, 7.0, 30.0], dtype=torch.float64),
    "w": torch.tensor(0.7, dtype=torch.float64),
    "b": torch.tensor(-1.3, dtype=torch.float64),
    "β": torch.tensor(2.0, dtype=torch.float64),
}

Operand: TypeAlias = "torch.Tensor | float"


def texts(leaves: tuple[str, ...], *, with_calls: bool) -> st.SearchStrategy[str]:
    """Formulas as text: few parentheses, so that precedence decides."""

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        joined = st.tuples(inner, SPACES, st.sampled_from(OPERATORS), SPACES, inner).map("".join)
        signed = st.tuples(st.sampled_from(("-", "+", "- ")), inner).map("".join)
        grouped = inner.map(lambda text: f"({text})")
        one = [name for name, function in FUNCTIONS.items() if function.arity == 1]
        two = [name for name, function in FUNCTIONS.items() if function.arity == 2]
        calls = (
            st.builds("{}({})".format, st.sampled_from(one), inner),
            st.builds("{}({}, {})".format, st.sampled_from(two), inner, inner),
        )
        return st.one_of(joined, signed, grouped, *(calls if with_calls else ()))

    return st.recursive(st.sampled_from(leaves), larger, max_leaves=12)


FORMULAS = texts(NAMES + NUMBERS, with_calls=True)


class NoNumber(Exception):  # noqa: N818
    """A constant part has no finite real value."""


# The oracle: Python's own parser and its own arithmetic.


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


OF_NUMBERS: dict[str, Callable[..., float]] = {
    **{name: getattr(math, name) for name in FUNCTIONS if hasattr(math, name)},
    "abs": abs,
    "min": min,
    "max": max,
    "sigmoid": sigmoid,
    "relu": lambda x: max(x, 0.0),
    "softplus": lambda x: x if x > 20 else math.log1p(math.exp(x)),
    "sign": lambda x: 0.0 if x == 0 else math.copysign(1.0, x),
}


def larger_of(left: Operand, right: Operand) -> torch.Tensor:
    if isinstance(left, torch.Tensor) and isinstance(right, torch.Tensor):
        return torch.maximum(left, right)
    tensor, number = tensor_and_number(left, right)
    return torch.clamp(tensor, min=number)


def smaller_of(left: Operand, right: Operand) -> torch.Tensor:
    if isinstance(left, torch.Tensor) and isinstance(right, torch.Tensor):
        return torch.minimum(left, right)
    tensor, number = tensor_and_number(left, right)
    return torch.clamp(tensor, max=number)


def tensor_and_number(left: Operand, right: Operand) -> tuple[torch.Tensor, float]:
    tensor, number = (left, right) if isinstance(left, torch.Tensor) else (right, left)
    assert isinstance(tensor, torch.Tensor)
    assert not isinstance(number, torch.Tensor)
    if abs(number) > torch.finfo(torch.float32).max:
        raise NoNumber
    return tensor, number


OF_TENSORS: dict[str, Callable[..., torch.Tensor]] = {
    **{name: getattr(torch, name) for name in FUNCTIONS if hasattr(torch, name)},
    "softplus": torch.nn.functional.softplus,
    "min": smaller_of,
    "max": larger_of,
}


class Folded(ast.NodeTransformer):
    """Let Python compute every part without a name, in floats; a number alone, or with a sign, stays."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        is_long = isinstance(node.value, int) and node.value > 999_999_999
        return ast.Constant(float(cast("int", node.value))) if is_long else node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Constant({"pi": math.pi, "e": math.e}[node.id]) if node.id in ("pi", "e") else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return in_floats(node, node.left, node.right)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        return computed(node) if isinstance(node.operand, ast.Constant) else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        node.args = [self.visit(argument) for argument in node.args]
        return in_floats(node, *node.args)


def in_floats(node: ast.expr, *parts: ast.expr) -> ast.expr:
    numbers = [part for part in parts if isinstance(part, ast.Constant)]
    if len(numbers) < len(parts):
        return node
    for number in numbers:
        number.value = float(cast("float", number.value))
    return computed(node)


def computed(node: ast.expr) -> ast.Constant:
    try:
        value = evaluated(node, OF_NUMBERS)
    except (ArithmeticError, ValueError) as error:
        raise NoNumber from error
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise NoNumber
    return ast.Constant(value)


def evaluated(node: ast.expr, names: Mapping[str, object]) -> object:
    code = compile(ast.fix_missing_locations(ast.Expression(node)), "<oracle>", "eval")
    return eval(code, {"__builtins__": {}}, names)  # noqa: S307


def expected(text: str) -> Operand:
    tree = Folded().visit(ast.parse(text, mode="eval")).body
    return cast("Operand", evaluated(tree, {**OF_TENSORS, **VALUES}))


def bits(value: Operand) -> list[bytes]:
    numbers = cast("list[float]", value.reshape(-1).tolist()) if isinstance(value, torch.Tensor) else [value]
    return [b"nan" if math.isnan(number) else struct.pack("<d", number) for number in numbers]


@given(FORMULAS)
def test_the_result_is_pythons_bit_for_bit(text: str) -> None:
    try:
        wanted = expected(text)
    except NoNumber:
        with pytest.raises(FormulaError):
            parse_formula(text)
        return
    formula = parse_formula(text)
    got = compile_formula(formula, NAMES, torch)(*VALUES.values())
    assert type(got) is type(wanted)
    assert bits(got) == bits(wanted)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("argument", ["x", "w * x - b", "abs(x)"])
def test_every_function_is_torchs(name: str, argument: str) -> None:
    arguments = ", ".join([argument, "w"][: FUNCTIONS[name].arity])
    text = f"{name}({arguments})"
    got = compile_formula(parse_formula(text), NAMES, torch)(*VALUES.values())
    assert bits(got) == bits(expected(text))


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("number", [-30.0, -0.75, -0.0, 0.0, 0.25, 0.9, 19.0, 21.0])
def test_a_function_of_numbers_is_near_torchs(name: str, number: float) -> None:
    numbers = (number, 0.5)[: FUNCTIONS[name].arity]
    text = f"{name}({', '.join(map(str, numbers))})"
    torch_value = OF_TENSORS[name](*(torch.tensor(one, dtype=torch.float64) for one in numbers)).item()
    if not math.isfinite(torch_value):
        with pytest.raises(FormulaError):
            parse_formula(text)
        return
    tree = parse_formula(text).tree
    assert isinstance(tree, Number)
    assert tree.value == pytest.approx(torch_value, rel=1e-14, abs=1e-300)


# Precedence and grammar


def shape_of_ast(node: ast.expr) -> object:
    symbols = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
    match node:
        case ast.BinOp(left, operator, right):
            return (symbols[type(operator)], shape_of_ast(left), shape_of_ast(right))
        case ast.UnaryOp(ast.USub(), operand):
            return ("negative", shape_of_ast(operand))
        case ast.UnaryOp(ast.UAdd(), operand):
            return shape_of_ast(operand)
        case ast.Call(ast.Name(function), arguments):
            return (function, *map(shape_of_ast, arguments))
        case ast.Name(name):
            return name
    raise AssertionError(ast.dump(node))


def shape(node: Node) -> object:
    """The tree as tuples; 2 differs from 2.0 and 0.0 from -0.0, which the nodes call equal."""
    match node:
        case Binary(operator, left, right):
            return (operator, shape(left), shape(right))
        case Negative(operand):
            return ("negative", shape(operand))
        case Call(function, arguments):
            return (function, *map(shape, arguments))
        case Name(name):
            return name
        case Number(value):
            return repr(value)


@given(texts(NAMES, with_calls=True))
def test_the_tree_is_pythons(text: str) -> None:
    assert shape(parse_formula(text).tree) == shape_of_ast(ast.parse(text, mode="eval").body)


PIECES = ("v", "w", "2", "+", "-", "*", "/", "**", "(", ")", " ", "sin(", "1.5", "0")
ALLOWED = (ast.BinOp, ast.UnaryOp, ast.Name, ast.Constant, ast.operator, ast.unaryop, ast.expr_context)


def python_takes(text: str) -> bool:
    """Tell whether the text is Python, and only arithmetic with calls of sin of one argument."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return False
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if not isinstance(node.func, ast.Name) or node.func.id != "sin" or len(node.args) != 1:
                return False
        elif not isinstance(node, ALLOWED):
            return False
    return True


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_what_is_no_python_is_no_formula_and_the_other_way_round(text: str) -> None:
    assume("//" not in text)
    try:
        parse_formula(text)
    except FormulaError as error:
        computed_and_refused = any(word in error.message for word in ("too large", "no value", "divides by zero"))
        assert computed_and_refused or not python_takes(text)
    else:
        assert python_takes(text)


# Round trips


@given(FORMULAS)
def test_written_as_text_and_parsed_again_it_is_the_same(text: str) -> None:
    tree = accepted(text)
    again = parse_formula(to_text(tree)).tree
    assert again == tree
    assert shape(again) == shape(tree)
    assert to_text(again) == to_text(tree)


@given(FORMULAS)
def test_written_as_python_without_prefix_and_parsed_again_it_is_the_same(text: str) -> None:
    tree = accepted(text)
    again = parse_formula(to_python(tree, "")).tree
    assert again == tree
    assert shape(again) == shape(tree)


@given(FORMULAS)
def test_no_parentheses_are_needless(text: str) -> None:
    python = to_python(accepted(text), "")
    unparsed = ast.unparse(ast.parse(python))
    assert python.count("(") <= unparsed.count("(")


def accepted(text: str) -> Node:
    try:
        return parse_formula(text).tree
    except FormulaError:
        assume(False)
        raise
