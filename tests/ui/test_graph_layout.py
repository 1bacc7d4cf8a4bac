"""Where nodes stand and which way edges go, for graphs of every kind."""

from itertools import combinations
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradgui.ui.graph.edge_item import find_routes
from gradgui.ui.graph.graph_view import Step, neighbour
from gradgui.ui.graph.layers import count_crossings, make_cells, order_rows
from gradgui.ui.graph.layout import NODE_HEIGHT, ROW_GAP, Layout, lay_out
from tests.ui.graph_samples import polynomial

Structure = list[tuple[int | None, ...]]

CHAIN: Structure = [(1,), (2,), (None, 3), (4, None), ()]
DIAMOND: Structure = [(1, 2), (3,), (3,), ()]
OFTEN_USED: Structure = [*[(place + 1, 30) for place in range(29)], (30, 30), ()]


@st.composite
def graphs(draw: st.DrawFn) -> Structure:
    """Draw a graph in which the loss is made from every node, in any order of inputs, some of them None or twice."""
    count = draw(st.integers(1, 18))
    inputs: list[list[int | None]] = [[] for _ in range(count)]
    for source in range(1, count):
        users = draw(st.lists(st.integers(0, source - 1), min_size=1, max_size=3))
        for user in users:
            inputs[user].append(source)
    for given_inputs in inputs:
        if draw(st.booleans()):
            given_inputs.append(None)
    return [tuple(draw(st.permutations(given_inputs))) for given_inputs in inputs]


def widths_of(structure: Structure) -> list[float]:
    return [100.0 + 37 * (place % 4) for place in range(len(structure))]


def rows_of(structure: Structure) -> list[int]:
    """Measure each node's longest way to the loss, step by step: as the layout should, in another way."""
    rows = [0] * len(structure)
    for _ in structure:
        for user, sources in enumerate(structure):
            for source in sources:
                if source is not None:
                    rows[source] = max(rows[source], rows[user] + 1)
    return rows


def overlap(layout: Layout, widths: list[float], one: int, other: int) -> bool:
    (x, y), (other_x, other_y) = layout.centres[one], layout.centres[other]
    return abs(y - other_y) < NODE_HEIGHT and abs(x - other_x) < (widths[one] + widths[other]) / 2


@settings(max_examples=50, deadline=None)
@given(graphs())
def test_rows_are_the_longest_ways_to_the_loss(structure: Structure) -> None:
    heights = [y for _, y in lay_out(structure, widths_of(structure)).centres]
    levels = sorted(set(heights), reverse=True)
    assert [levels.index(height) for height in heights] == rows_of(structure)
    for user, sources in enumerate(structure):
        assert all(heights[source] < heights[user] for source in sources if source is not None)


@settings(max_examples=50, deadline=None)
@given(graphs())
def test_no_two_nodes_overlap(structure: Structure) -> None:
    widths = widths_of(structure)
    layout = lay_out(structure, widths)
    assert not any(overlap(layout, widths, *pair) for pair in combinations(range(len(structure)), 2))
    assert min(x - width / 2 for (x, _), width in zip(layout.centres, widths, strict=True)) == pytest.approx(0)


@settings(max_examples=50, deadline=None)
@given(graphs())
def test_edges_bend_in_every_row_they_pass_and_beside_its_nodes(structure: Structure) -> None:
    widths, rows = widths_of(structure), rows_of(structure)
    layout = lay_out(structure, widths)
    assert len(layout.bends) == sum(source is not None for sources in structure for source in sources)
    for (user, place), bends in layout.bends.items():
        source = structure[user][place]
        assert source is not None
        assert len(bends) == rows[source] - rows[user] - 1
        for bend_x, bend_y in bends:
            for (x, y), width in zip(layout.centres, widths, strict=True):
                assert bend_y != y or abs(bend_x - x) > width / 2


@settings(max_examples=50, deadline=None)
@given(graphs())
def test_the_same_graph_is_laid_out_the_same(structure: Structure) -> None:
    assert lay_out(structure, widths_of(structure)) == lay_out(list(structure), widths_of(structure))


@settings(max_examples=50, deadline=None)
@given(graphs())
def test_edges_end_apart_at_their_nodes(structure: Structure) -> None:
    widths = widths_of(structure)
    layout = lay_out(structure, widths)
    routes = find_routes(structure, layout, widths)
    assert routes.keys() == layout.bends.keys()
    for user in range(len(structure)):
        ends = [route.end for (target, _), route in routes.items() if target == user]
        assert len(set(ends)) == len(ends)
        x, y = layout.centres[user]
        assert all(abs(end_x - x) < widths[user] / 2 and end_y == y - NODE_HEIGHT / 2 for end_x, end_y in ends)
    for edge, route in routes.items():
        x, y = layout.centres[structure[edge[0]][edge[1]]]  # type: ignore[index]
        assert route.branch or route.start == (x, y + NODE_HEIGHT / 2)
        assert not routes[route.trunk].branch


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 40))
def test_a_chain_is_straight(length: int) -> None:
    structure: Structure = [*[(place + 1,) for place in range(length - 1)], ()]
    layout = lay_out(structure, widths_of(structure))
    assert len({x for x, _ in layout.centres}) == 1
    assert [y for _, y in layout.centres] == pytest.approx(
        [(length - 1 - place) * (NODE_HEIGHT + ROW_GAP) + NODE_HEIGHT / 2 for place in range(length)]
    )


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_a_tree_does_not_cross_itself(data: st.DataObject) -> None:
    inputs: list[list[int]] = [[]]
    for place in range(1, data.draw(st.integers(1, 40))):
        inputs[data.draw(st.integers(0, place - 1))].append(place)
        inputs.append([])
    cells = make_cells([tuple(one) for one in inputs])
    assert count_crossings(cells, order_rows(cells)) == 0


