"""The lines of a script that change with the update rule, the way the loop is written, and interventions."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from gradgui.experiment.changes import (
    DataChange,
    Intervention,
    LearningRateChange,
    LoopChange,
    ParameterChange,
)
from gradgui.experiment.experiment import Data, DType, Experiment
from gradgui.experiment.loop_code import loop_code
from gradgui.experiment.optimizers import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    CosineSchedule,
    ExponentialSchedule,
    GradientDescent,
    RMSprop,
    Schedule,
    StepSchedule,
)
from gradgui.experiment.training_loop import Loop, Phase

LoopsByEpoch = Mapping[int, Loop]
"""Each way in which the loop is written, by the first epoch that is run so, in order."""

RATE_OF_OPTIMIZER = 'optimizer.param_groups[0]["lr"]'

WIDEST_LINE = 100


def number(value: float) -> str:
    """Write a number that is always a float, whatever it was typed as."""
    return repr(float(value))


def tensor(values: float | Sequence[float], dtype: DType, more: str = "") -> str:
    """Write a tensor of one number or of a list, with ``more`` as its last arguments."""
    content = f"[{', '.join(map(number, values))}]" if isinstance(values, Sequence) else number(values)
    return f"torch.tensor({content}, dtype=torch.{dtype}{more})"


def data_lines(data: Data, dtype: DType) -> Iterator[str]:
    """Write the points, over several lines where they are many: within a list of numbers Python reads on."""
    for name, values in (("x", data.x), ("y", data.y)):
        line = f"{name} = {tensor(values, dtype)}"
        yield from textwrap.wrap(
            line, WIDEST_LINE, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
        )


def optimizer_line(optimizer: SGD | RMSprop | Adagrad | Adam | AdamW, names: Sequence[str]) -> str:
    """Write how the optimizer is made; settings that are torch's own defaults, as ours are, are left out."""
    usual = type(optimizer)()
    arguments = [f"[{', '.join(names)}]", "lr=learning_rate"]
    for field in optimizer.__struct_fields__:
        value = getattr(optimizer, field)
        if value != getattr(usual, field) and field not in ("beta1", "beta2"):
            arguments.append(f"{'eps' if field == 'epsilon' else field}={value!r}")
    if isinstance(optimizer, Adam | AdamW):
        betas = (number(optimizer.beta1), number(optimizer.beta2))
        if betas != ("0.9", "0.999"):
            arguments.append(f"betas=({', '.join(betas)})")
    return f"optimizer = torch.optim.{type(optimizer).__name__}({', '.join(arguments)})"


def scheduler_line(schedule: Schedule) -> str:
    """Write how the scheduler is made, with all of its settings."""
    match schedule:
        case StepSchedule(step_size=step_size, gamma=gamma):
            made = f"StepLR(optimizer, step_size={step_size}, gamma={number(gamma)})"
        case ExponentialSchedule(gamma=gamma):
            made = f"ExponentialLR(optimizer, gamma={number(gamma)})"
        case CosineSchedule(epochs=epochs, lowest=lowest):
            made = f"CosineAnnealingLR(optimizer, T_max={epochs}, eta_min={number(lowest)})"
    return f"scheduler = torch.optim.lr_scheduler.{made}"


def phase_lines(experiment: Experiment, loops: LoopsByEpoch, phase: Phase) -> list[str]:
    """Write a phase of the epoch; where the loop is written in several ways, each with the epochs it is for."""
    ways: list[tuple[int, list[str]]] = []
    for first, loop in loops.items():
        lines = [line.text for line in loop_code(experiment, loop) if line.phase is phase]
        if first <= experiment.epochs and not (ways and ways[-1][1] == lines):
            ways.append((first, lines))
    if len(ways) == 1:
        return ways[0][1]
    branches = []
    for index, (_, lines) in enumerate(ways):
        is_last = index == len(ways) - 1
        condition = "else" if is_last else f"{'elif' if index else 'if'} epoch <= {ways[index + 1][0] - 1}"
        nothing = ["pass"] if all(line.startswith("#") for line in lines) else []
        branches += [f"{condition}:", *(f"    {line}" for line in [*lines, *nothing])]
    return branches


def kept_lines(experiment: Experiment, loops: LoopsByEpoch) -> Iterator[str]:
    """Write what the log keeps: gradients before zero_grad wipes them, the rate before a scheduler changes it."""
    # A tensor that an update has put in a parameter's place has no gradient; it is the update that is to fail.
    guard = " if {}.is_leaf else math.nan" if any(_replaces(experiment, loop) for loop in loops.values()) else ""
    for name in experiment.parameter_names:
        yield f"{name}_grad = {name}.grad.item(){guard.format(name)}"
    if experiment.schedule:
        yield f"learning_rate = {RATE_OF_OPTIMIZER}"


def change_lines(experiment: Experiment, changes: Sequence[Intervention]) -> Iterator[str]:
    """Write what is done by hand at the end of an epoch."""
    loop = experiment.loop
    for epoch, group in groupby(changes, key=lambda change: change.epoch):
        lines: list[str] = []
        is_replaced = _replaces(experiment, loop)
        for change in group:
            match change:
                case LearningRateChange(learning_rate=rate):
                    lines += learning_rate_lines(experiment, rate)
                case ParameterChange(name=name, value=value):
                    lines += ["with torch.no_grad():", f"    {name}.copy_({tensor(value, experiment.dtype)})"]
                case DataChange(data=data):
                    lines += data_lines(data, experiment.dtype)
                case LoopChange():
                    if is_replaced:
                        lines += [f"{name} = {name}.detach().requires_grad_()" for name in experiment.parameter_names]
                    loop, is_replaced = change.loop, False
        if lines:
            yield f"if epoch == {epoch}:"
            yield from (f"    {line}" for line in lines)


def _replaces(experiment: Experiment, loop: Loop) -> bool:
    """Whether an epoch leaves new tensors, which are no leaves of the graph, in the parameters' places."""
    return isinstance(experiment.optimizer, GradientDescent) and not loop.in_place


def learning_rate_lines(experiment: Experiment, rate: float) -> list[str]:
    """Write how the learning rate is set by hand."""
    if experiment.schedule:
        return [f"{RATE_OF_OPTIMIZER} = {number(rate)}"]
    lines = [f"learning_rate = {number(rate)}"]
    if not isinstance(experiment.optimizer, GradientDescent):
        lines.append(f"{RATE_OF_OPTIMIZER} = learning_rate")
    return lines
