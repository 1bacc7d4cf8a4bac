"""What is wrong is said in one sentence, with the place."""

import pickle

import pytest

from gradgui.experiment.formula import FormulaError, parse_formula

LONG = "9" * 60


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("", 0, "The formula is empty: type one, such as w * x + b."),
        (" \t ", 0, "The formula is empty: type one, such as w * x + b."),
        ("x^2", 1, "A power is written **: type x**2 in place of x^2."),
        ("x²", 1, "A power is written **: type **2 in place of ²."),
        ("pow(x, 2)", 0, "A power is written **: type x**2 in place of pow(x, 2)."),
        ("y = w*x", 2, "A formula has no equals sign: type only the right-hand side."),
        ("y ＝ w*x", 2, "A formula has no equals sign: type only the right-hand side."),
        ("[x]", 0, "Only round parentheses are used: write ( in place of [."),
        ("|x|", 0, "An absolute value is written abs(x)."),
        ("√x", 0, "A square root is written sqrt(x)."),
        ("x//2", 1, "A division is written with one /."),
        ("x % 2", 2, "The character % has no meaning in a formula: remove it."),
        ("\u200bx", 0, "The character U+200B has no meaning in a formula: remove it."),
        ("x\ud800", 1, "The character U+D800 has no meaning in a formula: remove it."),
        ("café", 3, "The letter é cannot stand in a name: use a to z, Greek letters, digits and _."),
        ("µ*x", 0, "Write μ (U+03BC) in place of µ (U+00B5)."),
        ("（x)", 0, "Write ( (U+0028) in place of （ (U+FF08)."),
        ("np.exp(x)", 0, "Write exp alone, without np. in front of it."),
        ("w.grad", 1, "A point belongs only between the digits of a number, as in 0.5."),
        ("2x", 1, "Between 2 and x an operator is missing: write 2 * x to multiply."),
        ("w x", 2, "Between w and x an operator is missing: write w * x to multiply."),
        ("2(x)", 1, "Between 2 and (…) an operator is missing: write 2 * (…) to multiply."),
        ("(w)x", 3, "Between (…) and x an operator is missing: write (…) * x to multiply."),
        ("2 sin(x)", 2, "Between 2 and sin(…) an operator is missing: write 2 * sin(…) to multiply."),
        ("(2 x", 3, "Between 2 and x an operator is missing: write 2 * x to multiply."),
        ("1.2.3", 3, "Between 1.2 and .3 an operator such as + or * is missing."),
        (
            f"{LONG} x",
            61,
            f"Between {LONG[:39]}… and x an operator is missing: write {LONG[:39]}… * x to multiply.",
        ),
        ("w +", 2, "After + something is missing: write a number, a name or a parenthesis there."),
        ("w * (x -", 7, "After - something is missing: write a number, a name or a parenthesis there."),
        ("(w +)", 3, "After + something is missing: write a number, a name or a parenthesis there."),
        ("max(x,)", 5, "After , something is missing: write a number, a name or a parenthesis there."),
        ("-", 0, "After - something is missing: write a number, a name or a parenthesis there."),
        ("* x", 0, "Before * something is missing: begin with a number, a name or a parenthesis."),
        (", x", 0, "Before , something is missing: begin with a number, a name or a parenthesis."),
        ("w * / x", 4, "After * comes a number, a name or a parenthesis, not /."),
        ("(* x)", 1, "After ( comes a number, a name or a parenthesis, not *."),
        ("(x", 0, "This ( is never closed: add a ) or remove it."),
        ("w + (", 4, "This ( is never closed: add a ) or remove it."),
        ("sin(x", 3, "This ( is never closed: add a ) or remove it."),
        ("x)", 1, "This ) closes nothing: add a ( before it or remove it."),
        (")", 0, "This ) closes nothing: add a ( before it or remove it."),
        ("()", 0, "There is nothing between ( and ): write a number or a name there."),
        ("1,5 * x", 1, "A decimal number is written with a point: type 1.5, not a comma."),
        ("(1,5) * x", 2, "A decimal number is written with a point: type 1.5, not a comma."),
        ("x, w", 1, "A comma only separates arguments, as in max(a, b): remove it."),
        ("1, 5", 1, "A comma only separates arguments, as in max(a, b): remove it."),
        ("(x,", 2, "A comma only separates arguments, as in max(a, b): remove it."),
        (
            "w + foo(x)",
            4,
            "There is no function foo: write foo * (…) to multiply, or a function such as exp.",
        ),
        ("sine(x)", 0, "There is no function sine: perhaps you mean sin, sine of an angle in radians."),
        ("Tanh(x)", 0, "There is no function Tanh: perhaps you mean tanh, hyperbolic tangent, from -1 to 1."),
        (
            "ln(x)",
            0,
            "There is no function ln: perhaps you mean log, natural logarithm (base e), for x above 0.",
        ),
        ("x(2)", 0, "x is a variable, not a function: write x * (…) to multiply."),
        ("pi(x)", 0, "pi is a number, not a function: write pi * (…) to multiply."),
        ("sin x", 0, "sin is a function: write its argument in parentheses, as in sin(x)."),
        ("1 + max", 4, "max is a function: write its argument in parentheses, as in max(x, 0)."),
        ("sin()", 0, "sin takes one argument, as in sin(x); here it has none."),
        ("sin(x, 1)", 0, "sin takes one argument, as in sin(x); here it has two."),
        ("max(x)", 0, "max takes two arguments, as in max(x, 0); here it has one."),
        ("max(x, 1, 2)", 0, "max takes two arguments, as in max(x, 0); here it has 3."),
        ("a + lambda", 4, "lambda is a word of the Python language: write lambda_ or choose another name."),
        ("__w", 0, "A name may begin with one underscore but not with two: leave one out."),
        ("a" * 31, 0, "A name has at most 30 characters, this one has 31: shorten it."),
        ("2 * loss", 4, "loss is used for the log's column of the loss: choose another name."),
        ("007", 0, "A whole number has no zeros in front: write 7."),
        ("x + 1e999", 4, "1e999 is too large for a number."),
        ("9" * 400, 0, f"{'9' * 39}… is too large for a number."),
        ("9**9**9**9", 3, "9**9**9 is too large for a number."),
        ("x * (1e300*1e300)", 5, "1e300 * 1e300 is too large for a number."),
        ("x + exp(1000)", 4, "exp(1000) is too large for a number."),
        ("x + 1/0", 4, "1 / 0 divides by zero."),
        ("0**-1", 0, "0**-1 divides by zero."),
        ("x - log(0)", 4, "log(0) has no value among the real numbers."),
        ("(-8)**(1/3)", 0, "(-8)**(1 / 3) has no value among the real numbers."),
        ("max(x, 1e300)", 0, "A number in max is at most 3.4e+38 in size: write a smaller one."),
    ],
)
def test_the_sentence_and_the_place(text: str, position: int, message: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_formula(text)
    assert (caught.value.message, caught.value.position) == (message, position)
    assert str(caught.value) == f"column {position + 1}: {message}"


def test_an_error_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(FormulaError("Wrong.", 3)))  # noqa: S301
    assert (error.message, error.position, str(error)) == ("Wrong.", 3, "column 4: Wrong.")


@pytest.mark.parametrize("bound", ["3.4028234663852886e38", "-3.4028234663852886e38"])
def test_the_largest_float32_may_bound(bound: str) -> None:
    assert parse_formula(f"max(x, {bound})").parameters == ()
