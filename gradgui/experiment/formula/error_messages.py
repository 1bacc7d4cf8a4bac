"""What the parser says when tokens do not make a formula."""

from collections.abc import Collection

from gradgui.experiment.formula.tokens import FormulaError, Kind, Token, quoted
from gradgui.experiment.formula.vocabulary import CONSTANTS, FUNCTIONS, OTHER_SPELLINGS, Function

_COUNTS = {0: "none", 1: "one", 2: "two"}


def missing_value(before: Token | None, token: Token) -> FormulaError:
    """Complain about a token, or the end, where a number, a name or a parenthesis should begin."""
    if before is None:
        return _no_beginning(token)
    if before.kind is Kind.OPEN and token.kind is Kind.CLOSE:
        return FormulaError("There is nothing between ( and ): write a number or a name there.", before.position)
    if before.kind is Kind.OPEN and token.kind is Kind.END:
        return never_closed(before)
    wanted = "a number, a name or a parenthesis"
    if token.kind in (Kind.END, Kind.CLOSE, Kind.COMMA):
        return FormulaError(f"After {before.text} something is missing: write {wanted} there.", before.position)
    return FormulaError(f"After {before.text} comes {wanted}, not {token.text}.", token.position)


def _no_beginning(token: Token) -> FormulaError:
    if token.kind is Kind.END:
        return FormulaError("The formula is empty: type one, such as w * x + b.", 0)
    if token.kind is Kind.CLOSE:
        return never_opened(token)
    message = f"Before {token.text} something is missing: begin with a number, a name or a parenthesis."
    return FormulaError(message, token.position)


def missing_operator(before: Token, token: Token, *, is_call: bool) -> FormulaError:
    """Complain about two values side by side; ``is_call`` when the second one is a function's call."""
    left = "(…)" if before.kind is Kind.CLOSE else quoted(before.text)
    right = "(…)" if token.kind is Kind.OPEN else quoted(token.text)
    if before.kind is token.kind is Kind.NUMBER:
        message = f"Between {left} and {right} an operator such as + or * is missing."
        return FormulaError(message, token.position)
    if is_call:
        right += "(…)"
    message = f"Between {left} and {right} an operator is missing: write {left} * {right} to multiply."
    return FormulaError(message, token.position)


def never_closed(opening: Token) -> FormulaError:
    """Complain about a parenthesis without its end."""
    return FormulaError("This ( is never closed: add a ) or remove it.", opening.position)


def never_opened(closing: Token) -> FormulaError:
    """Complain about a parenthesis without its beginning."""
    return FormulaError("This ) closes nothing: add a ( before it or remove it.", closing.position)


def needless_comma(before: Token, comma: Token, after: Token) -> FormulaError:
    """Complain about a comma that separates no arguments."""
    digits_around = before.text.isdecimal() and after.text[:1].isdecimal()
    if digits_around and before.end == comma.position == after.position - 1:
        number = quoted(f"{before.text}.{after.text}")
        message = f"A decimal number is written with a point: type {number}, not a comma."
        return FormulaError(message, comma.position)
    return FormulaError("A comma only separates arguments, as in max(a, b): remove it.", comma.position)


def unknown_function(name: Token, variables: Collection[str]) -> FormulaError:
    """Complain about a call of what is no function."""
    word = name.text
    if word == "pow":
        return FormulaError("A power is written **: type x**2 in place of pow(x, 2).", name.position)
    if word in CONSTANTS:
        return FormulaError(f"{word} is a number, not a function: write {word} * (…) to multiply.", name.position)
    if word in variables:
        return FormulaError(f"{word} is a variable, not a function: write {word} * (…) to multiply.", name.position)
    nearest = OTHER_SPELLINGS.get(word.lower()) or _nearest(word)
    if nearest:
        meaning = FUNCTIONS[nearest].meaning
        return FormulaError(f"There is no function {word}: perhaps you mean {nearest}, {meaning}.", name.position)
    message = f"There is no function {word}: write {word} * (…) to multiply, or a function such as exp."
    return FormulaError(message, name.position)


def _nearest(word: str) -> str | None:
    from difflib import get_close_matches  # noqa: PLC0415 - most formulas are right

    return next(iter(get_close_matches(word.lower(), FUNCTIONS, n=1)), None)


def function_without_call(name: Token, function: Function) -> FormulaError:
    """Complain about the bare name of a function."""
    return FormulaError(
        f"{name.text} is a function: write its argument in parentheses, as in {function.example}.",
        name.position,
    )


def wrong_number_of_arguments(name: Token, function: Function, given: int) -> FormulaError:
    """Complain about a call with too few or too many arguments."""
    arguments = "argument" if function.arity == 1 else "arguments"
    return FormulaError(
        f"{name.text} takes {_COUNTS[function.arity]} {arguments}, as in {function.example}; "
        f"here it has {_COUNTS.get(given, str(given))}.",
        name.position,
    )


def reserved(name: Token, reason: str) -> FormulaError:
    """Complain about a parameter's name that means something else."""
    return FormulaError(f"{name.text} is used for {reason}: choose another name.", name.position)
