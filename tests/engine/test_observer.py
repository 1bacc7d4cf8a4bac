"""An observed epoch against plain PyTorch, and training that does not notice who is looking."""

import math
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import asdict, replace
from torch import Tensor

from gradgui.engine.compiled_program import Row
from gradgui.engine.observer import EpochObserver
from gradgui.engine.run import Run
from gradgui.engine.trainer import Trainer
from gradgui.experiment.changes import LearningRateChange, ParameterChange
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, DType, Experiment, Parameter
from gradgui.experiment.optimizers import SGD, Adam, GradientDescent, Optimizer
from gradgui.experiment.training_loop import PHASES, Loop, Phase
from gradgui.record.trace import EpochTrace, Graph, TensorValue

RULES: tuple[Optimizer, ...] = (
    GradientDescent(),
    SGD(),
    SGD(momentum=0.9),
    SGD(momentum=0.5, nesterov=True, weight_decay=0.1),
    Adam(),
    Adam(beta1=0.5, weight_decay=0.01),
)
BROKEN = (RuntimeError, TypeError, AttributeError)
NOT_A_LEAF = "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed"


@dataclass(frozen=True)
class Model:
    """A model as a formula, and by hand."""

    formula: str
    names: str
    by_hand: Callable[..., Tensor]

    def experiment(
        self, rule: Optimizer = RULES[0], dtype: DType = "float32", loop: Loop = DEFAULT_EXPERIMENT.loop
    ) -> Experiment:
        parameters = tuple(map(Parameter, self.names, (0.5, -0.25, 1.5)))
        return Experiment(self.formula, parameters, DEFAULT_EXPERIMENT.data, optimizer=rule, dtype=dtype, loop=loop)


MODELS = (
    Model("w * x", "w", lambda x, w: w * x),
    Model("w * x + b", "wb", lambda x, w, b: w * x + b),
    Model("w", "w", lambda _, w: w),
    Model("a * sin(b * x) / (1 + c**2)", "abc", lambda x, a, b, c: a * torch.sin(b * x) / (1 + c**2)),
    Model("max(a * x, b) - 1 / (2 + abs(a))", "ab", lambda x, a, b: torch.maximum(a * x, b) - 1 / (2 + torch.abs(a))),
)


def observed_epoch(observer: EpochObserver) -> EpochTrace:
    assert [observer.run_phase() for _ in PHASES] == list(PHASES)
    return observer.trace()


def plain(value: Any) -> Any:
    """Everything of a trace as something that can be compared, bit by bit."""
    if isinstance(value, TensorValue):
        return value.dtype, value.shape, value.values.tobytes()
    if isinstance(value, Tensor):
        return str(value.dtype)[6:], tuple(value.shape), value.detach().numpy().tobytes()
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, Struct):
        return {name: plain(one) for name, one in asdict(value).items()}
    return repr(value)


# --- Every field, against the loop as a person writes it


