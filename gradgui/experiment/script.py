"""A run as a Python script that needs only torch: the loop a person would write, and the log it leaves."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from msgspec.structs import replace

from gradgui.experiment.experiment import Experiment, Parameter
from gradgui.experiment.formula import parse_formula, to_python, to_text
from gradgui.experiment.intervention import (
    DataChange,
    Intervention,
    LearningRateChange,
    LoopChange,
    ParameterChange,
)
from gradgui.experiment.loop import Phase
from gradgui.experiment.loop_code import loop_code
from gradgui.experiment.optimizer import GradientDescent
from gradgui.experiment.script_update import (
    LoopsByEpoch,
    change_lines,
    data_lines,
    kept_lines,
    learning_rate_lines,
    number,
    optimizer_line,
    phase_lines,
    scheduler_line,
    tensor,
)

OWN_NAMES = frozenset(
    {"all", "ctypes", "csv_path", "epochs_since_lowest", "file", "float", "forward", "len", "lowest", "map", "next"}
    | {"open", "optimizer", "print", "probe", "range", "repr", "row", "scheduler", "shortest", "str", "sys"}
)
"""What the script calls its own things, apart from the names that no parameter can have."""

_SHORTEST = '''

def shortest(value):
    """Write a float32 with as few digits as bring it back."""
    nearby = (value, value * (1 + 2**-25))  # above a power of two there is more room than below
    texts = (f"{near:.{digits}e}" for digits in range(9) for near in nearby)
    text = next((text for text in texts if ctypes.c_float(float(text)).value == value), str(value))
    return repr(float(text)) if value == 0 or 1e-4 <= abs(value) < 1e6 else text
'''


@dataclass(frozen=True)
class _Plan:
    """What is written: an experiment whose names are those of the script, and what happens to it.

    Attributes
    ----------
    experiment
        As it is when the first epoch begins.
    labels
        The parameters' names as they are printed.
    changes
        The interventions after that, in order, with the script's names.
    loops
        How the loop is written from which epoch on.
    first_rate
        The learning rate that was set by hand before the first update where a schedule goes on from there: what the
        schedule takes as its own first rate is still the experiment's.
    """

    experiment: Experiment
    labels: tuple[str, ...]
    changes: tuple[Intervention, ...]
    loops: LoopsByEpoch
    first_rate: float | None

    @property
    def names(self) -> tuple[str, ...]:
        return self.experiment.parameter_names


def script_text(experiment: Experiment, interventions: Sequence[Intervention] = (), epochs: int | None = None) -> str:
    """Write a run as a script that prints its epochs and writes its log as CSV, as ``gradgui train`` does.

    Parameters
    ----------
    experiment
        What is trained.
    interventions
        What was changed on the way, as `Recording` accepts them. Those after the last epoch are left out.
    epochs
        The most epochs to train; None for the experiment's own number.

    Returns
    -------
    str
        Python for torch and the standard library, to be saved as UTF-8. Its first argument on the command line
        is the path of the CSV file, ``log.csv`` without one.
    """
    plan = _plan(experiment, interventions, experiment.epochs if epochs is None else epochs)
    lines = [*_opening(plan, experiment), *_definitions(plan), "", *_training(plan)]
    return "\n".join(lines) + "\n"


def _plan(experiment: Experiment, interventions: Sequence[Intervention], epochs: int) -> _Plan:
    names = _script_names(experiment.parameter_names)
    changes = [_renamed(change, names) for change in interventions if change.epoch <= epochs]
    start = replace(
        experiment,
        model=re.sub(r"\w+", lambda word: names.get(word.group(), word.group()), experiment.model),
        parameters=tuple(Parameter(names[one.name], one.start) for one in experiment.parameters),
        epochs=epochs,
    )
    first_rate = None
    for change in changes:
        if change.epoch:
            continue
        if isinstance(change, LearningRateChange) and experiment.schedule:
            first_rate = change.learning_rate
        else:
            start = _changed(start, change)
    later = tuple(sorted((change for change in changes if change.epoch), key=lambda change: change.epoch))
    loops = {1: start.loop} | {change.epoch + 1: change.loop for change in later if isinstance(change, LoopChange)}
    return _Plan(start, experiment.parameter_names, later, loops, first_rate)


def _script_names(labels: Sequence[str]) -> dict[str, str]:
    """Give every parameter a name that the script has no other use for: its own, unless it is such as ``print``."""
    names: dict[str, str] = {}
    taken = OWN_NAMES.union(labels)
    for label in labels:
        # As long as the name itself, for a formula may already be as long as one can be.
        spellings = map("".join, product(*zip(label.upper(), label, strict=True)))
        names[label] = next(word for word in spellings if word not in taken) if label in OWN_NAMES else label
        taken |= {names[label]}
    return names


def _renamed(change: Intervention, names: Mapping[str, str]) -> Intervention:
    return replace(change, name=names[change.name]) if isinstance(change, ParameterChange) else change


def _changed(experiment: Experiment, change: Intervention) -> Experiment:
    match change:
        case LearningRateChange(learning_rate=rate):
            return replace(experiment, learning_rate=rate)
        case LoopChange(loop=loop):
            return replace(experiment, loop=loop)
        case DataChange(data=data):
            return replace(experiment, data=data)
        case ParameterChange(name=name, value=value):
            parameters = (Parameter(name, value) if one.name == name else one for one in experiment.parameters)
            return replace(experiment, parameters=tuple(parameters))


def _opening(plan: _Plan, original: Experiment) -> Iterator[str]:
    yield f'"""Train y = {to_text(parse_formula(original.model).tree)} with PyTorch.'
    yield ""
    yield "Prints every epoch, and writes it to the CSV file that is named on the command line, or else to log.csv."
    yield '"""'
    yield ""
    if original.dtype == "float32":
        yield "import ctypes"
    yield from ("import math", "import sys", "", "import torch", "")
    yield "torch.set_num_threads(1)  # with more, sums over many points would depend on the machine"
    if not "".join(plan.labels).isascii():
        yield 'sys.stdout.reconfigure(errors="backslashreplace")  # for a terminal without the letters of the names'


