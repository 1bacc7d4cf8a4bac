"""The derivative of a point's loss by one parameter: by the chain rule, and left in that form."""

from itertools import islice

import sympy  # type: ignore[import-untyped]

from gradgui.engine.symbols.functions import FUNCTIONS
from gradgui.engine.symbols.reading import Expression, to_sympy
from gradgui.engine.symbols.writing import Writer, split_number
from gradgui.experiment.formula import Formula, Node, names_in, to_text

MOST_PARTS = 1000
"""A derivative with more numbers, names and operations than this helps nobody, and is not written."""

LONGEST_SUBSTITUTED = 90
"""A derivative with a longer text keeps ``y_pred`` in the place of the model."""


class ChainRule:
    """Differentiate ``loss(y, y_pred)`` with ``y_pred = model(x, parameters)``.

    The derivative by ``p`` is ``∂loss/∂y_pred · ∂model/∂p``. Both factors are sympy's; their product is not
    multiplied out, so that it shows where it comes from.

    Parameters
    ----------
    model
        The prediction's formula.
    loss
        The formula of a point's loss in ``y`` and ``y_pred``.
    """

    def __init__(self, model: Formula, loss: Formula) -> None:
        self._y_pred = sympy.Symbol("y_pred")
        self._prediction = to_sympy(model.tree)
        self._number, self._outer = split_number(_with_tanh(to_sympy(loss.tree).diff(self._y_pred)))
        self._order = (*names_in(model.tree), "y_pred", "y")

    def derivative(self, parameter: str) -> tuple[str, Node]:
        """Differentiate by a parameter.

        Returns
        -------
        text
            As a student would write it: ``2·x·(w·x − y)``.
        tree
            The same in the vocabulary's words, to be compiled.

        Raises
        ------
        ValueError, ArithmeticError
            When the derivative is too long, or something in it is no real number or too large for a float.
        """
        inner_number, inner = self._prediction.diff(sympy.Symbol(parameter)).as_coeff_Mul(rational=True)
        number = self._number * inner_number
        short = self._outer * inner
        whole = self._outer.xreplace({self._y_pred: self._prediction}) * inner
        if any(True for _ in islice(sympy.preorder_traversal(whole), MOST_PARTS, None)):
            raise ValueError(f"it has more than {MOST_PARTS} parts")
        text = self._text(number, whole)
        if len(text) > LONGEST_SUBSTITUTED:
            text = self._text(number, short)
        return text, self._tree(number, whole, readable=False)

    def _text(self, number: Expression, product: Expression) -> str:
        text = to_text(self._tree(number, product, readable=True))
        return text.replace(" * ", "·").replace(" / ", "/").replace(" - ", " − ")

    def _tree(self, number: Expression, product: Expression, *, readable: bool) -> Node:
        # The number stays outside: sympy would multiply a sum out with it.
        return Writer(self._order, readable=readable).product(number, product)


def _with_tanh(slope: Expression) -> Expression:
    """Write sinh / cosh as tanh, as it stands in the slope of log(cosh(u)): the rest of the usual losses is short."""
    sinh, cosh, tanh = FUNCTIONS["sinh"], FUNCTIONS["cosh"], FUNCTIONS["tanh"]
    for call in slope.atoms(cosh):
        (u,) = call.args
        slope = slope.subs(sinh(u) / cosh(u), tanh(u))
    return slope