class PlainEpochs:
    """The loop in a notebook, with everything written down on the way."""

    def __init__(self, model: Model, rule: Optimizer, dtype: torch.dtype, zero_grad: bool) -> None:
        self.model = model
        self.zero_grad = zero_grad
        self.x, self.y = (
            torch.tensor(values, dtype=dtype) for values in (DEFAULT_EXPERIMENT.data.x, DEFAULT_EXPERIMENT.data.y)
        )
        starts = (0.5, -0.25, 1.5)[: len(model.names)]
        self.parameters = [torch.tensor(start, dtype=dtype, requires_grad=True) for start in starts]
        self.optimizer = self.optimizer_for(rule)

    def optimizer_for(self, rule: Optimizer) -> torch.optim.Optimizer | None:
        match rule:
            case SGD(momentum=momentum, nesterov=nesterov, weight_decay=decay):
                return torch.optim.SGD(
                    self.parameters, lr=0.01, momentum=momentum, nesterov=nesterov, weight_decay=decay
                )
            case Adam(beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=decay):
                return torch.optim.Adam(
                    self.parameters, lr=0.01, betas=(beta1, beta2), eps=epsilon, weight_decay=decay
                )
        return None

    def values(self) -> str:
        return repr(tuple(parameter.item() for parameter in self.parameters))

    def gradients(self) -> str:
        return repr(tuple(None if p.grad is None else p.grad.item() for p in self.parameters))

    def buffers(self) -> str:
        state = self.optimizer.state_dict()["state"] if self.optimizer else {}
        names = self.model.names
        return repr({f"{names[place]}.{key}": b.item() for place, named in state.items() for key, b in named.items()})

    def run(self) -> dict[str, Any]:
        seen = {"before": self.values(), "gradients_found": self.gradients(), "buffers_before": self.buffers()}
        y_pred = self.model.by_hand(self.x, *self.parameters)
        loss = ((self.y - y_pred) ** 2).mean()
        seen |= {"y_pred": plain(y_pred), "loss": plain(loss)}
        loss.backward()  # type: ignore[no-untyped-call]
        seen["gradients"] = self.gradients()
        if self.optimizer:
            self.optimizer.step()
        else:
            with torch.no_grad():
                for parameter in self.parameters:
                    parameter -= 0.01 * parameter.grad  # type: ignore[operator]  # noqa: PLW2901
        seen |= {"after": self.values(), "buffers_after": self.buffers()}
        if self.zero_grad and self.optimizer:
            self.optimizer.zero_grad()
        elif self.zero_grad:
            for parameter in self.parameters:
                parameter.grad.zero_()  # type: ignore[union-attr]
        seen["gradients_left"] = self.gradients()
        return seen


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("zero_grad", [True, False])
@pytest.mark.parametrize("rule", RULES, ids=repr)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.formula)
def test_every_field_is_that_of_the_loop_by_hand(
    model: Model, rule: Optimizer, zero_grad: bool, dtype: DType
) -> None:
    observer = EpochObserver(Trainer(model.experiment(rule, dtype, Loop(zero_grad=zero_grad))))
    by_hand = PlainEpochs(model, rule, getattr(torch, dtype), zero_grad)
    for epoch in range(1, 6):
        trace = observed_epoch(observer)
        expected = by_hand.run()
        tensors = {name: plain(getattr(trace, name)) for name in ("y_pred", "loss")}
        numbers = {name: repr(getattr(trace, name)) for name in expected if name not in tensors}
        assert numbers | tensors == expected
        assert (trace.epoch, trace.phases_done, trace.learning_rate, trace.warnings) == (epoch, 5, 0.01, ())
        assert (plain(trace.x), plain(trace.y)) == (plain(by_hand.x), plain(by_hand.y))


def test_without_zero_grad_the_gradients_add_up_but_not_those_in_the_graph() -> None:
    observer = EpochObserver(Trainer(replace(DEFAULT_EXPERIMENT, loop=Loop(zero_grad=False))))
    first, second, third = (observed_epoch(observer) for _ in range(3))
    assert (first.gradients_found, second.gradients_found) == ((None,), first.gradients)
    assert third.gradients_found == second.gradients_left == second.gradients
    for one, following in ((first, second), (second, third)):
        assert following.graph is not None
        assert following.gradients is not None
        assert one.gradients is not None
        arrived = following.graph.nodes[-1].gradient
        assert arrived is not None
        total = np.float32(one.gradients[0]) + np.float32(arrived.number)
        assert following.gradients[0] == total != np.float32(arrived.number)


# --- Phase by phase