def _definitions(plan: _Plan) -> Iterator[str]:
    experiment = plan.experiment
    yield ""
    yield from data_lines(experiment.data, experiment.dtype)
    for parameter in experiment.parameters:
        yield f"{parameter.name} = {tensor(parameter.start, experiment.dtype, ', requires_grad=True')}"
    yield f"probe = {tensor((experiment.probe,), experiment.dtype)}"
    yield ""
    yield f"learning_rate = {number(experiment.learning_rate)}"
    yield f"epochs = {experiment.epochs}"
    if not isinstance(experiment.optimizer, GradientDescent):
        yield optimizer_line(experiment.optimizer, plan.names)
    if experiment.schedule:
        yield scheduler_line(experiment.schedule)
    if plan.first_rate is not None:
        yield from learning_rate_lines(experiment, plan.first_rate)
    yield 'csv_path = sys.argv[1] if len(sys.argv) > 1 else "log.csv"'
    yield from ("", "", "def forward(x):", f"    return {to_python(parse_formula(experiment.model).tree)}")
    if experiment.dtype == "float32":
        yield _SHORTEST.rstrip("\n")
    yield ""


def _training(plan: _Plan) -> Iterator[str]:
    yield _prediction("before", plan.experiment)
    if plan.experiment.stop.patience is not None:
        yield "lowest, epochs_since_lowest = math.inf, 0"
    yield r'with open(csv_path, "w", encoding="utf-8", newline="\r\n") as file:'
    columns = ",".join(f"{label},{label}_grad" for label in plan.labels)
    yield f'    print("epoch,loss,{columns},lr", file=file)'
    yield "    for epoch in range(1, epochs + 1):"
    for line in _epoch(plan):
        yield f"        {line}" if line else ""
    yield _prediction("after", plan.experiment)


def _prediction(when: str, experiment: Experiment) -> str:
    return f'print(f"Prediction {when} training: f({experiment.probe:g}) = {{forward(probe).item():.3f}}")'


def _epoch(plan: _Plan) -> Iterator[str]:
    experiment, loops = plan.experiment, plan.loops
    yield "y_pred = forward(x)"
    yield next(line.text for line in loop_code(experiment, experiment.loop) if line.phase is Phase.LOSS)
    yield from phase_lines(experiment, loops, Phase.BACKWARD)
    yield from kept_lines(experiment, loops)
    yield from phase_lines(experiment, loops, Phase.UPDATE)
    yield from phase_lines(experiment, loops, Phase.ZERO_GRAD)
    yield ""
    yield from _log_lines(plan)
    yield from change_lines(experiment, plan.changes)
    yield from _stop_lines(experiment)


def _log_lines(plan: _Plan) -> Iterator[str]:
    pairs = list(zip(plan.labels, plan.names, strict=True))
    shown = ", ".join(f"{label} = {{{name}.item():.3f}}" for label, name in pairs)
    yield f'print(f"epoch {{epoch}}: {shown}, loss = {{loss.item():.3f}}")'
    yield f"row = [loss.item(), {', '.join(f'{name}.item(), {name}_grad' for name in plan.names)}]"
    numbers = "*map(shortest, row)" if plan.experiment.dtype == "float32" else "*row"
    yield f'print(epoch, {numbers}, learning_rate, sep=",", file=file)'


def _stop_lines(experiment: Experiment) -> Iterator[str]:
    stop, stops = experiment.stop, ["not all(map(math.isfinite, row))"]
    if stop.loss_below is not None:
        stops.append(f"loss.item() < {number(stop.loss_below)}")
    if stop.gradient_below is not None:
        below = number(stop.gradient_below)
        stops.append(" and ".join(f"abs({name}_grad) < {below}" for name in experiment.parameter_names))
    if stop.patience is not None:
        yield "epochs_since_lowest += 1"
        yield "if loss.item() < lowest:"
        yield "    lowest, epochs_since_lowest = loss.item(), 0"
        stops.append(f"epochs_since_lowest >= {stop.patience}")
    for condition in stops:
        yield f"if {condition}:"
        yield "    break"
