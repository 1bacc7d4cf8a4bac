"""The graph that is read against the same computation in plain PyTorch, written out by hand and walked on its own."""

import gc
import operator
import weakref
from collections import Counter, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.autograd.graph import Node as TorchNode

from gradgui.engine.graph import FREED, LossGraph, OutputRecorder
from gradgui.experiment.formula import FUNCTIONS, Binary, Call, Name, Negative, Node, Number, parse_formula
from gradgui.experiment.formula import compile_formula as compiled
from gradgui.record.trace import Graph, GraphNode, TensorValue

LOSSES = (
    "(y - y_pred)**2",
    "abs(y_pred - y)",
    "(y - y_pred)**2 / (1 + y_pred**2)",
    "softplus(-y * y_pred)",
    "max(1 - y * y_pred, 0)**2",
    "min(abs(y - y_pred), 2)",
    "y_pred",
)
NAMES = ("w", "a", "b")

Bits = tuple[str, tuple[int, ...], bytes] | None
"""Everything of a tensor: type, shape, and every bit of it, so that -0.0 is not 0.0 and nan is nan."""


def bits(tensor: Tensor | TensorValue | None) -> Bits:
    if tensor is None:
        return None
    if isinstance(tensor, TensorValue):
        return tensor.dtype, tensor.shape, tensor.values.tobytes()
    return str(tensor.dtype)[6:], tuple(tensor.shape), tensor.detach().numpy().tobytes()


# --- Problems at random


@dataclass(frozen=True)
class GraphProblem:
    """A model, a loss and data, to be computed as often as somebody wants to look at it."""

    model: str
    loss: str = LOSSES[0]
    x: tuple[float, ...] = (1.0, 2.0, 3.0, 4.0)
    y: tuple[float, ...] = (2.0, 4.0, 6.0, 8.0)
    starts: tuple[float, ...] = (0.0, 0.5, -1.5)
    dtype: torch.dtype = torch.float32

    def tensors(self) -> tuple[Tensor, Tensor, dict[str, Tensor]]:
        names = parse_formula(self.model).parameters
        x, y = (torch.tensor(values, dtype=self.dtype) for values in (self.x, self.y))
        starts = zip(names, self.starts, strict=False)
        return x, y, {name: torch.tensor(start, dtype=self.dtype, requires_grad=True) for name, start in starts}

    def compute(self) -> tuple[Tensor, dict[str, Tensor]]:
        """The loss and the parameters behind it, as the trainer computes them."""
        x, y, parameters = self.tensors()
        model = compiled(parse_formula(self.model), ("x", *parameters), torch)
        loss = compiled(parse_formula(self.loss, ("y", "y_pred")), ("y", "y_pred"), torch)
        return loss(y, model(x, *parameters.values())).mean(), parameters


def _formulas(piece: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one = (
        *(
            "-({0})",
            "({0})**2",
            "({0})**3",
            "2**tanh({0})",
            "3 - ({0})",
            "({0}) * 0.5",
            "({0}) / 4",
            "1.5 / (2 + abs({0}))",
        ),
        *("sin({0})", "cos({0})", "tan(tanh({0}))", "asin(tanh({0})/2)", "acos(tanh({0})/2)", "atan({0})"),
        *(
            "sinh(tanh({0}))",
            "cosh(tanh({0}))",
            "tanh({0})",
            "exp(sin({0}))",
            "log(2 + abs({0}))",
            "log2(1 + abs({0}))",
        ),
        *("log10(3 + abs({0}))", "sqrt(1 + abs({0}))", "abs({0})", "sigmoid({0})", "relu({0})", "softplus({0})"),
        *("sign({0})", "erf({0})", "min({0}, 1)", "min(0.5, {0})", "max({0}, 0)", "max(-1, {0})"),
    )
    two = (
        *("({0}) + ({1})", "({0}) - ({1})", "({0}) * ({1})", "({0}) / (2 + ({1})**2)"),
        *("(1 + abs({0}))**sin({1})", "min({0}, {1})", "max({0}, {1})"),
    )
    return st.one_of(
        st.builds(str.format, st.sampled_from(one), piece), st.builds(str.format, st.sampled_from(two), piece, piece)
    )


formulas = st.recursive(st.sampled_from(["x", "x", *NAMES, "2", "0.25"]), _formulas, max_leaves=10)
numbers = st.floats(-4.0, 4.0, width=32)
points = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=5)


