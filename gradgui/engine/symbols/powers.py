"""Powers for sympy, with PyTorch's slopes where the base or the exponent is 0."""

import sympy  # type: ignore[import-untyped]


class Kept(sympy.Function):  # type: ignore[misc]
    """A function that stays as it was written: sympy computes nothing in it."""


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
