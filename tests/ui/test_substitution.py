"""Numbers plugged into a formula: whole names only, however much a number looks like one."""

import pytest

from gradgui.experiment.formula import parse_formula
from gradgui.ui.epoch.substitution import plugged


@pytest.mark.parametrize(
    ("formula", "values", "shown"),
    [
        ("w * x", {"w": "0.300", "x": "[1, 2]"}, "0.300 · [1, 2]"),
        ("e3*x + 1e3*e3", {"e3": "0.500", "x": "2"}, "0.500 · 2 + 1e3 · 0.500"),
        ("_*x - 1_000", {"_": "(−1.000)", "x": "2"}, "(−1.000) · 2 − 1_000"),
        ("print*x + x1", {"print": "4", "x": "2", "x1": "3"}, "4 · 2 + 3"),
        ("a*exp(-k*x)", {"a": "1", "k": "2", "x": "3"}, "1 · exp(-2 · 3)"),
        ("(a + b)**2", {"a": "1", "b": "2"}, "(1 + 2)^2"),
    ],
)
def test_whole_names_are_replaced(formula: str, values: dict[str, str], shown: str) -> None:
    assert plugged(parse_formula(formula).tree, values) == shown