@st.composite
def problems(draw: st.DrawFn) -> GraphProblem:
    x, y = zip(*draw(points), strict=True)
    return GraphProblem(
        # The product makes sure that there is a parameter, and a prediction for each point.
        model=draw(st.sampled_from(["{} + w * x", "w * x - ({})"])).format(draw(formulas)),
        loss=draw(st.sampled_from(LOSSES)),
        x=x,
        y=y,
        starts=draw(st.tuples(numbers, numbers, numbers)),
        dtype=draw(st.sampled_from([torch.float32, torch.float64])),
    )


# --- What is to be judged


@dataclass
class GraphReading:
    """A problem computed under observation."""

    problem: GraphProblem
    before: Graph = field(init=False)
    after: Graph = field(init=False)
    parameters: dict[str, Tensor] = field(init=False)

    def __post_init__(self) -> None:
        recorder = OutputRecorder()
        with recorder:
            loss, self.parameters = self.problem.compute()
        graph = LossGraph(loss, self.parameters, recorder.values)
        self.before = graph.read()
        with graph.watching_backward():
            loss.backward()  # type: ignore[no-untyped-call]
        self.after = graph.read()


def in_visiting_order(graph: Graph) -> list[GraphNode]:
    assert sorted(node.order or 0 for node in graph.nodes) == list(range(1, len(graph.nodes) + 1))
    return sorted(graph.nodes, key=lambda node: node.order or 0)


# --- The judge: by hand in plain PyTorch, every step keeping its gradient

OPERATORS: dict[str, Callable[[Any, Any], Tensor]] = {"+": operator.add, "*": operator.mul, "/": torch.div}


class ByHand:
    """Compute a tree step by step, and keep each step that has a gradient."""

    def __init__(self, problem: GraphProblem) -> None:
        x, y, self.parameters = problem.tensors()
        self.steps: list[Tensor] = []
        y_pred = self.compute(parse_formula(problem.model).tree, {"x": x, **self.parameters})
        each = self.compute(parse_formula(problem.loss, ("y", "y_pred")).tree, {"y": y, "y_pred": y_pred})
        self.loss = self.keep(torch.mean(each))

    def keep(self, step: Tensor) -> Tensor:
        if step.requires_grad:
            step.retain_grad()
            self.steps.append(step)
        return step

    def compute(self, tree: Node, values: Mapping[str, Tensor]) -> Any:
        match tree:
            case Number(value):
                return value
            case Name(name):
                return values[name]
            case Negative(operand):
                return self.keep(torch.neg(self.compute(operand, values)))
            case Binary(sign, left, right):
                return self.keep(self.combine(sign, self.compute(left, values), self.compute(right, values)))
            case Call(function, arguments):
                return self.keep(self.call(function, [self.compute(argument, values) for argument in arguments]))

    def combine(self, sign: str, left: Any, right: Any) -> Tensor:
        if sign == "**":
            return torch.pow(left, right)
        if sign == "-":
            return torch.sub(left, right) if isinstance(left, Tensor) else torch.rsub(right, left)
        if sign == "/" and not isinstance(left, Tensor):
            return torch.mul(self.keep(torch.reciprocal(right)), left)
        return OPERATORS[sign](left, right)

    def call(self, function: str, arguments: list[Any]) -> Tensor:
        match function, arguments:
            case (
                "min",
                [Tensor() as tensor, int() | float() as bound] | [int() | float() as bound, Tensor() as tensor],
            ):
                return torch.clamp(tensor, max=bound)
            case (
                "max",
                [Tensor() as tensor, int() | float() as bound] | [int() | float() as bound, Tensor() as tensor],
            ):
                return torch.clamp(tensor, min=bound)
            case "min" | "max", [left, right]:
                return {"min": torch.minimum, "max": torch.maximum}[function](left, right)
            case "softplus", [only]:
                return torch.nn.functional.softplus(only)
            case _:
                result: Tensor = getattr(torch, function)(*arguments)
                return result


