"""The cells' places from left to right: in straight columns where there is room, none on top of another."""

from collections.abc import Sequence
from graphlib import TopologicalSorter
from itertools import pairwise

from gradgui.ui.graph.layers import Cells

GAP = 26.0
"""Pixels between two nodes of a row."""

BEND_WIDTH = 4.0

SHORTEST = (1, 4, 16, 64)
"""Columns of fewer cells are taken apart, more and more of them as long as the drawing is too wide."""

WIDEST = 1.25
"""A drawing wider than this many times its widest row is too wide."""

SWEEPS = 12
"""How often each column is moved towards those it is linked to, at most."""

SETTLED = 0.25
"""Pixels; when no column moves farther, that is enough."""


def place_cells(cells: Cells, rows: list[list[int]], widths: Sequence[float]) -> list[float]:
    """Place each cell.

    The longest way from a leaf to the loss becomes one straight column, and so does what is left of the others. Each
    column then moves as near as its neighbours let it to the middle of those it is linked to.

    Parameters
    ----------
    cells
        What to place.
    rows
        The order of each row.
    widths
        Of the nodes.

    Returns
    -------
    list of float
        The middle of each cell; the leftmost node begins at 0.
    """
    if not rows:
        return []
    all_widths = [*widths, *[BEND_WIDTH] * (len(cells.rows) - cells.nodes)]
    widest_row = max(sum(all_widths[cell] + GAP for cell in row) for row in rows)
    straight = _straight_links(cells, rows)
    for shortest in SHORTEST:
        columns = _Columns(cells, rows, all_widths, _gather(rows, straight, shortest))
        if columns.width <= WIDEST * widest_row:
            break
    columns.settle()
    left = min(columns.middle(node) - widths[node] / 2 for node in range(cells.nodes))
    return [columns.middle(cell) - left for cell in range(len(cells.rows))]


def _straight_links(cells: Cells, rows: list[list[int]]) -> dict[int, int]:
    """Choose for each cell the one of the row below that it stands straight above, where there is one.

    No two of these links cross, so that columns keep to one order in all rows.
    """
    places = {cell: place for row in rows for place, cell in enumerate(row)}
    heights = [0] * len(cells.rows)
    for row in reversed(rows):
        for cell in row:
            own = int(cell < cells.nodes)
            heights[cell] = own + max((heights[end] for end in cells.above[cell]), default=0)

    def merit(link: tuple[int, int]) -> tuple[int, int]:
        bends = sum(cell >= cells.nodes for cell in link)
        return (1, 0, 2)[bends], heights[link[0]]

    straight: dict[int, int] = {}
    for row in rows:
        links = [(above, cell) for cell in row for above in cells.above[cell]]
        chosen: dict[int, int] = {}
        for above, cell in sorted(links, key=merit, reverse=True):
            here, there = places[above], places[cell]
            if all((here - one) * (there - other) > 0 for one, other in chosen.items()):
                chosen[here] = there
                straight[above] = cell
    return straight


def _gather(rows: list[list[int]], straight: dict[int, int], shortest: int) -> list[list[int]]:
    """Gather the cells of each column."""
    columns: dict[int, list[int]] = {}
    for row in rows:
        for cell in row:
            columns[cell] = columns[straight[cell]] if cell in straight else []
            columns[cell].append(cell)
    distinct = {id(column): column for column in columns.values()}.values()
    return [
        part for column in distinct for part in ([column] if len(column) >= shortest else [[one] for one in column])
    ]


class _Columns:
    """Columns that keep their distance from each other, pushed to the left as far as they go."""

    def __init__(self, cells: Cells, rows: list[list[int]], widths: list[float], columns: list[list[int]]) -> None:
        self._column_of = {cell: number for number, column in enumerate(columns) for cell in column}
        self._left: list[dict[int, float]] = [{} for _ in columns]
        self._right: list[dict[int, float]] = [{} for _ in columns]
        for row in rows:
            for cell, neighbour in pairwise(row):
                here, there = self._column_of[cell], self._column_of[neighbour]
                distance = (widths[cell] + widths[neighbour]) / 2 + GAP
                farthest = max(distance, self._right[here].get(there, 0.0))
                self._right[here][there] = self._left[there][here] = farthest
        self._linked: list[list[int]] = [[] for _ in columns]
        for cell, ends in enumerate(cells.above):
            for end in ends:
                here, there = self._column_of[cell], self._column_of[end]
                if here != there:
                    self._linked[here].append(there)
                    self._linked[there].append(here)
        self._order = list(TopologicalSorter(dict(enumerate(self._left))).static_order())
        self._middles = [0.0] * len(columns)
        for column in self._order:
            self._middles[column] = max(
                (self._middles[one] + distance for one, distance in self._left[column].items()), default=0.0
            )
        self.width = max(self._middles)

    def middle(self, cell: int) -> float:
        """Give a cell's place."""
        return self._middles[self._column_of[cell]]

    def settle(self) -> None:
        """Move each column towards those it is linked to, from the right, where there is room, and back."""
        for _ in range(SWEEPS):
            if max([self._move(column) for column in (*reversed(self._order), *self._order)]) < SETTLED:
                break

    def _move(self, column: int) -> float:
        linked, middles = self._linked[column], self._middles
        if not linked:
            return 0.0
        wish = sum([middles[one] for one in linked]) / len(linked)
        for one, distance in self._right[column].items():
            wish = min(wish, middles[one] - distance)
        for one, distance in self._left[column].items():
            wish = max(wish, middles[one] + distance)
        moved = abs(wish - middles[column])
        middles[column] = wish
        return moved
