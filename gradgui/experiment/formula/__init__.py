"""Formulas as a person types them: ``w * x + b`` becomes a checked tree, and that tree becomes Python."""

from gradgui.experiment.formula.compiling import compile_formula
from gradgui.experiment.formula.errors import FormulaError
from gradgui.experiment.formula.names import RESERVED_NAMES, RESERVED_SUFFIX
from gradgui.experiment.formula.nodes import Binary, Call, Formula, Name, Negative, Node, Number, names_in
from gradgui.experiment.formula.parser import parse_formula
from gradgui.experiment.formula.source import to_python, to_text
from gradgui.experiment.formula.vocabulary import CONSTANTS, FUNCTIONS, Constant, Function

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
    "names_in",
    "parse_formula",
    "to_python",
    "to_text",
]
