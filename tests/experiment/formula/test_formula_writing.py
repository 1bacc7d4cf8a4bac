"""Formulas written out, for people and for Python."""

import pytest

from gradgui.experiment.formula import (
    FUNCTIONS,
    Call,
    Name,
    Negative,
    Number,
    parse_formula,
    to_python,
    to_text,
)


@pytest.mark.parametrize(
    ("text", "shown", "python"),
    [
        ("a*x**2+b*x+c", "a * x**2 + b * x + c", "a * x**2 + b * x + c"),
        ("a*exp(-k*x)", "a * exp(-k * x)", "a * torch.exp(-k * x)"),
        ("((w)*(x))", "w * x", "w * x"),
        ("x-(w-b)", "x - (w - b)", "x - (w - b)"),
        ("(x-w)-b", "x - w - b", "x - w - b"),
        ("x/(w*b)", "x / (w * b)", "x / (w * b)"),
        ("-(x**2)", "-x**2", "-x**2"),
        ("(-x)**2", "(-x)**2", "(-x)**2"),
        ("-(x*w)", "-(x * w)", "-(x * w)"),
        ("(-x)*w", "-x * w", "-x * w"),
        ("x - -w", "x - -w", "x - -w"),
        ("2**(-x)", "2**-x", "2**-x"),
        ("(x**w)**b", "(x**w)**b", "(x**w)**b"),
        ("x**(w**b)", "x**w**b", "x**w**b"),
        ("(-2)**x", "(-2)**x", "(-2)**x"),
        ("x*(1/3)", "x * (1 / 3)", f"x * {1 / 3!r}"),
        ("1/3*x", "1 / 3 * x", f"{1 / 3!r} * x"),
        ("x**(1-3)", "x**(1 - 3)", "x**-2.0"),
        ("(1-3)**x", "(1 - 3)**x", "(-2.0)**x"),
        ("sin(pi/2)*x", "sin(pi / 2) * x", "1.0 * x"),
        ("1e-3*x+.50", "1e-3 * x + .50", "0.001 * x + 0.5"),
        ("x*12345678901", "x * 12345678901", "x * 12345678901.0"),
        ("π*x", "π * x", "3.141592653589793 * x"),
        ("w·x−1", "w * x - 1", "w * x - 1"),
        ("max(x,0.5)", "max(x, 0.5)", "torch.clamp(x, min=0.5)"),
        ("max(.5,x)", "max(.5, x)", "torch.clamp(x, min=0.5)"),
        ("min(x,-1)", "min(x, -1)", "torch.clamp(x, max=-1)"),
        ("min(x,w)+max(w,x)", "min(x, w) + max(w, x)", "torch.minimum(x, w) + torch.maximum(w, x)"),
        ("softplus(x)", "softplus(x)", "torch.nn.functional.softplus(x)"),
        (
            "asin(x)+sigmoid(abs(x))",
            "asin(x) + sigmoid(abs(x))",
            "torch.asin(x) + torch.sigmoid(torch.abs(x))",
        ),
    ],
)
def test_written_with_the_fewest_parentheses(text: str, shown: str, python: str) -> None:
    tree = parse_formula(text).tree
    assert to_text(tree) == shown
    assert to_python(tree) == python


def test_another_prefix_stands_before_every_function() -> None:
    tree = parse_formula("exp(x) + max(x, 1) + relu(x)").tree
    assert to_python(tree, "t.") == "t.exp(x) + t.clamp(x, min=1) + t.relu(x)"
    assert to_python(tree, "") == "exp(x) + max(x, 1) + relu(x)"


def test_trees_made_without_typing_are_written_too() -> None:
    tree = Call("min", (Number(-0.5), Negative(Name("x"))))
    assert to_text(tree) == "min(-0.5, -x)"
    assert to_python(tree) == "torch.clamp(-x, max=-0.5)"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_an_example_that_parses(name: str) -> None:
    function = FUNCTIONS[name]
    tree = parse_formula(function.example).tree
    assert isinstance(tree, Call)
    assert (tree.function, len(tree.arguments)) == (name, function.arity)
    assert function.meaning
    assert "\n" not in function.meaning
