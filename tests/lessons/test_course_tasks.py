"""Each task of the course can be done, by doing what the step says; the natural wrong thing does not pass for it."""

import pytest

from gradgui.experiment.experiment import Parameter
from gradgui.experiment.optimizers import SGD, Adam, RMSprop
from gradgui.experiment.run_spec import RunSpec
from gradgui.lessons.lesson import Step
from gradgui.lessons.prediction import Choice, CountEpochs, DrawLoss, KnownNumber, PlaceBall, Prediction
from gradgui.worker.commands import Run
from gradgui.worker.session import Session
from tests.lessons.learner import (
    Action,
    Learner,
    back,
    by_hand,
    edit,
    epochs,
    loop,
    loss,
    phases,
    points,
    rate,
    reset,
    run,
)
from tests.lessons.test_course_figures import PATHS, lesson

LINE_OF_FOUR = (1.0, 2.0), (2.0, 4.0), (3.0, 6.0)
LINE_PARAMETERS = Parameter("w", 0.0), Parameter("b", 0.0)
RUN_ONCE: tuple[list[Action], list[Action]] = ([epochs(3)], [run])

TASKS: dict[str, tuple[list[Action], list[Action]]] = {
    "Five phases": ([epochs(1)], [phases(5)]),
    "Back in time": ([run, back], [epochs(3), back]),
    "All 20 epochs": ([epochs(19)], [run]),
    "Before the first backward()": ([epochs(1)], [phases(2)]),
    "The graph": ([epochs(1), phases(2)], [reset, phases(3)]),
    "Which sign?": ([phases(2)], [phases(1)]),
    "A second backward()": ([epochs(1)], [loop(backward_once=False), epochs(1)]),
    "Mend it": ([loop(), epochs(1)], []),  # of two lessons: see below
    "And the next epoch?": ([epochs(1)], [epochs(1)]),
    "Three ways, one number": ([phases(3)], [epochs(1)]),
    "Break it yourself": ([epochs(8)], [loop(zero_grad=False), epochs(8)]),
    "Mend it on the way": ([loop(), run], [reset, loop(zero_grad=False), epochs(8), loop(), run, run]),
    "Forget no_grad()": ([epochs(2)], [loop(no_grad=False), epochs(1)]),
    "w = w − …": ([loop(no_grad=False), epochs(1)], [reset, loop(in_place=False), epochs(1)]),
    "No error at first": ([phases(5)], [phases(4)]),
    "The right way": RUN_ONCE,
    "Just stable": ([rate(0.1), run], [reset, rate(0.125), epochs(5)]),
    "One step too far": ([rate(0.13), epochs(6)], [reset, rate(0.14), epochs(6)]),
    "To infinity": ([rate(0.2), run, run, run, run], [reset, rate(20.0), run]),
    "Try it": ([rate(0.1), epochs(2)], [reset, rate(0.067), epochs(2)]),
    "Within 15 epochs": ([run, by_hand("w", 2.0), epochs(1)], [reset, rate(0.03), run]),
    "Move a point": ([run], [points(*LINE_OF_FOUR, (4.0, 12.0)), run]),
    "A line that misses zero": RUN_ONCE,
    "One parameter more": ([run], [edit(model="w*x + b", parameters=LINE_PARAMETERS), run]),
    "Two parameters are slower": ([run], [reset, rate(0.05), run]),
    "More points": ([run], [points(*((float(x), x + 1.0) for x in range(6))), run]),
    "One wrong point": RUN_ONCE,
    "Choose it yourself": ([loss("Huber"), run], [loss("MAE"), run]),
    "The best of both": ([loss("MAE"), run], [loss("Huber"), run]),
    "Or mend the data": ([run], [points(*LINE_OF_FOUR, (4.0, 8.0), (5.0, 10.0)), run]),
    "Like a heavy ball": ([epochs(9)], [epochs(1)]),
    "Less is more": ([run, edit(optimizer=SGD())], [edit(optimizer=SGD(momentum=0.5)), run]),
    "A thousand epochs": RUN_ONCE,
    "Momentum in the valley": (
        [run, edit(optimizer=SGD(momentum=0.5)), run], [edit(optimizer=SGD(momentum=0.95)), run]
    ),
    "Standing still": ([epochs(90)], [run]),
    "More digits": ([run], [edit(dtype="float64"), run]),
    "For ever?": ([epochs(100)], [run]),
    "A line is not enough": RUN_ONCE,
    "Bend it": RUN_ONCE,
    "Begin at zero": RUN_ONCE,
    "Two answers": RUN_ONCE,
    "Faster": ([run], [edit(optimizer=Adam()), run]),
    "On a log axis": RUN_ONCE,
}  # fmt: skip
"""By the step's heading: what does not do it, and what does it then."""

MEND = {
    "02-what-backward-does": ([loop(), epochs(1)], [reset, loop(backward_once=False), epochs(1), loop(), epochs(1)]),
    "05-no-grad-and-leaves": ([loop(), epochs(3)], [reset, loop(no_grad=False), epochs(1), loop(), epochs(3)]),
}

ALL = [(name, step) for name in PATHS for step in lesson(name).steps]
ASKING = [(name, step) for name, step in ALL if step.checks]