def fingerprints_by_hand(problem: GraphProblem) -> Counter[tuple[str, Bits, Bits]]:
    hand = ByHand(problem)
    hand.loss.backward()  # type: ignore[no-untyped-call]
    steps = [(step.grad_fn.name() if step.grad_fn else "", step, step.grad) for step in hand.steps]
    leaves = [(name, leaf, leaf.grad) for name, leaf in hand.parameters.items()]
    return Counter((name, bits(value), bits(gradient)) for name, value, gradient in steps + leaves)


@settings(max_examples=300, deadline=None)
@given(problems())
def test_values_and_gradients_are_those_of_the_computation_by_hand(problem: GraphProblem) -> None:
    graph = GraphReading(problem).after
    seen = Counter((node.name, bits(node.value), bits(node.gradient)) for node in graph.nodes)
    assert seen == fingerprints_by_hand(problem)


@settings(max_examples=100, deadline=None)
@given(problems())
def test_leaves_have_the_gradients_that_autograd_gives(problem: GraphProblem) -> None:
    loss, parameters = problem.compute()
    gradients = dict(zip(parameters, torch.autograd.grad(loss, list(parameters.values())), strict=True))
    leaves = [node for node in GraphReading(problem).after.nodes if node.parameter is not None]
    assert {leaf.name: bits(leaf.gradient) for leaf in leaves} == {n: bits(g) for n, g in gradients.items()}
    assert {leaf.name: bits(leaf.value) for leaf in leaves} == {n: bits(p) for n, p in parameters.items()}
    assert all(leaf.name == leaf.parameter and not leaf.inputs and not leaf.passed_on for leaf in leaves)


# --- The judge: the graph of a second computation, walked on its own


def walk_together(loss: Tensor, graph: Graph) -> dict[TorchNode, GraphNode]:
    """Go through PyTorch's graph breadth-first, and find each of its nodes and edges in ours."""
    assert loss.grad_fn is not None
    ours = {loss.grad_fn: graph.nodes[0]}
    waiting = deque(ours)
    while waiting:
        theirs = waiting.popleft()
        inputs = ours[theirs].inputs
        assert len(inputs) == len(theirs.next_functions)
        for place, (source, _) in zip(inputs, theirs.next_functions, strict=True):
            if source is None:
                assert place is None
            elif source in ours:
                assert place == ours[source].identifier
            else:
                assert place is not None
                ours[source] = graph.nodes[place]
                waiting.append(source)
    assert [node.identifier for node in ours.values()] == list(range(len(graph.nodes)))
    return ours


@settings(max_examples=150, deadline=None)
@given(problems())
def test_nodes_and_edges_are_those_of_pytorch(problem: GraphProblem) -> None:
    reading = GraphReading(problem)
    loss, parameters = problem.compute()
    for theirs, ours in walk_together(loss, reading.before).items():
        leaf: Tensor | None = getattr(theirs, "variable", None)
        assert ours.parameter == next((name for name, tensor in parameters.items() if tensor is leaf), None)
        assert ours.name == (ours.parameter or theirs.name())
    assert [(node.name, node.inputs) for node in reading.after.nodes] == [
        (node.name, node.inputs) for node in reading.before.nodes
    ]


