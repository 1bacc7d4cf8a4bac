"""What is said against a guess: nothing against the bug that is there, and only what the loop's numbers show."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gradgui.engine.observer import EpochObserver
from gradgui.engine.trainer import Trainer
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.optimizers import SGD, Adam, GradientDescent, Optimizer
from gradgui.experiment.program.program import make_program
from gradgui.experiment.training_loop import CORRECT_LOOP, Phase
from gradgui.record.trace import EpochTrace
from gradgui.ui.lessons.bug_evidence import objection
from gradgui.ui.lessons.bugs import BUGS, Bug, meant_lines, possible_bugs

pytestmark = pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf:UserWarning")

MODELS = {"w * x": "w", "w*x + b": "wb", "a*x**2 + b*x + c": "abc"}
LOSSES = ("(y - y_pred)**2", "abs(y - y_pred)", "(y - y_pred)**2*(2 + tanh(y))")


def experiment(model: str, loss: str, optimizer: Optimizer) -> Experiment:
    parameters = tuple(Parameter(name, 0.5 - 0.25 * place) for place, name in enumerate(MODELS[model]))
    data = Data((1.0, 2.0, 3.0, -1.5), (2.5, 3.0, 6.5, 0.25))
    return replace(DEFAULT_EXPERIMENT, model=model, loss=loss, parameters=parameters, data=data, optimizer=optimizer)


def traces(one: Experiment, bug: Bug | None, epochs: int) -> Iterator[EpochTrace]:
    """Give every look at a loop, phase by phase, until PyTorch stops it."""
    observer = EpochObserver(Trainer(replace(one, loop=bug.loop if bug else CORRECT_LOOP)))
    for _ in range(epochs * len(Phase)):
        try:
            observer.run_phase()
        except (RuntimeError, TypeError, AttributeError):
            yield observer.trace()
            return
        yield observer.trace()


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("optimizer", [GradientDescent(), SGD(momentum=0.9), Adam()], ids=repr)
def test_nothing_is_said_against_the_bug_that_is_there(model: str, loss: str, optimizer: Optimizer) -> None:
    one = experiment(model, loss, optimizer)
    for bug in possible_bugs(one):
        for trace in traces(one, bug, 6):
            assert objection(bug.name, one, trace) == ""


@given(
    st.sampled_from(list(MODELS)),
    st.lists(st.tuples(*[st.integers(-40, 40).map(lambda number: number / 8)] * 2), min_size=1, max_size=5),
    st.sampled_from([0.001, 0.01, 0.1]),
)
def test_nor_with_any_points(model: str, points: list[tuple[float, float]], rate: float) -> None:
    x, y = zip(*points, strict=True)
    one = replace(experiment(model, LOSSES[0], GradientDescent()), data=Data(x, y), learning_rate=rate)
    for bug in possible_bugs(one):
        for trace in traces(one, bug, 3):
            assert objection(bug.name, one, trace) == "", bug


def test_of_the_loop_as_it_is_meant_nearly_everything_can_be_ruled_out() -> None:
    one = experiment("w*x + b", LOSSES[0], GradientDescent())
    last = list(traces(one, None, 1))[-1]
    silent = {bug.name for bug in BUGS if not objection(bug.name, one, last)}
    assert silent == {"target_as_input"}
    assert not any(objection(bug.name, one, None) for bug in BUGS)


def test_every_bug_that_is_possible_writes_other_lines_and_stands_in_one_that_is_meant() -> None:
    for optimizer in (GradientDescent(), Adam()):
        one = experiment("w*x + b", LOSSES[2], optimizer)
        bugs = possible_bugs(one)
        assert len(bugs) == (14 if isinstance(optimizer, GradientDescent) else 7)
        for bug in bugs:
            assert make_program(one, bug.loop) != make_program(one, CORRECT_LOOP)
            assert bug.true_text(one).strip()
            assert any(bug.is_in(place, one) for place in range(len(meant_lines(one))))


def test_the_lines_that_ran_are_shown_where_they_ran() -> None:
    one = experiment("w * x", LOSSES[0], GradientDescent())
    update = "with torch.no_grad():\n    w -= learning_rate * w.grad"
    shown = {bug.name: bug.true_text(one) for bug in possible_bugs(one)}
    assert shown["zeroed_early"] == f"loss.backward()\nw.grad.zero_()\n{update}"
    assert shown["backward_once"] == f"loss.backward()\nloss.backward()\n{update}"
    assert shown["zero_grad"] == "# w.grad.zero_()"
    assert shown["no_grad"] == "w -= learning_rate * w.grad"
    assert shown["wrong_sign"] == "w += learning_rate * w.grad"