def test_the_trace_grows_with_the_phases() -> None:
    observer = EpochObserver(Trainer(DEFAULT_EXPERIMENT))
    appears = [[], ["y_pred"], ["loss", "graph"], ["gradients"], ["after", "buffers_after"], ["gradients_left"]]
    whole = observed_epoch(EpochObserver(Trainer(DEFAULT_EXPERIMENT)))
    known = {*EpochTrace.__struct_fields__} - {name for names in appears for name in names}
    for phases_done, names in enumerate(appears):
        if phases_done:
            assert observer.run_phase() is PHASES[phases_done - 1]
        known |= set(names)
        trace = observer.trace()
        assert trace.phases_done == phases_done
        assert {name for name, value in asdict(trace).items() if value is not None} == known
        for name in known - {"phases_done", "graph"}:
            assert plain(getattr(trace, name)) == plain(getattr(whole, name))
        orders = [node.order for node in trace.graph.nodes] if trace.graph else []
        assert orders == [[], [None] * 5, [1, 2, 3, 4, 5]][(phases_done > 1) + (phases_done > 2)]
    assert plain(trace) == plain(whole)
    assert plain(observer.trace()) == plain(whole)


def test_a_trace_stays_what_it_was() -> None:
    trainer = Trainer(DEFAULT_EXPERIMENT)
    observer = EpochObserver(trainer)
    traces = [observer.trace()]
    for _ in range(12):
        observer.run_phase()
        traces.append(observer.trace())
    known = [plain(trace) for trace in traces]
    for _ in range(20):
        observer.run_phase()
    trainer.set_parameter("w", 7.0)
    assert [plain(trace) for trace in traces] == known
    assert len(set(map(repr, known))) == len(known)


@pytest.mark.parametrize("phases", range(1, 5))
def test_an_epoch_is_observed_from_its_start(phases: int) -> None:
    trainer = Trainer(DEFAULT_EXPERIMENT)
    for _ in range(phases):
        trainer.run_phase()
    with pytest.raises(ValueError, match=f"but {PHASES[phases].value} comes next"):
        EpochObserver(trainer)
    trainer.finish_epoch()
    assert EpochObserver(trainer).trace().epoch == 2


def test_a_later_epoch_is_observed_like_the_first() -> None:
    trainer, other = Trainer(DEFAULT_EXPERIMENT), Trainer(DEFAULT_EXPERIMENT)
    trainer.train([], 7)
    observer = EpochObserver(other)
    for _ in range(7):
        observed_epoch(observer)
    assert plain(observed_epoch(EpochObserver(trainer))) == plain(observed_epoch(observer))


def test_what_was_changed_between_two_epochs_is_in_the_next_trace() -> None:
    trainer = Trainer(DEFAULT_EXPERIMENT)
    observer = EpochObserver(trainer)
    trainer.set_parameter("w", 1.0)
    first = observed_epoch(observer)
    assert (first.before, first.gradients) == ((1.0,), (-15.0,))
    trainer.learning_rate = 0.5
    trainer.set_parameter("w", 3.0)
    assert plain(observer.trace()) == plain(first)
    second = observed_epoch(observer)
    assert (second.before, second.learning_rate, second.after) == ((3.0,), 0.5, (-4.5,))


@pytest.mark.parametrize("phases", range(6))
def test_a_trainer_taken_back_to_a_start_begins_a_new_trace(phases: int) -> None:
    trainer = Trainer(DEFAULT_EXPERIMENT)
    start = trainer.state()
    observer = EpochObserver(trainer)
    whole = observed_epoch(observer)
    for _ in range(phases):
        observer.run_phase()
    trainer.restore(start)
    assert plain(observed_epoch(observer)) == plain(whole)


# --- Nobody notices who is looking


def rows_of(trainer: Trainer, step: Callable[[], Phase], epochs: int) -> list[str]:
    rows: list[Row] = []
    while trainer.epoch < epochs:
        if step() is Phase.UPDATE:
            rows.append(trainer.row)
    return [*map(repr, rows), repr(plain(trainer.state()))]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("rule", RULES, ids=repr)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.formula)
def test_observed_training_is_the_same_bit_by_bit(model: Model, rule: Optimizer, dtype: DType) -> None:
    alone, observed = (Trainer(model.experiment(rule, dtype)) for _ in range(2))
    expected = rows_of(alone, alone.run_phase, 50)
    assert rows_of(observed, EpochObserver(observed).run_phase, 50) == expected
    assert len(expected) == 51


finite = st.floats(-3.0, 3.0, width=32)