@settings(max_examples=150, deadline=None)
@given(problems())
def test_saved_values_are_those_of_pytorch(problem: GraphProblem) -> None:
    reading = GraphReading(problem)
    for graph in (reading.before, reading.after):
        loss, _ = problem.compute()
        for theirs, ours in walk_together(loss, graph).items():
            attributes = [name for name in dir(theirs) if name.startswith("_saved_")]
            assert [f"_saved_{saved.name}" for saved in ours.saved] == attributes
            for attribute, saved in zip(attributes, ours.saved, strict=True):
                value = getattr(theirs, attribute)
                if isinstance(value, Tensor):
                    assert isinstance(saved.value, TensorValue)
                    assert bits(saved.value) == bits(value)
                else:
                    assert saved.value == str(value)


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_order_is_the_one_in_which_pytorch_visits(problem: GraphProblem) -> None:
    reading = GraphReading(problem)
    loss, _ = problem.compute()
    ours = walk_together(loss, reading.after)
    visited: list[TorchNode] = []
    passed: dict[TorchNode, list[Bits]] = {}
    for theirs in ours:
        theirs.register_prehook(lambda _, node=theirs: visited.append(node))
        theirs.register_hook(lambda given, _, node=theirs: passed.update({node: list(map(bits, given))}))
    loss.backward()  # type: ignore[no-untyped-call]
    assert [ours[theirs].identifier for theirs in visited] == [
        node.identifier for node in in_visiting_order(reading.after)
    ]
    assert {ours[theirs].identifier: gradients for theirs, gradients in passed.items()} == {
        node.identifier: list(map(bits, node.passed_on)) for node in reading.after.nodes
    }


@settings(max_examples=150, deadline=None)
@given(problems())
def test_every_node_is_visited_after_all_that_feed_it(problem: GraphProblem) -> None:
    reached = {0}
    edges: dict[int, list[Bits]] = {}
    graph = GraphReading(problem).after
    feeding = Counter(place for node in graph.nodes for place in node.inputs)
    for node in in_visiting_order(graph):
        assert node.identifier in reached
        assert feeding[node.identifier] == len(edges.get(node.identifier, []))
        assert len(node.passed_on) == len(node.inputs)
        for place, gradient in zip(node.inputs, node.passed_on, strict=True):
            if place is None:
                assert gradient is None
            else:
                edges.setdefault(place, []).append(bits(gradient))
                reached.add(place)
    for place, gradients in edges.items():
        if len(gradients) == 1:
            assert gradients == [bits(graph.nodes[place].gradient)]


@settings(max_examples=50, deadline=None)
@given(problems())
def test_before_the_backward_pass_there_are_no_gradients(problem: GraphProblem) -> None:
    reading = GraphReading(problem)
    for before, after in zip(reading.before.nodes, reading.after.nodes, strict=True):
        assert (before.gradient, before.passed_on, before.order) == (None, (), None)
        assert before.value is not None
        assert bits(before.value) == bits(after.value)
        assert before.identifier == after.identifier


@settings(max_examples=50, deadline=None)
@given(problems())
def test_watching_changes_no_bit_of_loss_and_gradients(problem: GraphProblem) -> None:
    reading = GraphReading(problem)
    loss, parameters = problem.compute()
    loss.backward()  # type: ignore[no-untyped-call]
    assert bits(reading.after.nodes[0].value) == bits(loss)
    assert [bits(p.grad) for p in reading.parameters.values()] == [bits(p.grad) for p in parameters.values()]


# --- Cases that formulas reach seldom or never

SCALED = "0.3 + w * x / 20"


