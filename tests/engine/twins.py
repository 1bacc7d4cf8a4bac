"""Models and losses written twice: as the program's formulas, and by hand in PyTorch."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Twin:
    """A formula, and the same by hand."""

    formula: str
    by_hand: Callable[..., Tensor]
    names: tuple[str, ...] = ()


PROPORTIONAL = Twin("w*x", lambda x, w: w * x, ("w",))
LINE = Twin("w*x + b", lambda x, w, b: w * x + b, ("w", "b"))
PARABOLA = Twin("a*x**2 + b*x + c", lambda x, a, b, c: a * x**2 + b * x + c, ("a", "b", "c"))
DECAY = Twin("a*exp(-k*x)", lambda x, a, k: a * torch.exp(-k * x), ("a", "k"))
CONSTANT = Twin("w", lambda _, w: w, ("w",))

SQUARED = Twin("(y - y_pred)**2", lambda y, y_pred: ((y - y_pred) ** 2).mean())
ABSOLUTE = Twin("abs(y - y_pred)", lambda y, y_pred: torch.abs(y - y_pred).mean())
LOG_COSH = Twin("log(cosh(y - y_pred))", lambda y, y_pred: torch.log(torch.cosh(y - y_pred)).mean())
