"""A model in which x does not occur: most often a product that was typed without its sign."""

from gradgui.experiment.formula.parser import parse_formula
from gradgui.experiment.formula.tokens import FormulaError, tokenize
from gradgui.experiment.formula.tree import names_in

INPUT = "x"


def lacks_x(model: str) -> bool:
    """Whether x does not occur in a model, so that it predicts the same for every point."""
    return INPUT not in names_in(parse_formula(model, (INPUT,)).tree)


def suspects(model: str) -> tuple[str, ...]:
    """Give the parameters of a model that may have been meant as x or as a product with it: ``X``, ``mx``, ``xw``."""
    return tuple(name for name in parse_formula(model, (INPUT,)).parameters if _with_x(name) != name)


def suggestion(model: str) -> str:
    """Give the model as it was probably meant, empty when nothing suggests itself.

    Examples
    --------
    ``mx + c`` gives ``m*x + c``, ``W*X + b`` gives ``W*x + b``.
    """
    suspected = suspects(model)
    parts, end = [], 0
    for token in tokenize(model):
        if token.text in suspected:
            parts += [model[end : token.position], _with_x(token.text)]
            end = token.end
    meant = "".join(parts) + model[end:]
    try:
        return "" if meant == model or lacks_x(meant) else meant
    except FormulaError:
        return ""


def _with_x(name: str) -> str:
    """Give a name with the x in it as a factor of its own."""
    for x in ("x", "X"):
        if name == x:
            return INPUT
        if name.endswith(x) and name[:-1].isalpha():
            return f"{name[:-1]}*{INPUT}"
        if name.startswith(x) and name[1:].isalpha():
            return f"{INPUT}*{name[1:]}"
    return name