@pytest.mark.parametrize(
    "model",
    [
        *(f"{function.name}({SCALED}{', w' * (function.arity - 1)})" for function in FUNCTIONS.values()),
        *(f"{name}({SCALED}, 0.4)" for name, function in FUNCTIONS.items() if function.arity == 2),
        *(f"2 {sign} ({SCALED})" for sign in ("+", "-", "*", "/", "**")),
        *(f"({SCALED}) {sign} w" for sign in ("+", "-", "*", "/", "**")),
        *(f"({SCALED}) {sign} 3" for sign in ("+", "-", "*", "/", "**")),
    ],
)
def test_the_value_of_every_node_is_seen_whatever_the_formula(model: str) -> None:
    problem = GraphProblem(model, starts=(0.5,))
    graph = GraphReading(problem).after
    assert all(node.value is not None and node.gradient is not None for node in graph.nodes)
    seen = Counter((node.name, bits(node.value), bits(node.gradient)) for node in graph.nodes)
    assert seen == fingerprints_by_hand(problem)


def test_the_lesson_node_by_node() -> None:
    nodes = GraphReading(GraphProblem("w * x")).after.nodes
    assert [node.name for node in nodes] == ["MeanBackward0", "PowBackward0", "SubBackward0", "MulBackward0", "w"]
    assert [node.inputs for node in nodes] == [(1,), (2,), (None, 3), (4, None), ()]
    assert [node.order for node in nodes] == [1, 2, 3, 4, 5]
    values = [30.0, [4.0, 16.0, 36.0, 64.0], [2.0, 4.0, 6.0, 8.0], [0.0, 0.0, 0.0, 0.0], 0.0]
    assert [node.value and node.value.values.tolist() for node in nodes] == values
    gradients = [1.0, [0.25, 0.25, 0.25, 0.25], [1.0, 2.0, 3.0, 4.0], [-1.0, -2.0, -3.0, -4.0], -30.0]
    assert [node.gradient and node.gradient.values.tolist() for node in nodes] == gradients
    _, power, _, product, _ = ({saved.name: saved.value for saved in node.saved} for node in nodes)
    assert power["exponent"] == "2"
    assert isinstance(power["self"], TensorValue)
    assert power["self"].values.tolist() == [2.0, 4.0, 6.0, 8.0]
    assert isinstance(product["other"], TensorValue)
    assert product["other"].values.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert product["self"] == "None"


def test_a_loss_without_a_graph_has_no_nodes() -> None:
    assert LossGraph(torch.tensor(1.0), {}, {}).read() == Graph(())


def test_what_the_backward_pass_has_freed_says_so() -> None:
    w = torch.tensor(3.0, requires_grad=True)
    loss = torch.sin(w) * w
    loss.backward()  # type: ignore[no-untyped-call]
    product, sine, leaf = LossGraph(loss, {"w": w}, {}).read().nodes
    assert [(saved.name, saved.value) for saved in product.saved] == [("other", FREED), ("self", FREED)]
    assert [(saved.name, saved.value) for saved in sine.saved] == [("self", FREED)]
    assert (leaf.name, product.value, sine.value) == ("w", None, None)


def test_what_cannot_be_read_for_another_reason_gives_pytorchs_own() -> None:
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    changed = w * 2
    loss = (changed * changed).sum()
    changed.add_(1)
    saved = LossGraph(loss, {}, {}).read().nodes[1].saved[0].value
    assert isinstance(saved, str)
    assert "modified by an inplace operation" in saved


def test_an_operation_in_place_leaves_the_value_before_it() -> None:
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    recorder = OutputRecorder()
    with recorder:
        step = w + 1
        step.mul_(3)
        loss = step.sum()
    nodes = LossGraph(loss, {"w": w}, recorder.values).read().nodes
    assert [node.name for node in nodes] == ["SumBackward0", "MulBackward0", "AddBackward0", "w"]
    assert [node.value and node.value.values.tolist() for node in nodes] == [15.0, [6.0, 9.0], [2.0, 3.0], [1.0, 2.0]]


