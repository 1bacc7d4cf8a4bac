"""The lines that are shown are the lines that run: by the phase, at speed, and when one of them raises."""

import inspect
import linecache
import re
import traceback
import warnings
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
import torch
from msgspec.structs import replace

from gradgui.engine import compiled_program
from gradgui.engine.compiled_program import FILE_NAME, Row
from gradgui.engine.trainer import Trainer
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import Experiment, Parameter
from gradgui.experiment.optimizers import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    CosineSchedule,
    ExponentialSchedule,
    GradientDescent,
    Optimizer,
    RMSprop,
    Schedule,
    StepSchedule,
)
from gradgui.experiment.program.program import make_program
from gradgui.experiment.training_loop import CORRECT_LOOP, Fault, Loop

BROKEN = (RuntimeError, TypeError, AttributeError)
PARABOLA = Experiment(
    model="a*x**2 + b*x + c",
    parameters=(Parameter("a", 0.1), Parameter("b", -0.2), Parameter("c", 0.3)),
    data=Data((0.0, 1.0, 2.0, -1.5), (3.0, 1.0, 0.5, 2.0)),
)
RULES: tuple[Optimizer, ...] = (
    *(GradientDescent(), SGD(), SGD(momentum=0.9), SGD(momentum=0.5, nesterov=True, weight_decay=0.1)),
    *(RMSprop(), RMSprop(momentum=0.5), Adagrad(), Adam(), Adam(beta1=0.5, weight_decay=0.01), AdamW()),
)
SCHEDULES: tuple[Schedule | None, ...] = (None, StepSchedule(3, 0.5), ExponentialSchedule(), CosineSchedule(5, 0.001))
LOOPS = tuple(Loop(a, b, c, d) for a, b, c, d in product([True, False], repeat=4))
FAULTY = tuple(
    Loop(fault=fault, **switch) for fault in Fault for switch in ({}, {"zero_grad": False}, {"in_place": False})
)


def cases() -> Iterator[Experiment]:
    for rule, schedule, loop, dtype in product(RULES, SCHEDULES, (*LOOPS, *FAULTY), ("float32", "float64")):
        if schedule is None or not isinstance(rule, GradientDescent):
            yield replace(PARABOLA, optimizer=rule, schedule=schedule, loop=loop, dtype=dtype)


CASES = list(cases())


def by_phases(trainer: Trainer, epochs: int) -> tuple[list[Row], str]:
    """Give the rows and the error of the lines as they are shown."""
    rows: list[Row] = []
    try:
        for _ in range(epochs):
            trainer.finish_epoch()
            rows.append(trainer.whole_row())
    except BROKEN as error:
        return rows, f"{trainer.line_of(error)} {type(error).__name__}: {error}"
    return rows, ""


def at_speed(trainer: Trainer, epochs: int) -> tuple[list[Row], str]:
    rows: list[Row] = []
    try:
        trainer.train(rows, epochs)
    except BROKEN as error:
        return rows, f"{trainer.line_of(error)} {type(error).__name__}: {error}"
    return rows, ""


@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf:UserWarning")
@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_shown_run_by_phase_and_at_speed_are_the_same(rule: Optimizer) -> None:
    chosen = [one for one in CASES if one.optimizer == rule]
    for experiment in chosen:
        slow, fast = Trainer(experiment), Trainer(experiment)
        shown = make_program(experiment, experiment.loop).text
        assert "".join(linecache.getlines(FILE_NAME)) == shown
        expected = by_phases(slow, 12)
        assert repr(at_speed(fast, 12)) == repr(expected), experiment
        assert fast.epoch == slow.epoch == len(expected[0])
        assert fast.next_phase is slow.next_phase
        if not expected[1]:
            assert fast.state() == slow.state()


def test_the_code_at_speed_has_the_numbers_of_the_lines_that_are_shown() -> None:
    trainer = Trainer(PARABOLA)
    trainer.train([], 1)
    lines = make_program(PARABOLA, CORRECT_LOOP).text.splitlines()
    source, _ = inspect.findsource(compile("pass", FILE_NAME, "exec"))
    assert [line.rstrip("\n") for line in source] == lines


def by_hand(experiment: Experiment, epochs: int) -> tuple[int, str]:
    """Run the text that is shown, pasted into a function: gives the line that PyTorch stopped at, and its error."""
    program = make_program(experiment, experiment.loop)
    scope: dict[str, Any] = {"torch": torch}
    dtype = getattr(torch, experiment.dtype)
    scope |= {axis: torch.tensor(getattr(experiment.data, axis), dtype=dtype) for axis in ("x", "y")}
    exec("\n".join(program.setup), scope)  # noqa: S102 - our own lines are what is tested
    try:
        for _ in range(epochs):
            exec(compile(program.text, "pasted", "exec"), scope)  # noqa: S102
    except BROKEN as error:
        (line,) = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "pasted"]
        assert line is not None
        return line - 1, f"{type(error).__name__}: {error}"
    raise AssertionError("nothing was raised")


@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf:UserWarning")
@pytest.mark.parametrize(
    ("loop", "line"),
    [
        (Loop(no_grad=False), "a -= learning_rate * a.grad"),
        (Loop(in_place=False), "a.grad.zero_()"),
        (Loop(in_place=False, zero_grad=False), "a = a - learning_rate * a.grad"),
        (Loop(backward_once=False), "loss.backward()"),
        (Loop(fault=Fault.DETACHED), "loss.backward()"),
    ],
    ids=repr,
)
def test_the_line_that_raised_is_the_one_of_pytorchs_own_traceback(loop: Loop, line: str) -> None:
    experiment = replace(PARABOLA, loop=loop)
    place, error = by_hand(experiment, 3)
    assert make_program(experiment, loop).lines[place].text.strip() == line
    for train in (by_phases, at_speed):
        assert train(Trainer(experiment), 3)[1] == f"{place} {error}"


@pytest.mark.parametrize("text", ["e3*x + 1e3*b", "_*x + 1e3", "print*x + x1", "optimizer*x + scheduler", "row*x"])
@pytest.mark.parametrize("rule", [GradientDescent(), Adam()], ids=repr)
def test_names_that_python_or_the_loop_uses_otherwise(text: str, rule: Optimizer) -> None:
    names = [name for name in re.findall(r"[a-z_][a-z0-9_]*", text.replace("1e3", "")) if name != "x"]
    plain = text
    for number, name in enumerate(names):
        plain = re.sub(rf"(?<![\w.]){name}\b", f"p{number}", plain)
    ours, theirs = (
        replace(PARABOLA, model=model, parameters=tuple(Parameter(name, 0.25) for name in parameters), optimizer=rule)
        for model, parameters in ((text, names), (plain, [f"p{number}" for number in range(len(names))]))
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert at_speed(Trainer(ours), 9) == at_speed(Trainer(theirs), 9)
        assert by_phases(Trainer(ours), 9) == by_phases(Trainer(theirs), 9)


def test_every_quicker_line_stands_for_a_line_of_some_loop() -> None:
    lines = [line.text for one in CASES for line in make_program(one, one.loop).lines]
    for pattern, _ in compiled_program.QUICKER_LINES:
        assert any(re.fullmatch(pattern, line) for line in lines)
