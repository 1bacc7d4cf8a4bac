"""No text, however long or strange, does anything but parse or raise a FormulaError."""

import sys
from collections.abc import Callable
from itertools import count
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradgui.experiment.formula import Formula, FormulaError, compile_formula, parse_formula, to_python, to_text

Result = TypeVar("Result")

numbers = count()

FRAMES = 400
"""Calls within one another that the largest formula may need; Python allows 1000."""


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("(" * 100_000, 1000),
        ("x" * 1_000_000, 1000),
        ("x" + " " * 1000, 1000),
        ("(" * 51 + "x" + ")" * 51, 50),
        ("sin(" * 51 + "x" + ")" * 51, 203),
        ("-" * 51 + "x", 50),
        ("x" + "**x" * 51, 151),
        ("x**-(" * 17 + "x" + ")" * 17, 84),
        ("+".join("x" * 201), 400),
        ("1" + "+1" * 200, 400),
        ("(" * 1000, 50),
    ],
)
def test_what_is_too_large_is_refused(text: str, position: int) -> None:
    with pytest.raises(FormulaError, match=r"[Aa]t most") as caught:
        parse_formula(text)
    assert caught.value.position == position


LARGEST = [
    "x" + " " * 999,
    "(" * 50 + "x" + ")" * 50,
    "x+x*(" * 50 + "x" + ")" * 50,
    "sin(" * 50 + "x" + ")" * 50,
    "min(x,x+x*" * 49 + "x" + ")" * 49,
    "-" * 50 + "x",
    "x" + "**x" * 50,
    "x+x*x**(" * 25 + "x" + ")" * 25,
    "x" + "+x" * 199,
    "x" + "/x" * 199,
    "1" + "+1" * 199,
]


@pytest.mark.parametrize("text", LARGEST)
def test_the_largest_formulas_need_few_frames(text: str) -> None:
    formula = within_frames(FRAMES, lambda: parse_anew(text))
    assert within_frames(FRAMES, lambda: parse_formula(to_text(formula.tree))).tree == formula.tree
    assert within_frames(FRAMES, lambda: to_python(formula.tree)).count("x") == text.count("x")
    model = within_frames(FRAMES, lambda: compile_formula(formula, ["x"], NoTorch()))
    assert callable(model)


def test_too_few_frames_are_noticed() -> None:
    with pytest.raises(RecursionError):
        within_frames(40, lambda: parse_anew(LARGEST[1]))


def parse_anew(text: str) -> Formula:
    """Parse a formula that was parsed before: the answer to the same question would be remembered."""
    return parse_formula(text, ("x", f"unused_{next(numbers)}"))


class NoTorch:
    """Stands for torch where nothing is computed."""


def within_frames(frames: int, action: Callable[[], Result]) -> Result:
    """Do something while Python allows only so many calls within one another."""
    used, frame = 0, sys._getframe()
    while frame.f_back is not None:
        used, frame = used + 1, frame.f_back
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(used + frames)
    try:
        return action()
    finally:
        sys.setrecursionlimit(before)


def check(text: str) -> None:
    try:
        formula = parse_formula(text)
    except FormulaError as refused:
        error = refused
    else:
        assert formula.text == text
        return
    assert 0 <= error.position <= len(text)
    assert error.message.endswith(".")
    assert error.message.isprintable()
    assert len(error.message) < 200


@given(st.text())
def test_any_text(text: str) -> None:
    check(text)


ALPHABET = st.one_of(st.sampled_from("0123456789.eE_+-*/^()=,; xwsinlogπβµ²·×−"), st.characters())
GOOD = ("w * x", "v*tanh(w*x + b) + c", "a*exp(-k*x)**2", "max(1/3, x) - log(2)", "-(1e-3 + .5)**x / π")


@given(st.sampled_from(GOOD), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3), ALPHABET), max_size=4))
def test_formulas_with_slips(text: str, slips: list[tuple[int, int, str]]) -> None:
    for place, dropped, put in slips:
        text = text[:place] + put + text[place + dropped :]
    check(text)