def test_of_several_outputs_the_first_counts() -> None:
    w = torch.tensor([1.0, 2.0, 4.0], requires_grad=True)
    recorder = OutputRecorder()
    with recorder:
        first, _, last = w.unbind()
        loss = last * 5 + first * 3
    graph = LossGraph(loss, {"w": w}, recorder.values)
    with graph.watching_backward():
        loss.backward()  # type: ignore[no-untyped-call]
    unbind = next(node for node in graph.read().nodes if node.name == "UnbindBackward0")
    assert unbind.value is not None
    assert unbind.gradient is not None
    assert (unbind.value.number, unbind.gradient.number) == (1.0, 3.0)


def test_a_leaf_that_is_no_parameter_is_just_a_leaf() -> None:
    w, stranger = (torch.tensor(2.0, requires_grad=True) for _ in range(2))
    nodes = LossGraph(w * stranger, {"w": w}, {}).read().nodes
    assert [(node.name, node.parameter) for node in nodes[1:]] == [("w", "w"), ("leaf", None)]
    assert nodes[2].value is not None


def test_a_leafs_gradient_is_what_arrived_and_not_what_has_added_up() -> None:
    w = torch.tensor(2.0, requires_grad=True)
    w.grad = torch.tensor(100.0)
    loss = w * 3
    graph = LossGraph(loss, {"w": w}, {})
    with graph.watching_backward():
        loss.backward()  # type: ignore[no-untyped-call]
    gradient = graph.read().nodes[1].gradient
    assert gradient is not None
    assert (gradient.number, w.grad.item()) == (3.0, 103.0)


def test_the_first_visit_counts() -> None:
    w = torch.tensor(2.0, requires_grad=True)
    loss = w * w
    graph = LossGraph(loss, {"w": w}, {})
    with graph.watching_backward():
        loss.backward(torch.tensor(1.0), retain_graph=True)  # type: ignore[no-untyped-call]
        loss.backward(torch.tensor(7.0))  # type: ignore[no-untyped-call]
    product, leaf = graph.read().nodes
    assert (product.order, leaf.order) == (1, 2)
    assert [node.gradient and node.gradient.number for node in (product, leaf)] == [1.0, 4.0]


@pytest.mark.parametrize("passes", [1, 2])
def test_no_hook_stays_behind(passes: int) -> None:
    w = torch.tensor(2.0, requires_grad=True)
    loss = w * w
    graph = LossGraph(loss, {"w": w}, {})
    with suppress(RuntimeError), graph.watching_backward():
        for _ in range(passes):  # the second one raises
            loss.backward()  # type: ignore[no-untyped-call]
    forgotten = weakref.ref(graph)
    del graph
    gc.collect()
    assert forgotten() is None


def test_a_result_does_not_follow_the_tensors() -> None:
    reading = GraphReading(GraphProblem("w * x + a", starts=(1.0, 1.0)))
    known = [[bits(node.value), bits(node.gradient)] for node in reading.after.nodes]
    with torch.no_grad():
        for parameter in reading.parameters.values():
            parameter.fill_(np.pi)
            assert parameter.grad is not None
            parameter.grad.zero_()
    assert [[bits(node.value), bits(node.gradient)] for node in reading.after.nodes] == known


def test_a_graph_of_any_depth_is_read() -> None:
    depth = 5_000
    w = torch.tensor(1.0, requires_grad=True)
    recorder = OutputRecorder()
    with recorder:
        loss = w
        for _ in range(depth):
            loss = loss + w
    graph = LossGraph(loss, {"w": w}, recorder.values)
    with graph.watching_backward():
        loss.backward()  # type: ignore[no-untyped-call]
    nodes = graph.read().nodes
    assert len(nodes) == depth + 1
    leaf = nodes[1] if nodes[1].parameter else nodes[2]
    assert leaf.gradient is not None
    assert leaf.gradient.number == depth + 1
    assert sorted(node.value.number for node in nodes if node.value) == [float(i + 1) for i in range(depth + 1)]
    assert leaf.order == depth + 1
