"""A model in which x does not occur, and what was probably meant."""

import pytest

from gradgui.experiment.formula import lacks_x, parse_formula, suggestion, suspects


@pytest.mark.parametrize(
    ("model", "names", "meant"),
    [
        ("mx + c", ("mx",), "m*x + c"),
        ("wx+b", ("wx",), "w*x+b"),
        ("W*X + b", ("X",), "W*x + b"),
        ("xw + b", ("xw",), "x*w + b"),
        ("a*exp(-kx)", ("kx",), "a*exp(-k*x)"),
        ("ax + bx", ("ax", "bx"), "a*x + b*x"),
        ("(mx + c)**2", ("mx",), "(m*x + c)**2"),
        ("max(a, mx)", ("mx",), "max(a, m*x)"),
        ("w + b", (), ""),
        ("c", (), ""),
        ("x1 + w_x", (), ""),
    ],
)
def test_what_was_meant(model: str, names: tuple[str, ...], meant: str) -> None:
    assert lacks_x(model)
    assert suspects(model) == names
    assert suggestion(model) == meant
    if meant:
        assert not lacks_x(meant)
        assert "x" not in parse_formula(meant).parameters


@pytest.mark.parametrize("model", ["w*x", "mx + x", "x", "max(x, w)"])
def test_with_x_there_is_nothing_to_say(model: str) -> None:
    assert not lacks_x(model)