def learner_at(name: str, step: Step) -> Learner:
    return Learner(lesson(name).start_of(lesson(name).steps.index(step)), step.checks)


@pytest.mark.parametrize(("name", "step"), ASKING, ids=[f"{name} {step.heading}" for name, step in ASKING])
def test_a_task_is_done_by_doing_it_and_by_nothing_else(name: str, step: Step) -> None:
    wrong, right = MEND[name] if step.heading == "Mend it" else TASKS[step.heading]
    learner = learner_at(name, step)
    for action in wrong:
        action(learner)
    assert not learner.is_done
    for action in right[:-1]:
        action(learner)
    assert not learner.is_done
    assert step.checks[learner.done].missing(learner.evidence)
    right[-1](learner)
    assert learner.is_done


def test_every_task_stands_in_the_table() -> None:
    assert {step.heading for _, step in ASKING} == {*TASKS}


def test_other_ways_to_do_it_pass_as_well() -> None:
    ways = {
        ("02-what-backward-does", "A second backward()"): [
            phases(3),
            loop(backward_once=False),
        ],  # in the midst of it
        ("07-more-epochs-or-a-larger-rate", "Within 15 epochs"): [rate(0.05), epochs(4)],
        ("06-the-learning-rate", "To infinity"): [rate(1e6), epochs(4)],
        ("10-momentum-and-the-valley", "Momentum in the valley"): [edit(optimizer=SGD(momentum=0.9)), run],
        ("12-a-neuron", "Faster"): [rate(0.2), run],
    }
    for (name, heading), actions in ways.items():
        learner = learner_at(name, next(step for step in lesson(name).steps if step.heading == heading))
        for action in actions:
            action(learner)
        assert learner.is_done, heading


def test_another_optimizer_is_not_the_one_that_was_asked_for() -> None:
    step = next(
        step for step in lesson("10-momentum-and-the-valley").steps if step.heading == "Momentum in the valley"
    )
    learner = learner_at("10-momentum-and-the-valley", step)
    learner.edit(optimizer=RMSprop(momentum=0.95))
    run(learner)
    assert learner.done == 0


@pytest.mark.parametrize(("name", "step"), ALL, ids=[f"{name} {step.heading}" for name, step in ALL])
def test_a_prediction_becomes_known(name: str, step: Step) -> None:
    if not isinstance(step.prediction, Prediction):
        return
    place = lesson(name).steps.index(step)
    assert step.start is not None, "what is predicted must not have been trained in the step before"
    learner = learner_at(name, step)
    if not isinstance(step.prediction, KnownNumber):
        assert step.prediction.truth(learner.log) is None
    run(learner)
    truth = step.prediction.truth(learner.log)
    assert truth is not None, f"step {place + 1} does not come to know what is predicted"
    if isinstance(step.prediction, DrawLoss):
        assert max(truth) < step.prediction.highest
        assert step.prediction.count <= step.start.epochs


def test_every_kind_of_prediction_is_used() -> None:
    kinds = {type(step.prediction) for _, step in ALL}
    assert {Choice, PlaceBall, DrawLoss, CountEpochs, KnownNumber} < kinds
    assert any(isinstance(one.prediction, Prediction) and one.prediction.right_within for _, one in ALL)
    assert sum(step.hunts_bug for _, step in ALL) == 3


@pytest.mark.parametrize(("name", "step"), ALL, ids=[f"{name} {step.heading}" for name, step in ALL])
def test_what_a_step_needs_is_in_sight(name: str, step: Step) -> None:
    panels = {*step.panels}
    assert panels
    if step.checks or step.hunts_bug:
        assert step.start is not None, "it may be taken up tomorrow"
    kinds = {type(check).__name__ for check in step.checks}
    fields = {"learning rate", "model", "loss", "optimizer", "numbers"} & {*step.lights}
    by_field = {
        "RateBetween",
        "RateAbove",
        "UseModel",
        "UseLoss",
        "UseOptimizer",
        "UseMomentum",
        "UseDtype",
        "ReachLoss",
    }
    if fields or by_field & kinds:
        assert "experiment" in panels
    if {"BreakLoop", "MendLoop", "SeeFailure", "StepPhases", "StepThrough"} & kinds or step.hunts_bug:
        assert "inside this epoch" in panels
    if {"ChangeData", "CountPoints"} & kinds:
        assert {"fit plot", "data"} <= panels
    if isinstance(step.prediction, PlaceBall):
        assert "landscape" in panels
    for light in step.lights:
        if light.endswith((" switch", " line")):
            assert "inside this epoch" in panels
        if light in {"data", "loss plot", "fit plot", "landscape", "graph", "gradient three ways", "parameter plots"}:
            assert light in panels
    if step.checks or step.hunts_bug or step.prediction:
        assert step.hints
        assert step.explanation


def test_the_largest_stable_rate_is_not_shown_before_it_is_asked_for() -> None:
    asked = [step for _, step in ALL if isinstance(step.prediction, KnownNumber)]
    assert all("experiment" not in step.panels for step in asked if "0.1333" in step.explanation)


def test_no_step_waits_for_long() -> None:
    for name, step in ALL:
        session = Session(RunSpec(lesson(name).start_of(lesson(name).steps.index(step))))
        session.do(Run())
        assert session.status.target <= 1000