@settings(max_examples=60, deadline=None)
@given(
    model=st.sampled_from(MODELS),
    rule=st.sampled_from(RULES),
    switches=st.tuples(*[st.booleans()] * 4),
    points=st.lists(st.tuples(finite, finite), min_size=1, max_size=6),
    learning_rate=st.floats(0.001, 50.0),
    epochs=st.integers(1, 20),
)
def test_observed_training_is_the_same_whatever_happens(
    *,
    model: Model,
    rule: Optimizer,
    switches: tuple[bool, bool, bool, bool],
    points: list[tuple[float, float]],
    learning_rate: float,
    epochs: int,
) -> None:
    """Broken loops raise the same error at the same phase, and diverging runs go the same way."""
    x, y = zip(*points, strict=True)
    experiment = replace(model.experiment(rule, loop=Loop(*switches)), data=Data(x, y), learning_rate=learning_rate)

    def outcome(trainer: Trainer, step: Callable[[], Phase]) -> list[str]:
        rows = []
        try:
            while trainer.epoch < epochs:
                phase = step()
                rows.append(repr((phase, trainer.row)))
        except BROKEN as error:
            rows.append(f"{trainer.next_phase} {error!r}")
        tensors = [(p.item(), p.is_leaf, repr(p.grad) if p.is_leaf else "") for p in trainer.parameters.values()]
        return [*rows, repr(tensors)]

    alone, observed = Trainer(experiment), Trainer(experiment)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", NOT_A_LEAF, UserWarning)
        expected = outcome(alone, alone.run_phase)
    assert outcome(observed, EpochObserver(observed).run_phase) == expected


# --- Broken loops, up to PyTorch's error


def broken_epoch(loop: Loop, error: type[Exception], phase: Phase) -> tuple[EpochTrace, EpochObserver]:
    trainer = Trainer(replace(DEFAULT_EXPERIMENT, loop=loop))
    observer = EpochObserver(trainer)
    for _ in range(PHASES.index(phase)):
        observer.run_phase()
    with pytest.raises(error):
        observer.run_phase()
    assert trainer.next_phase is phase
    return observer.trace(), observer


def orders(graph: Graph | None) -> list[int | None]:
    assert graph is not None
    return [node.order for node in graph.nodes]


def test_without_no_grad_the_update_raises_and_changes_nothing() -> None:
    trace, _ = broken_epoch(Loop(no_grad=False), RuntimeError, Phase.UPDATE)
    assert (trace.phases_done, trace.before, trace.after, trace.gradients) == (3, (0.0,), None, (-30.0,))
    assert (trace.buffers_after, trace.gradients_left, trace.warnings) == (None, None, ())
    assert orders(trace.graph) == [1, 2, 3, 4, 5]


def test_with_two_backward_passes_the_first_one_is_seen() -> None:
    trace, _ = broken_epoch(Loop(backward_once=False), RuntimeError, Phase.BACKWARD)
    assert (trace.phases_done, trace.gradients, trace.after) == (2, (-30.0,), None)
    assert orders(trace.graph) == [1, 2, 3, 4, 5]


def test_two_backward_passes_that_nothing_stops_add_up() -> None:
    experiment = replace(DEFAULT_EXPERIMENT, model="w + x", loss="y_pred - y", loop=Loop(backward_once=False))
    trace = observed_epoch(EpochObserver(Trainer(experiment)))
    assert trace.gradients == (2.0,)
    assert trace.graph is not None
    assert [node.gradient and node.gradient.number for node in trace.graph.nodes if node.parameter] == [1.0]


def test_a_replaced_parameter_warns_in_pytorchs_words_once_and_where_pytorch_does() -> None:
    trace, observer = broken_epoch(Loop(in_place=False), AttributeError, Phase.ZERO_GRAD)
    assert (trace.phases_done, trace.before, trace.gradients_left) == (4, (0.0,), None)
    assert trace.after == (float(np.float32(0.01) * np.float32(30.0)),)
    assert [text.startswith(NOT_A_LEAF) for text in trace.warnings] == [True]
    with pytest.raises(AttributeError):
        observer.run_phase()
    assert observer.trace().warnings == trace.warnings

    calm = EpochObserver(Trainer(replace(DEFAULT_EXPERIMENT, loop=Loop(in_place=False))))
    for _ in range(4):
        calm.run_phase()
    assert calm.trace().warnings == ()


