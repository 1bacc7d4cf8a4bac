"""What nodes say of themselves, in the box and in the details."""

import re

import numpy as np
import pytest
from PySide6.QtGui import QTextDocument

from gradgui.record.trace import Graph, GraphNode, SavedValue, TensorValue
from gradgui.ui.app.theme import LIGHT
from gradgui.ui.graph.node_details import details_text
from gradgui.ui.graph.node_text import GENERIC, SPREAD, brief, friendly_name, node_text, rule_of
from tests.ui.graph_samples import FREED, lesson_backward, lesson_forward, node, tensor


@pytest.mark.parametrize(
    ("name", "friendly"),
    [
        ("MulBackward0", "Mul"),
        ("RsubBackward1", "Rsub"),
        ("Log1PBackward0", "Log1P"),
        ("torch::autograd::AccumulateGrad", "AccumulateGrad"),
        ("AccumulateGrad", "AccumulateGrad"),
        ("Backward0", "Backward0"),
        ("MyFunctionBackward", "MyFunction"),
    ],
)
def test_friendly_names(name: str, friendly: str) -> None:
    assert friendly_name(name) == friendly


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (tensor(30), "30.000"),
        (tensor(-30), "−30.000"),
        (tensor(1.234e-5), "1.234e−05"),
        (tensor(float("nan")), "nan"),
        (tensor(float("-inf")), "−inf"),
        (tensor(0.3, 0.6, 0.9, 1.2), "[0.3, 0.6, 0.9, 1.2]"),
        (tensor(-1 / 3, -2 / 3, -1, -4 / 3), "[−0.333, −0.667, −1, −1.33]"),
        (tensor(-1 / 3, -2 / 3, -4 / 3, -5 / 3), "[−0.33, −0.67, −1.3, −1.7]"),
        (tensor(-1e5 / 3, -2e5 / 3, -1e5, -4e5 / 3), "float32[4] mean −8.333e+04"),
        (tensor(7, shape=(1,)), "[7]"),
        (tensor(1, 2, 3, 4, 5), "float32[5] mean 3"),
        (tensor(1, 2, 3, 4, shape=(2, 2)), "float32[2 × 2] mean 2.5"),
        (tensor(*[0.31] * 1000), "float32[1000] mean 0.31"),
        (tensor(*[3e38] * 5), "float32[5] mean 3e+38"),
        (tensor(float("inf"), float("-inf"), 1, 2, 3), "float32[5] mean nan"),
        (TensorValue(np.zeros((0,), np.float64), "float64"), "float64[0]"),
        (TensorValue(np.array([True, False]), "bool"), "[1, 0]"),
        (TensorValue(np.array(3), "int64"), "3.000"),
    ],
)
def test_tensors_in_few_words(value: TensorValue, text: str) -> None:
    assert brief(value) == text


def test_before_the_backward_pass_there_is_no_gradient_and_no_zero() -> None:
    for one in lesson_forward().nodes:
        text = node_text(one)
        assert text.gradient == "grad not there yet"
        assert text.visited == ""
        assert not text.has_gradient


def test_after_the_backward_pass() -> None:
    texts = [node_text(one) for one in lesson_backward().nodes]
    assert [text.name for text in texts] == ["Mean", "Pow", "Sub", "Mul", "w"]
    assert [text.visited for text in texts] == ["1", "2", "3", "4", "5"]
    assert texts[4].value == "value 0.000"
    assert texts[4].gradient == "grad −30.000"
    assert texts[3].sentence == (
        "Mul, value [0, 0, 0, 0], grad [−1, −2, −3, −4], visited as number 4 by the backward pass"
    )


def test_what_could_not_be_seen_is_said() -> None:
    text = node_text(GraphNode(0, "MulBackward0", None, (None,), None, None, (None,), 3, ()))
    assert (text.value, text.gradient) == ("value not seen", "grad none came")


def details(graph: Graph, place: int, *whole: str) -> str:
    document = QTextDocument()
    document.setHtml(details_text(graph, graph.nodes[place], LIGHT, whole))
    return document.toPlainText()


def test_details_of_an_operation() -> None:
    assert details(lesson_backward(), 3).splitlines() == [
        "MulBackward0",
        "shape [4], float32",
        "visited as number 4",
        "Value",
        "[0.0, 0.0, 0.0, 0.0]",
        "Gradient of the loss by it",
        "[-1.0, -2.0, -3.0, -4.0]",
        "Passed on to its inputs",
        "a = w: -30.0",
        "b: needs no gradient",
        "Local rule",
        "out = a · b",
        "∂L/∂a = b · ∂L/∂out",
        "∂L/∂b = a · ∂L/∂out.",
        SPREAD,
    ]


def test_details_of_saved_values() -> None:
    before, after = details(lesson_forward(), 1), details(lesson_backward(), 1)
    assert "Saved in the forward pass\nexponent: 2\nself: [2.0, 4.0, 6.0, 8.0]" in before
    assert f"exponent: 2\nself: {FREED}" in after


def test_details_before_the_backward_pass_know_no_gradient() -> None:
    text = details(lesson_forward(), 0)
    assert "Gradient of the loss by it\nnot there yet" in text
    assert "a = Pow: not there yet" in text
    assert "visited" not in text


def test_details_of_a_parameter() -> None:
    text = details(lesson_backward(), 4)
    assert text.startswith("a leaf: no operation made it\na single number, float32")
    assert "p.grad ← p.grad + ∂L/∂p" in text
    assert "Passed on" not in text


def test_long_tensors_are_whole_on_demand() -> None:
    long = tensor(*range(1000))
    graph = Graph((node(0, "ExpBackward0", (1,), long), node(1, "w", (), tensor(0))))
    assert "[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, …] Show all 1000 values" in details(graph, 0)
    assert "Show all" not in details(graph, 0, "value")
    assert details(graph, 0, "value").count(", ") == 999 + 1


def test_what_a_graph_says_is_not_taken_for_html() -> None:
    odd = GraphNode(0, "<b>Odd</b>", None, (None,), None, None, (), None, (SavedValue("<i>", "a < b & c"),))
    text = details(Graph((odd,)), 0)
    assert "<b>Odd</b>" in text
    assert "<i>: a < b & c" in text


NAMES = (
    "Add Sub Rsub Mul Div Pow Neg Exp Log Log2 Log10 Sin Cos Tan Asin Acos Atan Sinh Cosh Tanh Sqrt Abs Sign Sigmoid "
    "Softplus Erf Relu Clamp Maximum Minimum Mean Sum Reciprocal"
)


@pytest.mark.parametrize("name", NAMES.split())
def test_everything_a_formula_can_say_has_its_rule(name: str) -> None:
    graph = Graph((node(0, f"{name}Backward0", (1, None), tensor(1)), node(1, "w", (), tensor(1))))
    rule = rule_of(graph, graph.nodes[0])
    assert re.match(r"out = .+: .*∂L/∂", rule)
    assert SPREAD not in rule


def test_other_operations_have_the_chain_rule() -> None:
    graph = Graph((node(0, "GeluBackward0", (1,), tensor(1)), node(1, "w", (), tensor(1))))
    assert rule_of(graph, graph.nodes[0]) == f"{GENERIC}."


def test_a_leaf_that_is_no_parameter_has_the_rule_of_a_leaf() -> None:
    leaf = GraphNode(0, "leaf", None, (), tensor(1), None, (), None, ())
    assert rule_of(Graph((leaf,)), leaf).startswith("p.grad ←")
