"""Formulas as a person types them: ``w * x + b`` becomes a checked tree, and that tree becomes Python."""

from gradgui.experiment.formula.missing_x import lacks_x, suggestion, suspects
from gradgui.experiment.formula.parser import parse_formula
from gradgui.experiment.formula.python import compile_formula, to_python, to_text
from gradgui.experiment.formula.tokens import FormulaError
from gradgui.experiment.formula.tree import Binary, Call, Formula, Name, Negative, Node, Number, names_in, substituted
from gradgui.experiment.formula.vocabulary import (
    CONSTANTS,
    FUNCTIONS,
    RESERVED_NAMES,
    RESERVED_SUFFIX,
    Constant,
    Function,
)

__all__ = [
    "CONSTANTS",
    "FUNCTIONS",
    "RESERVED_NAMES",
    "RESERVED_SUFFIX",
    "Binary",
    "Call",
    "Constant",
    "Formula",
    "FormulaError",
    "Function",
    "Name",
    "Negative",
    "Node",
    "Number",
    "compile_formula",
    "lacks_x",
    "names_in",
    "parse_formula",
    "substituted",
    "suggestion",
    "suspects",
    "to_python",
    "to_text",
]
