"""Which node an arrow key leads to."""

from collections.abc import Sequence
from enum import Enum

from gradgui.ui.graph.cells import Inputs
from gradgui.ui.graph.layout import Point


class Step(Enum):
    """Where to go from a node."""

    TO_INPUT = "up"
    TO_USER = "down"
    LEFT = "left"
    RIGHT = "right"


def neighbour(inputs: Inputs, centres: Sequence[Point], node: int, step: Step) -> int | None:
    """Find the nearest node in a direction: along an edge up or down, within the row to the sides.

    Parameters
    ----------
    inputs
        For each node those it takes its inputs from.
    centres
        The middle of each node.
    node
        Where to go from.
    step
        Which way.

    Returns
    -------
    int or None
        The node; None where there is none.
    """
    here, row = centres[node]
    candidates: list[int]
    if step is Step.TO_INPUT:
        candidates = [source for source in inputs[node] if source is not None]
    elif step is Step.TO_USER:
        candidates = [user for user, sources in enumerate(inputs) if node in sources]
    else:
        sign = -1 if step is Step.LEFT else 1
        candidates = [one for one, (x, y) in enumerate(centres) if y == row and (x - here) * sign > 0]
    return min(candidates, key=lambda one: (abs(centres[one][1] - row), abs(centres[one][0] - here)), default=None)
