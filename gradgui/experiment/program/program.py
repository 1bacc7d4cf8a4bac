"""The training loop of an experiment as a program: the lines that are shown, run and exported."""

from collections.abc import Collection, Mapping, Sequence
from itertools import product

from msgspec import Struct

from gradgui.experiment.columns import ColumnName, Role
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DType, Experiment
from gradgui.experiment.formula import Binary, Name, Negative, Node, parse_formula, substituted, to_python
from gradgui.experiment.optimizers import (
    CosineSchedule,
    ExponentialSchedule,
    GradientDescent,
    Schedule,
    StepSchedule,
    TorchOptimizer,
)
from gradgui.experiment.program.faults import fault_of, loss_tree, model_tree
from gradgui.experiment.training_loop import Fault, Loop, Phase

OWN_NAMES = frozenset({"optimizer", "scheduler"})
"""What the program calls its own things, apart from the names that no parameter can have."""

LEFT_OUT = "# "
"""Stands before a line that a broken loop leaves out."""

RATE_OF_OPTIMIZER = 'optimizer.param_groups[0]["lr"]'


class Line(Struct, frozen=True):
    """One line of the loop.

    Attributes
    ----------
    text
        Python.
    phase
        The phase that runs it; a line that only leads to the next has the phase of that.
    """

    text: str
    phase: Phase


class Program(Struct, frozen=True):
    """The training loop, as short, idiomatic Python.

    Attributes
    ----------
    names
        What each parameter is called in it, by its name in the model, in model order.
    setup
        The lines that come before the loop and behind the data ``x`` and ``y``: leaf tensors, optimizer, scheduler.
    lines
        The lines of an epoch, in order.
    """

    names: Mapping[str, str]
    setup: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The lines of an epoch as they are shown."""
        return "".join(f"{line.text}\n" for line in self.lines)


def make_program(experiment: Experiment, loop: Loop, names: Mapping[str, str] | None = None) -> Program:
    """Write the training loop of an experiment.

    Parameters
    ----------
    experiment
        Whose model, loss, optimizer and schedule.
    loop
        How it is written; broken lines are written as they are run.
    names
        What each parameter is called in it; None for its own name, where the program has no other use for that.
    """
    if names is None:
        own_names = OWN_NAMES if isinstance(experiment.optimizer, TorchOptimizer) else ()
        names = code_names(experiment.parameter_names, own_names)
    return Program(names, _setup_lines(experiment, tuple(names.values())), _epoch_lines(experiment, loop, names))


def code_names(labels: Sequence[str], own_names: Collection[str]) -> dict[str, str]:
    """Give every parameter a name that a program has no other use for: its own, unless it is such as ``print``."""
    names: dict[str, str] = {}
    taken = {*own_names, *labels}
    for label in labels:
        spellings = map("".join, product(*zip(label.upper(), label, strict=True)))
        names[label] = next(word for word in spellings if word not in taken) if label in own_names else label
        taken.add(names[label])
    return names


def _setup_lines(experiment: Experiment, names: Sequence[str]) -> tuple[str, ...]:
    """Write the leaf tensors, the learning rate, the optimizer and the scheduler."""
    starts = (parameter.start for parameter in experiment.parameters)
    lines = [
        f"{name} = {tensor(start, experiment.dtype, ', requires_grad=True')}"
        for name, start in zip(names, starts, strict=True)
    ]
    lines.append(f"learning_rate = {number(experiment.learning_rate)}")
    if isinstance(experiment.optimizer, TorchOptimizer):
        lines.append(_optimizer_line(experiment.optimizer, names))
    if experiment.schedule is not None:
        lines.append(_scheduler_line(experiment.schedule))
    return tuple(lines)


def model_text(experiment: Experiment, names: Mapping[str, str]) -> str:
    """Write the model's formula as Python."""
    return _in_names(parse_formula(experiment.model).tree, names)


def _in_names(tree: Node, names: Mapping[str, str]) -> str:
    return to_python(substituted(tree, {label: Name(name) for label, name in names.items()}))


def reading(column: ColumnName, names: Mapping[str, str], *, scheduled: bool) -> str:
    """Write how a number of the row is read: gradients and rate before the update, the rest after it.

    Parameters
    ----------
    column
        Which number.
    names
        What each parameter is called in the program.
    scheduled
        Whether the learning rate is the optimizer's, as a scheduler changes it there.
    """
    name = names.get(column.parameter, "")
    place = f"[{', '.join(map(str, column.index))}]" if column.index else ""
    match column.role:
        case Role.LOSS:
            return "loss.item()"
        case Role.PARAMETER:
            return f"{name}{place}.item()"
        case Role.GRADIENT:
            return f"{name}.grad{place}.item()"
        case Role.LEARNING_RATE:
            return RATE_OF_OPTIMIZER if scheduled else "learning_rate"
        case Role.BUFFER:
            return f'optimizer.state[{name}]["{column.buffer}"]{place}.item()'


