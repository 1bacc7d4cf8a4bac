"""The rows of a graph's drawing: its nodes, the bends of edges that pass a row by, and their order in each row."""

from bisect import bisect_right, insort
from collections.abc import Sequence

from msgspec import Struct

Inputs = Sequence[tuple[int | None, ...]]
"""For each node the nodes it takes its inputs from; None where there is none to draw."""


class Cells(Struct, frozen=True):
    """Nodes and bends with their links, each to the next row only.

    Attributes
    ----------
    nodes
        How many nodes there are: these are the first cells, the bends follow.
    rows
        Each cell's row, counted upwards from the loss.
    above, below
        For each cell those it is linked to in the next row up, where its inputs come from, and down.
    trunks
        For each node the bends its value passes on its way down. Edges from one node share them, up to where each
        turns off, so that a parameter used a hundred times is one line with a hundred branches.
    """

    nodes: int
    rows: list[int]
    above: list[list[int]]
    below: list[list[int]]
    trunks: list[list[int]]

    def bends(self, source: int, target: int) -> list[int]:
        """Give the bends of an edge, from its source downwards."""
        return self.trunks[source][: self.rows[source] - self.rows[target] - 1]


def make_cells(inputs: Inputs) -> Cells:
    """Put each node in a row, by its longest way to the loss, and bends in the rows between."""
    rows = _rows(inputs)
    cells = Cells(len(inputs), rows, [[] for _ in rows], [[] for _ in rows], [[] for _ in rows])
    for target, sources in enumerate(inputs):
        for source in sources:
            if source is not None:
                _link(cells, source, target)
    return cells


def _rows(inputs: Inputs) -> list[int]:
    users = [0] * len(inputs)
    for sources in inputs:
        for source in sources:
            if source is not None:
                users[source] += 1
    rows = [0] * len(inputs)
    ready = [node for node, count in enumerate(users) if count == 0]
    while ready:
        node = ready.pop()
        for source in inputs[node]:
            if source is None:
                continue
            rows[source] = max(rows[source], rows[node] + 1)
            users[source] -= 1
            if users[source] == 0:
                ready.append(source)
    return rows


def _link(cells: Cells, source: int, target: int) -> None:
    trunk = cells.trunks[source]
    for _ in range(cells.rows[source] - cells.rows[target] - 1 - len(trunk)):
        end = trunk[-1] if trunk else source
        bend = len(cells.rows)
        cells.rows.append(cells.rows[end] - 1)
        cells.above.append([end])
        cells.below.append([])
        cells.below[end].append(bend)
        trunk.append(bend)
    end = [source, *cells.bends(source, target)][-1]
    cells.above[target].append(end)
    cells.below[end].append(target)


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