def test_one_node() -> None:
    assert lay_out([()], [100]).centres == ((50.0, NODE_HEIGHT / 2),)


def test_nothing() -> None:
    assert lay_out([], []) == Layout((), {})


def test_a_diamond_is_a_column_with_a_node_beside_it() -> None:
    (loss, _), (left, _), (right, _), (leaf, _) = lay_out(DIAMOND, [100] * 4).centres
    assert loss == left == leaf < right - 100


def test_crossings_are_taken_out_where_they_can_be() -> None:
    # Both operations take their inputs in the order in which the drawing would cross.
    structure: Structure = [(1, 2), (4, 3), (5, 4), (6,), (6,), (6,), ()]
    cells = make_cells(structure)
    assert count_crossings(cells, order_rows(cells)) == 0


def test_a_parameter_used_often_is_one_line_with_branches() -> None:
    widths = widths_of(OFTEN_USED)
    layout = lay_out(OFTEN_USED, widths)
    routes = find_routes(OFTEN_USED, layout, widths)
    of_parameter = [edge for edge in layout.bends if OFTEN_USED[edge[0]][edge[1]] == 30]
    assert len(of_parameter) == 31
    longest = max((layout.bends[edge] for edge in of_parameter), key=len)
    assert all(layout.bends[edge] == longest[: len(layout.bends[edge])] for edge in of_parameter)
    assert len({x for x, _ in longest}) == 1, "the line is straight"
    assert sum(bool(routes[edge].bends) for edge in of_parameter) == 1, "and drawn once"


def test_both_inputs_from_one_node_are_two_edges() -> None:
    structure: Structure = [(1, 1), ()]
    routes = find_routes(structure, lay_out(structure, [100, 100]), [100, 100])
    assert {edge: route.end[0] for edge, route in routes.items()} == {(0, 0): 50, (0, 1): 66}


def test_the_longest_way_is_straight_and_leaves_stand_beside_it() -> None:
    # v * tanh(w * x + b) + c
    structure: Structure = [(1,), (None, 2), (3, 4), (5, 6), (), (), (7,), (8, 9), (10, None), (), ()]
    centres = lay_out(structure, [200 if given else 100 for given in structure]).centres
    assert len({centres[node][0] for node in (0, 1, 2, 3, 6, 7, 8, 10)}) == 1


def test_150_nodes(capsys: pytest.CaptureFixture[str]) -> None:
    structure = polynomial(50)
    widths = [220.0 if given else 130.0 for given in structure]
    began = perf_counter()
    layout = lay_out(structure, widths)
    elapsed = perf_counter() - began
    with capsys.disabled():
        print(f"\nlayout of {len(structure)} nodes: {elapsed * 1000:.1f} ms")  # noqa: T201 - a measurement
    assert len(layout.centres) == len(structure) == 151
    assert len({y for _, y in layout.centres}) == 54
    assert max(x for x, _ in layout.centres) < 3 * 250, "operations, products and parameters side by side"
    assert len({layout.centres[node][0] for node in range(3, 150, 3)}) == 1, "the sum is one column"


def test_arrow_keys_lead_along_edges_and_rows() -> None:
    centres = lay_out(DIAMOND, [100] * 4).centres
    assert neighbour(DIAMOND, centres, 0, Step.TO_INPUT) in (1, 2)
    assert neighbour(DIAMOND, centres, 3, Step.TO_USER) in (1, 2)
    assert neighbour(DIAMOND, centres, 1, Step.RIGHT) == 2
    assert neighbour(DIAMOND, centres, 2, Step.LEFT) == 1
    assert neighbour(DIAMOND, centres, 0, Step.TO_USER) is None
    assert neighbour(DIAMOND, centres, 3, Step.TO_INPUT) is None
    assert neighbour(CHAIN, lay_out(CHAIN, [100] * 5).centres, 2, Step.LEFT) is None


@settings(max_examples=50, deadline=None)
@given(graphs())
def test_arrow_keys_reach_every_node(structure: Structure) -> None:
    centres = lay_out(structure, widths_of(structure)).centres
    reached, waiting = {0}, [0]
    while waiting:
        here = waiting.pop()
        for step in Step:
            there = neighbour(structure, centres, here, step)
            if there is not None and there not in reached:
                reached.add(there)
                waiting.append(there)
    assert reached == set(range(len(structure)))