def data_lines(data: Data, dtype: DType) -> tuple[str, str]:
    """Write the points."""
    return f"x = {tensor(data.x.tolist(), dtype)}", f"y = {tensor(data.y.tolist(), dtype)}"


def number(value: float) -> str:
    """Write a number that is always a float, whatever it was typed as."""
    return repr(float(value))


def tensor(values: float | Sequence[float], dtype: DType, more: str = "") -> str:
    """Write a tensor of one number or of a list, with ``more`` as its last arguments."""
    content = f"[{', '.join(map(number, values))}]" if isinstance(values, Sequence) else number(values)
    return f"torch.tensor({content}, dtype=torch.{dtype}{more})"


def _epoch_lines(experiment: Experiment, loop: Loop, names: Mapping[str, str]) -> tuple[Line, ...]:
    words, fault = tuple(names.values()), fault_of(loop, experiment)
    forward = _in_names(model_tree(experiment, fault), names)
    lines = [
        Line(f"y_pred = ({forward}).detach()" if fault is Fault.DETACHED else f"y_pred = {forward}", Phase.FORWARD),
        Line(_loss_line(experiment, fault), Phase.LOSS),
        *[Line("loss.backward()", Phase.BACKWARD)] * (1 if loop.backward_once else 2),
    ]
    if isinstance(experiment.optimizer, GradientDescent):
        updates = _written_out(words, loop, fault)
        zero_grad = [f"{word}.grad.zero_()" for word in words]
    else:
        updates = ["optimizer.step()", *(["scheduler.step()"] if experiment.schedule else [])]
        zero_grad = ["optimizer.zero_grad()"]
    if fault is Fault.ZEROED_EARLY:
        lines += [Line(line, Phase.BACKWARD) for line in zero_grad]
    is_left_out = not loop.zero_grad or fault is Fault.ZEROED_EARLY
    zero_grad = [LEFT_OUT + line if is_left_out else line for line in zero_grad]
    if fault is Fault.NOT_ZEROED and not is_left_out:
        zero_grad[-1] = LEFT_OUT + zero_grad[-1]
    lines += [Line(update, Phase.UPDATE) for update in updates]
    return (*lines, *(Line(line, Phase.ZERO_GRAD) for line in zero_grad))


def _loss_line(experiment: Experiment, fault: Fault | None) -> str:
    tree = loss_tree(experiment, fault)
    text, reduction = to_python(tree), "sum" if fault is Fault.SUM else "mean"
    return f"loss = ({text}).{reduction}()" if isinstance(tree, Binary | Negative) else f"loss = {text}.{reduction}()"


def _written_out(words: Sequence[str], loop: Loop, fault: Fault | None) -> list[str]:
    sign = "+" if fault is Fault.WRONG_SIGN else "-"
    followed = [*words[:-1], words[0]] if fault is Fault.OTHER_GRADIENT else words
    updates = [
        f"{word} {sign}= learning_rate * {other}.grad"
        if loop.in_place
        else f"{word} = {word} {sign} learning_rate * {other}.grad"
        for word, other in zip(words, followed, strict=True)
    ]
    if fault is Fault.NOT_UPDATED:
        updates[-1] = LEFT_OUT + updates[-1]
    if loop.in_place and loop.no_grad:
        return ["with torch.no_grad():", *(f"    {update}" for update in updates)]
    return updates


def _optimizer_line(optimizer: TorchOptimizer, words: Sequence[str]) -> str:
    """Write how the optimizer is made; settings that are torch's own defaults, as ours are, are left out."""
    usual = type(optimizer)().arguments()
    settings = [f", {name}={value!r}" for name, value in optimizer.arguments().items() if value != usual[name]]
    arguments = f"[{', '.join(words)}], lr=learning_rate{''.join(settings)}"
    return f"optimizer = torch.optim.{type(optimizer).__name__}({arguments})"


def _scheduler_line(schedule: Schedule) -> str:
    """Write how the scheduler is made, with all of its settings."""
    match schedule:
        case StepSchedule(step_size=step_size, gamma=gamma):
            made = f"StepLR(optimizer, step_size={step_size}, gamma={number(gamma)})"
        case ExponentialSchedule(gamma=gamma):
            made = f"ExponentialLR(optimizer, gamma={number(gamma)})"
        case CosineSchedule(epochs=epochs, lowest=lowest):
            made = f"CosineAnnealingLR(optimizer, T_max={epochs}, eta_min={number(lowest)})"
    return f"scheduler = torch.optim.lr_scheduler.{made}"
