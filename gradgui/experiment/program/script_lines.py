"""The lines that a script and a notebook share: a program with its data, its log, and what was changed on the way."""

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from gradgui.experiment.changes import (
    DataChange,
    LearningRateChange,
    LoopChange,
    ParameterChange,
)
from gradgui.experiment.columns import Role
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DType, Experiment
from gradgui.experiment.formula import RESERVED_SUFFIX
from gradgui.experiment.optimizers import GradientDescent, TorchOptimizer
from gradgui.experiment.program.program import (
    RATE_OF_OPTIMIZER,
    data_lines,
    model_text,
    number,
    reading,
    tensor,
)
from gradgui.experiment.program.script_plan import Script
from gradgui.experiment.training_loop import Loop, Phase
from gradgui.numbers import write_number

WIDEST_LINE = 100
INDENT = "    "
OPEN_CSV = r'with open({}, "w", encoding="utf-8", newline="\r\n") as file:'
"""Python that opens the CSV file at a path."""

_PRINTED = '''

def printed(value, first=0.0):
    """Write three decimals where these say enough, by the size that the number had at first; else four digits."""
    smallest = 0.0 if abs(first) >= 1e-2 else 1e-2
    return f"{value:.3f}" if value == 0.0 or smallest <= abs(value) < 1e5 else f"{value:.3e}"
'''

SHORTEST = '''

def shortest(value):
    """Write a float32 with as few digits as bring it back."""
    nearby = (value, value * (1 + 2**-25))  # above a power of two there is more room than below
    texts = (f"{near:.{digits}e}" for digits in range(9) for near in nearby)
    text = next((text for text in texts if ctypes.c_float(float(text)).value == value), str(value))
    return repr(float(text)) if value == 0 or 1e-4 <= abs(value) < 1e6 else text
'''


def import_lines(script: Script, *more: str) -> Iterator[str]:
    """Write the imports, with ``more`` of the standard library, and how PyTorch is set up."""
    yield from import_lines_for([script.experiment.dtype], *more)


def import_lines_for(dtypes: Collection[DType], *more: str) -> Iterator[str]:
    """Write the imports for runs of these dtypes; see `import_lines`."""
    modules = {"math", *more} | ({"ctypes"} if "float32" in dtypes else set())
    yield from (f"import {module}" for module in sorted(modules))
    yield from ("", "import torch", "")
    yield "torch.set_num_threads(1)  # with more, sums over many points would depend on the machine"


def definition_lines(script: Script, csv_path: str) -> Iterator[str]:
    """Write data, parameters, settings and functions.

    Parameters
    ----------
    script
        What is written.
    csv_path
        Python for the path of the CSV file.
    """
    yield from problem_lines(script)
    yield f"csv_path = {csv_path}"
    yield from ("", "", *forward_lines(script))
    yield from number_lines([script.experiment.dtype])


def problem_lines(script: Script) -> Iterator[str]:
    """Write data, parameters and settings."""
    experiment = script.experiment
    yield from _wrapped(experiment.data, experiment.dtype)
    yield f"probe = {tensor((experiment.probe,), experiment.dtype)}"
    yield ""
    yield from script.program(experiment.loop).setup
    if script.first_rate is not None:
        yield from _learning_rate_lines(experiment, script.first_rate)
    yield f"epochs = {script.epochs}"


def forward_lines(script: Script) -> Iterator[str]:
    """Write the model as a function."""
    yield from ("def forward(x):", f"    return {model_text(script.experiment, script.names)}")


def number_lines(dtypes: Collection[DType]) -> Iterator[str]:
    """Write the functions that write numbers, for what these dtypes need."""
    yield from _PRINTED.splitlines()
    if "float32" in dtypes:
        yield from SHORTEST.splitlines()


def training_lines(script: Script) -> Iterator[str]:
    """Write the loop, which prints its epochs and writes its log, between the predictions before and after it."""
    written = "*map(shortest, row)" if script.experiment.dtype == "float32" else "*row"
    yield from start_lines(script)
    yield OPEN_CSV.format("csv_path")
    yield f'    print("{",".join(("epoch", *script.experiment.columns.in_file))}", file=file)'
    for line in loop_lines(script, [f'print(epoch, {written}, learning_rate, sep=",", file=file)']):
        yield f"{INDENT}{line}" if line else ""
    yield prediction_line("after", script.experiment)


def start_lines(script: Script) -> Iterator[str]:
    """Write what stands before the loop: the prediction, and what the loop remembers."""
    yield prediction_line("before", script.experiment)
    yield "first = None"
    if script.ends_early and script.experiment.stop.patience is not None:
        yield "lowest, epochs_since_lowest = math.inf, 0"


def loop_lines(script: Script, log_lines: Sequence[str]) -> Iterator[str]:
    """Write the loop.

    Parameters
    ----------
    script
        What is written.
    log_lines
        What writes ``row`` and ``learning_rate`` of an epoch to ``file``.
    """
    yield "for epoch in range(1, epochs + 1):"
    for line in _epoch(script, log_lines):
        yield f"{INDENT}{line}" if line else ""


def _wrapped(data: Data, dtype: DType) -> Iterator[str]:
    """Write the points, over several lines where they are many: within a list of numbers Python reads on."""
    if data.names != ("x", "y"):
        yield f"# x is {data.x_name}, y is {data.y_name}"
    for line in data_lines(data, dtype):
        start, room = 0, WIDEST_LINE
        while len(line) - start > room and (space := line.rfind(" ", start, start + room + 1)) > start:
            yield f"{INDENT if start else ''}{line[start:space]}"
            start, room = space + 1, WIDEST_LINE - len(INDENT)
        yield f"{INDENT if start else ''}{line[start:]}"


