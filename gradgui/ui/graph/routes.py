"""Which way each edge takes between the boxes."""

from collections.abc import Sequence
from dataclasses import dataclass

from gradgui.ui.graph.cells import Inputs
from gradgui.ui.graph.layout import NODE_HEIGHT, Layout, Point

PORT_GAP = 16.0
"""Pixels between the ends of two edges at one node."""

Edge = tuple[int, int]
"""A node and a place among its inputs."""


@dataclass(frozen=True)
class Route:
    """The way of one edge, downwards.

    Attributes
    ----------
    start
        Lower end of the node where the data comes from, or where the edge turns off from its trunk.
    bends
        The points between nodes that it goes through.
    end
        Upper end of the node that uses it.
    trunk
        The edge from the same node that goes farthest: what they share is drawn once, with that one.
    branch
        Whether it turns off from its trunk.
    """

    start: Point
    bends: tuple[Point, ...]
    end: Point
    trunk: Edge
    branch: bool


def find_routes(inputs: Inputs, layout: Layout, widths: Sequence[float]) -> dict[Edge, Route]:
    """Find the way of every edge.

    Parameters
    ----------
    inputs
        For each node those it takes its inputs from.
    layout
        Where they stand.
    widths
        Of the nodes.
    """
    sources = {
        (target, place): source
        for target, given in enumerate(inputs)
        for place, source in enumerate(given)
        if source is not None
    }
    trunks: dict[int, Edge] = {}
    for edge in sorted(sources, key=lambda edge: len(layout.bends[edge]), reverse=True):
        trunks.setdefault(sources[edge], edge)
    ends: dict[Edge, float] = {}
    for target, (x, _) in enumerate(layout.centres):
        edges = [edge for place in range(len(inputs[target])) if (edge := (target, place)) in sources]
        arrivals = {edge: (layout.bends[edge] or [layout.centres[sources[edge]]])[-1][0] for edge in edges}
        reach = widths[target] / 2 - PORT_GAP
        ends |= spread(arrivals, x - reach, x + reach)
    routes = {}
    for edge, source in sources.items():
        x, y = layout.centres[source]
        bends = layout.bends[edge]
        branch = bool(bends) and trunks[source] != edge
        if branch:
            (x, y), bends = bends[-1], ()
        end = (ends[edge], layout.centres[edge[0]][1] - NODE_HEIGHT / 2)
        routes[edge] = Route((x, y + NODE_HEIGHT / 2), bends, end, trunks[source], branch)
    return routes


def spread(arrivals: dict[Edge, float], least: float, most: float) -> dict[Edge, float]:
    """Find places between two bounds, apart from each other and each near to where its edge arrives."""
    gap = min(PORT_GAP, (most - least) / max(1, len(arrivals) - 1))
    ports: dict[Edge, float] = {}
    low = least
    for edge in sorted(arrivals, key=lambda edge: (arrivals[edge], edge)):
        ports[edge] = max(low, min(most, arrivals[edge]))
        low = ports[edge] + gap
    high = most
    for edge in reversed(ports):
        ports[edge] = min(high, ports[edge])
        high = ports[edge] - gap
    return ports
