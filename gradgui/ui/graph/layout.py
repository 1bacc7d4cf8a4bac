"""Where the nodes of a graph stand: leaves above, the loss at the bottom, data flowing down."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from gradgui.ui.graph.coordinates import place_cells
from gradgui.ui.graph.layers import Cells, Inputs, make_cells, order_rows

NODE_HEIGHT = 38.0
ROW_GAP = 22.0
"""Pixels between two rows with straight edges between them."""

WIDEST_GAP = 60.0
"""The most, where edges go far to the side."""

Point = tuple[float, float]


class Layout(Struct, frozen=True):
    """Places in pixels, from the left and from the top.

    Attributes
    ----------
    centres
        The middle of each node.
    bends
        For each node and each place among its inputs, the points between nodes through which that edge goes, from
        its source downwards; an edge to the next row has none.
    """

    centres: tuple[Point, ...]
    bends: Mapping[tuple[int, int], tuple[Point, ...]]


def lay_out(inputs: Inputs, widths: Sequence[float]) -> Layout:
    """Place nodes in rows, as Sugiyama, Tagawa and Toda (1981) do, so that each stands above all that use it.

    Parameters
    ----------
    inputs
        For each node those it takes its inputs from; without a circle.
    widths
        Of the nodes.

    Returns
    -------
    Layout
        The same for the same arguments.
    """
    cells = make_cells(inputs)
    rows = order_rows(cells)
    middles = place_cells(cells, rows, widths)
    heights = _heights(cells, rows, middles)
    points = [(x, heights[row]) for x, row in zip(middles, cells.rows, strict=True)]
    bends = {
        (target, place): tuple(points[bend] for bend in cells.bends(source, target))
        for target, sources in enumerate(inputs)
        for place, source in enumerate(sources)
        if source is not None
    }
    return Layout(tuple(points[: cells.nodes]), bends)


def _heights(cells: Cells, rows: list[list[int]], middles: list[float]) -> list[float]:
    """Give the middle of each row; the farther the edges between two rows go to the side, the more room they get."""
    heights = [0.0] * len(rows)
    y = NODE_HEIGHT / 2
    for row in reversed(range(len(rows))):
        heights[row] = y
        aside = max(
            (abs(middles[cell] - middles[end]) for cell in rows[row] for end in cells.below[cell]), default=0.0
        )
        y += NODE_HEIGHT + min(WIDEST_GAP, ROW_GAP + aside / 12)
    return heights