def prediction_line(when: str, experiment: Experiment) -> str:
    """Write the line that prints the prediction before or after the training."""
    probe = write_number(experiment.probe)
    return f'print(f"Prediction {when} training: f({probe}) = {{printed(forward(probe).item())}}")'


def _epoch(script: Script, log_lines: Sequence[str]) -> Iterator[str]:
    for phase in (Phase.FORWARD, Phase.LOSS, Phase.BACKWARD):
        yield from _phase_lines(script, phase)
    yield from _kept_lines(script)
    yield from _phase_lines(script, Phase.UPDATE)
    yield from _phase_lines(script, Phase.ZERO_GRAD)
    yield ""
    yield from _row_lines(script, log_lines)
    yield from _change_lines(script)
    if script.ends_early:
        yield from _stop_lines(script)


def _phase_lines(script: Script, phase: Phase) -> list[str]:
    """Write a phase of the epoch; where the loop is written in several ways, each with the epochs it is for."""
    ways: list[tuple[int, list[str]]] = []
    for first, loop in script.loops.items():
        program = script.program(loop)
        lines = [line.text for line in program.lines if line.phase is phase]
        if first <= script.epochs and not (ways and ways[-1][1] == lines):
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


def _kept_lines(script: Script) -> Iterator[str]:
    """Write what the log keeps: gradients before zero_grad wipes them, the rate before a scheduler changes it."""
    # A tensor that an update has put in a parameter's place has no gradient; it is the update that is to fail.
    replaces = any(_replaces(script.experiment, loop) for loop in script.loops.values())
    for column in script.experiment.columns.of(Role.GRADIENT):
        name = script.names[column.parameter]
        guard = f" if {name}.is_leaf else math.nan" if replaces else ""
        yield f"{_kept(name)} = {reading(column, script.names, scheduled=False)}{guard}"
    if script.experiment.schedule:
        yield f"learning_rate = {RATE_OF_OPTIMIZER}"


def _row_lines(script: Script, log_lines: Sequence[str]) -> Iterator[str]:
    names, numbers, shown, loss = script.names, list[str](), list[str](), ""
    for column in script.experiment.columns.of(Role.LOSS, Role.PARAMETER, Role.GRADIENT):
        text = reading(column, names, scheduled=False)
        numbers.append(_kept(names[column.parameter]) if column.role is Role.GRADIENT else text)
        place = len(numbers) - 1
        written = f"{column.label} = {{texts[{place}]}}"
        if column.role is Role.LOSS:
            loss = written
        elif column.role is Role.PARAMETER:
            shown.append(written)
    yield f"row = [{', '.join(numbers)}]"
    yield "first = first or row"
    yield "texts = [*map(printed, row, first)]"
    yield f'print(f"epoch {{epoch}}: {", ".join([*shown, loss])}")'
    yield from log_lines


def _change_lines(script: Script) -> Iterator[str]:
    """Write what is done by hand at the end of an epoch."""
    experiment = script.experiment
    loop = experiment.loop
    for epoch, group in groupby(script.changes, key=lambda change: change.epoch):
        lines: list[str] = []
        is_replaced = _replaces(experiment, loop)
        for change in group:
            match change:
                case LearningRateChange(learning_rate=rate):
                    lines += _learning_rate_lines(experiment, rate)
                case ParameterChange(name=name, value=value):
                    copied = f"{script.names[name]}.copy_({tensor(value, experiment.dtype)})"
                    lines += ["with torch.no_grad():", f"    {copied}"]
                case DataChange(data=data):
                    lines += _wrapped(data, experiment.dtype)
                case LoopChange():
                    if is_replaced:
                        lines += [f"{name} = {name}.detach().requires_grad_()" for name in script.names.values()]
                    loop, is_replaced = change.loop, False
        if lines:
            yield f"if epoch == {epoch}:"
            yield from (f"    {line}" for line in lines)


def _stop_lines(script: Script) -> Iterator[str]:
    stop, stops = script.experiment.stop, ["not all(map(math.isfinite, row))"]
    if stop.loss_below is not None:
        stops.append(f"loss.item() < {number(stop.loss_below)}")
    if stop.gradient_below is not None:
        below = number(stop.gradient_below)
        stops.append(" and ".join(f"abs({_kept(name)}) < {below}" for name in script.names.values()))
    if stop.patience is not None:
        yield "epochs_since_lowest += 1"
        yield "if loss.item() < lowest:"
        yield "    lowest, epochs_since_lowest = loss.item(), 0"
        stops.append(f"epochs_since_lowest >= {stop.patience}")
    for condition in stops:
        yield f"if {condition}:"
        yield "    break"


def _replaces(experiment: Experiment, loop: Loop) -> bool:
    """Whether an epoch leaves new tensors, which are no leaves of the graph, in the parameters' places."""
    return isinstance(experiment.optimizer, GradientDescent) and not loop.in_place


def _learning_rate_lines(experiment: Experiment, rate: float) -> list[str]:
    """Write how the learning rate is set by hand."""
    if experiment.schedule:
        return [f"{RATE_OF_OPTIMIZER} = {number(rate)}"]
    lines = [f"learning_rate = {number(rate)}"]
    if isinstance(experiment.optimizer, TorchOptimizer):
        lines.append(f"{RATE_OF_OPTIMIZER} = learning_rate")
    return lines


def _kept(name: str) -> str:
    """Give the name under which a parameter's gradient is kept: that of its column, which no parameter can have."""
    return f"{name}{RESERVED_SUFFIX}"
