"""The vocabulary's functions for sympy, with PyTorch's slopes where a function has a kink.

The smooth ones get their slopes from sympy. They are declared here all the same, because sympy's own would be
rewritten while a formula is read: ``cosh`` of nested sums takes it minutes. For the ones with a kink sympy would
answer with ``Piecewise``, ``Heaviside`` and ``DiracDelta``; here the slope at the kink is the one that PyTorch's
backward pass uses (``tools/autograd/derivatives.yaml`` in its sources): 0 for ``abs`` and ``relu``, one half each
for equal arguments of ``torch.minimum`` and ``torch.maximum``, and 1 at the bound of ``torch.clamp``.
"""

from collections.abc import Mapping
from types import MappingProxyType

import sympy  # type: ignore[import-untyped]


class Kept(sympy.Function):  # type: ignore[misc]
    """A function that stays as it was written: sympy computes nothing in it."""


class Smooth(Kept):
    """A function whose slope sympy knows.

    Attributes
    ----------
    own
        The same function as sympy has it.
    """

    own: sympy.Function

    def fdiff(self, _index: int = 1) -> sympy.Expr:
        """Give sympy's slope, with the functions of this module in the place of sympy's."""
        u = sympy.Dummy()
        slope = (
            self.own(u).diff(u).replace(lambda part: part.func in _KEPT, lambda part: _KEPT[part.func](*part.args))
        )
        return slope.xreplace({u: self.args[0]})


class Abs(Kept):
    """``abs(u)``."""

    def fdiff(self, _index: int = 1) -> sympy.Expr:
        """Give ``sign(u)``, which is 0 at 0."""
        return Sign(self.args[0])


class Sign(Kept):
    """``sign(u)``."""

    def fdiff(self, _index: int = 1) -> sympy.Expr:
        """Give 0, at the jump as well."""
        return sympy.Integer(0)


class Relu(Kept):
    """``relu(u)``."""

    def fdiff(self, _index: int = 1) -> sympy.Expr:
        """Give 1 above 0 and otherwise 0."""
        return Above(self.args[0], 0)


class Sigmoid(Kept):
    """``sigmoid(u) = 1 / (1 + exp(-u))``."""

    def fdiff(self, _index: int = 1) -> sympy.Expr:
        """Give ``s (1 - s)``, which is the slope of that quotient."""
        return self * (1 - self)


class Softplus(Kept):
    """``softplus(u) = log(1 + exp(u))``."""

    def fdiff(self, _index: int = 1) -> sympy.Expr:
        """Give ``sigmoid(u)``; PyTorch says 1 above 20, where that differs by 2e-9 at most."""
        return Sigmoid(self.args[0])


class Sqrt(Kept):
    """``sqrt(u)``."""

    def fdiff(self, _index: int = 1) -> sympy.Expr:
        """Give ``1 / (2 sqrt(u))``."""
        return 1 / (2 * self)


class Log2(Kept):
    """``log2(u) = log(u) / log(2)``."""

    def fdiff(self, _index: int = 1) -> sympy.Expr:
        """Give ``1 / (u log(2))``."""
        return 1 / (self.args[0] * sympy.log(2))


class Log10(Kept):
    """``log10(u) = log(u) / log(10)``."""

    def fdiff(self, _index: int = 1) -> sympy.Expr:
        """Give ``1 / (u log(10))``."""
        return 1 / (self.args[0] * sympy.log(10))


class Minimum(Kept):
    """``min(u, v)`` of two tensors."""

    def fdiff(self, index: int = 1) -> sympy.Expr:
        """Give 1 where the argument with this index is the smaller one, and one half where they are equal."""
        mine, other = self.args[index - 1], self.args[2 - index]
        return TwiceAbove(other, mine) / 2


class Maximum(Kept):
    """``max(u, v)`` of two tensors."""

    def fdiff(self, index: int = 1) -> sympy.Expr:
        """Give 1 where the argument with this index is the larger one, and one half where they are equal."""
        mine, other = self.args[index - 1], self.args[2 - index]
        return TwiceAbove(mine, other) / 2


class ClampMax(Kept):
    """``min(u, number)``, which is computed by ``torch.clamp``."""

    def fdiff(self, _index: int = 1) -> sympy.Expr:
        """Give 1 up to the bound."""
        return AtMost(*self.args)


class ClampMin(Kept):
    """``max(u, number)``, which is computed by ``torch.clamp``."""

    def fdiff(self, _index: int = 1) -> sympy.Expr:
        """Give 1 from the bound on."""
        return AtLeast(*self.args)


class Power(Kept):
    """``u**v``, kept whole so that its slope is the student's ``v u**(v - 1)``, and has a value at u = 0."""

    @classmethod
    def eval(cls, base: sympy.Expr, exponent: sympy.Expr) -> sympy.Expr | None:
        """Drop the exponents 1 and 0."""
        if exponent == 1:
            return base
        return sympy.Integer(1) if exponent == 0 else None

    def fdiff(self, index: int = 1) -> sympy.Expr:
        """Give ``v u**(v - 1)`` by the base and ``u**v log(u)`` by the exponent."""
        base, exponent = self.args
        return exponent * Power(base, OneLess(exponent)) if index == 1 else self * LogOfBase(base)


class LogOfBase(Kept):
    """``log(u)`` beside ``u**v``: 0 at u = 0, as PyTorch's slope of a power by its exponent has it."""

    @classmethod
    def eval(cls, base: sympy.Expr) -> sympy.Expr | None:
        """Take the ordinary logarithm of a number."""
        return sympy.log(base) if base.is_number else None


class OneLess(Kept):
    """``v - 1`` in the slope of ``u**v``: 0 at v = 0, for there PyTorch has 0 even where 1 / u is infinite."""

    @classmethod
    def eval(cls, exponent: sympy.Expr) -> sympy.Expr | None:
        """Subtract from a number."""
        return exponent - 1 if exponent.is_number else None


class Above(Kept):
    """1 where u > v, otherwise 0."""


class AtLeast(Kept):
    """1 where u >= v, otherwise 0."""


class AtMost(Kept):
    """1 where u <= v, otherwise 0."""


class TwiceAbove(Kept):
    """``1 + sign(u - v)``: 2 where u > v, 1 where they are equal, otherwise 0."""


_SMOOTH: Mapping[str, type[Smooth]] = {
    name: type(name.title(), (Smooth,), {"own": getattr(sympy, name), "__doc__": f"``{name}(u)``."})
    for name in ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "log", "erf")
}
_KEPT = {made.own: made for made in _SMOOTH.values()}

FUNCTIONS: Mapping[str, type[Kept]] = MappingProxyType(
    {
        **_SMOOTH,
        "log2": Log2,
        "log10": Log10,
        "sqrt": Sqrt,
        "abs": Abs,
        "sigmoid": Sigmoid,
        "relu": Relu,
        "softplus": Softplus,
        "sign": Sign,
        "min": Minimum,
        "max": Maximum,
    }
)
"""What the vocabulary's functions are here, by their names there."""

CLAMPS: Mapping[str, type[Kept]] = MappingProxyType({"min": ClampMax, "max": ClampMin})
"""What ``min`` and ``max`` are when one of their arguments is a number."""
