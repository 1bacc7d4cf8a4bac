"""The order of the cells in each row, such that few edges cross."""

from bisect import bisect_right, insort

from gradgui.ui.graph.layers import Cells

SWEEPS = 8
"""How often the order is tried to be mended, upwards and downwards in turn."""


def order_rows(cells: Cells) -> list[list[int]]:
    """Order each row from left to right: each cell near the middle of those it is linked to.

    Returns
    -------
    list of list of int
        The cells of each row, from the loss upwards.
    """
    rows = _as_met(cells)
    best, fewest = rows, count_crossings(cells, rows)
    for sweep in range(SWEEPS):
        if fewest == 0:
            break
        rows = _mend(rows, cells.below, upwards=True) if sweep % 2 == 0 else _mend(rows, cells.above, upwards=False)
        crossings = count_crossings(cells, rows)
        if crossings < fewest:
            best, fewest = rows, crossings
    return best


def count_crossings(cells: Cells, rows: list[list[int]]) -> int:
    """Count the pairs of links that cross."""
    places = _places(rows)
    crossings = 0
    for row in rows:
        passed: list[int] = []
        for cell in row:
            ends = [places[above] for above in cells.above[cell]]
            crossings += sum(len(passed) - bisect_right(passed, end) for end in ends)
            for end in ends:
                insort(passed, end)
    return crossings


def _as_met(cells: Cells) -> list[list[int]]:
    """Order the cells as they are met on a walk from the loss, inputs from left to right: no tree crosses itself."""
    rows: list[list[int]] = [[] for _ in range(max(cells.rows, default=-1) + 1)]
    met = [False] * len(cells.rows)
    waiting = [cell for cell in reversed(range(cells.nodes)) if not cells.below[cell]]
    while waiting:
        cell = waiting.pop()
        if met[cell]:
            continue
        met[cell] = True
        rows[cells.rows[cell]].append(cell)
        waiting += reversed(cells.above[cell])
    return rows


def _mend(rows: list[list[int]], links: list[list[int]], *, upwards: bool) -> list[list[int]]:
    mended = [list(row) for row in rows]
    places = _places(mended)

    def wish(cell: int) -> float:
        ends = links[cell]
        return sum(places[end] for end in ends) / len(ends) if ends else places[cell]

    for row in mended if upwards else reversed(mended):
        row.sort(key=wish)
        for place, cell in enumerate(row):
            places[cell] = place
    return mended


def _places(rows: list[list[int]]) -> dict[int, int]:
    return {cell: place for row in rows for place, cell in enumerate(row)}