def test_a_replaced_parameter_has_its_update_in_the_next_graph() -> None:
    observer = EpochObserver(Trainer(replace(DEFAULT_EXPERIMENT, loop=Loop(in_place=False, zero_grad=False))))
    first = observed_epoch(observer)
    for _ in range(3):
        observer.run_phase()
        assert observer.trace().warnings == ()
    with pytest.raises(TypeError):
        observer.run_phase()
    trace = observer.trace()
    assert (trace.epoch, trace.phases_done, trace.before) == (2, 3, first.after)
    assert (trace.gradients_found, trace.gradients, trace.after) == ((None,), (None,), None)
    assert [text.startswith(NOT_A_LEAF) for text in trace.warnings] == [True]
    assert trace.graph is not None
    update, leaf = trace.graph.nodes[-2:]
    assert [update.name, leaf.name, leaf.parameter] == ["SubBackward0", "leaf", None]
    assert [update.value and (update.value.number,), leaf.value and leaf.value.number] == [first.after, 0.0]
    assert update.gradient is not None
    assert leaf.gradient is not None
    assert update.gradient.number == leaf.gradient.number < 0.0


def test_a_prediction_cut_off_from_its_graph_leaves_none_to_go_back_through() -> None:
    trainer = Trainer(DEFAULT_EXPERIMENT)
    observer = EpochObserver(trainer)
    observer.run_phase()
    assert trainer.y_pred is not None
    trainer.y_pred.detach_()
    observer.run_phase()
    assert observer.trace().graph == Graph(())
    with pytest.raises(RuntimeError, match="does not require grad"):
        observer.run_phase()
    trace = observer.trace()
    assert trace.loss is not None
    assert (trace.phases_done, trace.loss.number, trace.gradients) == (2, 30.0, (None,))


def test_a_loss_that_raises_leaves_its_forward_pass() -> None:
    trainer = Trainer(DEFAULT_EXPERIMENT)
    observer = EpochObserver(trainer)
    observer.run_phase()
    trainer.y.resize_(3)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="size of tensor"):
            observer.run_phase()
        trace = observer.trace()
        assert (trace.phases_done, trace.loss, trace.graph) == (1, None, None)
        assert plain(trace.y_pred) == plain(trainer.y_pred)
    trainer.y.resize_(4)
    assert [observer.run_phase() for _ in range(4)] == list(PHASES[1:])
    assert plain(observer.trace()) == plain(observed_epoch(EpochObserver(Trainer(DEFAULT_EXPERIMENT))))


def test_a_forward_pass_that_raises_begins_again() -> None:
    trainer = Trainer(DEFAULT_EXPERIMENT)
    observer = EpochObserver(trainer)
    observed_epoch(observer)

    def refuse(left: Tensor, right: Tensor) -> Tensor:
        raise TypeError("no product today")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Tensor, "__mul__", refuse)
        with pytest.raises(TypeError, match="no product"):
            observer.run_phase()
    assert (observer.trace().epoch, observer.trace().phases_done, observer.trace().y_pred) == (2, 0, None)
    assert observed_epoch(observer).epoch == 2


@pytest.mark.parametrize("switches", list(product([True, False], repeat=4)), ids=str)
def test_after_an_error_a_mended_loop_is_observed_as_ever(switches: tuple[bool, bool, bool, bool]) -> None:
    trainer = Trainer(replace(DEFAULT_EXPERIMENT, loop=Loop(*switches)))
    start = trainer.state()
    observer = EpochObserver(trainer)
    for _ in range(12):
        try:
            observer.run_phase()
        except BROKEN:
            break
    trainer.restore(start)
    trainer.set_loop(Loop())
    assert plain(observed_epoch(observer)) == plain(observed_epoch(EpochObserver(Trainer(DEFAULT_EXPERIMENT))))
    assert torch.is_grad_enabled()


class Talkative(Trainer):
    """A trainer with something to say in every phase."""

    def run_phase(self) -> Phase:
        for text in (f"{self.next_phase.value} {self.epoch}", "as ever"):
            warnings.warn(text, stacklevel=1)
        return super().run_phase()


def test_warnings_gather_over_the_epoch_and_reach_nobody_else() -> None:
    observer = EpochObserver(Talkative(DEFAULT_EXPERIMENT))
    filters = list(warnings.filters)
    with warnings.catch_warnings(record=True) as reached:
        warnings.simplefilter("always")
        for epoch in range(2):
            warned = observed_epoch(observer).warnings
            assert warned == (f"forward {epoch}", "as ever", *(f"{phase.value} {epoch}" for phase in PHASES[1:]))
    assert reached == []
    assert list(warnings.filters) == filters


# --- An epoch trained at speed, looked into afterwards


@pytest.mark.parametrize("rule", RULES, ids=repr)
@pytest.mark.parametrize("epochs", [1, 4, 70])
def test_an_epoch_trained_at_speed_can_be_looked_into(rule: Optimizer, epochs: int) -> None:
    experiment = MODELS[1].experiment(rule)
    trainer, run, straight = Trainer(experiment), Run(experiment), Run(experiment)
    for _ in range(epochs - 1):
        trainer.finish_epoch()
    expected = observed_epoch(EpochObserver(trainer))
    run.train(epochs)
    assert plain(run.trace()) == plain(expected)
    straight.train(epochs)
    assert plain(run.train(5).rows.tolist()) == plain(straight.train(5).rows.tolist()), "and nothing is disturbed"


def test_what_a_person_changed_before_an_epoch_is_in_its_trace() -> None:
    run = Run(
        DEFAULT_EXPERIMENT, [LearningRateChange(3, 0.125), ParameterChange(3, "w", 4.0), ParameterChange(4, "w", 9.0)]
    )
    run.train(4)
    trace = run.trace()
    assert (trace.epoch, trace.before, trace.learning_rate, trace.after) == (4, (4.0,), 0.125, (0.25,))


# --- Large ones, and other threads


def test_a_long_formula_on_much_data() -> None:
    terms = " + ".join(f"sin({k} * w * x) * b" for k in range(1, 37))
    count = 100_000
    x = np.linspace(-1.0, 1.0, count)
    data = Data(tuple(x.tolist()), tuple(np.sin(3.0 * x).tolist()))
    experiment = Experiment(terms, (Parameter("w", 0.5), Parameter("b", 0.01)), data)
    trace = observed_epoch(EpochObserver(Trainer(experiment)))
    alone = Trainer(experiment)
    row = alone.finish_epoch()
    assert trace.graph is not None
    assert len(trace.graph.nodes) > 150
    assert sorted(orders(trace.graph), key=lambda order: order or 0) == list(range(1, len(trace.graph.nodes) + 1))
    assert all(node.value is not None and node.gradient is not None for node in trace.graph.nodes)
    assert trace.loss is not None
    assert trace.after is not None
    assert trace.gradients is not None
    assert row[:-1] == (trace.loss.number, trace.after[0], trace.gradients[0], trace.after[1], trace.gradients[1])
    assert math.isfinite(trace.loss.number)
    assert trace.graph.nodes[1].value is not None
    assert trace.graph.nodes[1].value.shape == (count,)


def test_it_works_in_a_thread_of_its_own() -> None:
    traces: list[EpochTrace] = []
    thread = threading.Thread(
        target=lambda: traces.append(observed_epoch(EpochObserver(Trainer(DEFAULT_EXPERIMENT))))
    )
    thread.start()
    thread.join()
    assert plain(traces) == plain([observed_epoch(EpochObserver(Trainer(DEFAULT_EXPERIMENT)))])
