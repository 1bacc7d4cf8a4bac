"""The parts that a script and a notebook share: imports, definitions, and the loop with its log."""

from collections.abc import Iterator

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.formula import parse_formula, to_python
from gradgui.experiment.loop_code import loop_code
from gradgui.experiment.optimizers import GradientDescent
from gradgui.experiment.script_plan import Plan
from gradgui.experiment.script_update import (
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
from gradgui.experiment.training_loop import Phase

_SHORTEST = '''

def shortest(value):
    """Write a float32 with as few digits as bring it back."""
    nearby = (value, value * (1 + 2**-25))  # above a power of two there is more room than below
    texts = (f"{near:.{digits}e}" for digits in range(9) for near in nearby)
    text = next((text for text in texts if ctypes.c_float(float(text)).value == value), str(value))
    return repr(float(text)) if value == 0 or 1e-4 <= abs(value) < 1e6 else text
'''


def import_lines(plan: Plan, *more: str) -> Iterator[str]:
    """Write the imports, with ``more`` of the standard library, and how PyTorch is set up."""
    modules = {"math", *more} | ({"ctypes"} if plan.experiment.dtype == "float32" else set())
    yield from (f"import {module}" for module in sorted(modules))
    yield from ("", "import torch", "")
    yield "torch.set_num_threads(1)  # with more, sums over many points would depend on the machine"


def definition_lines(plan: Plan, csv_path: str) -> Iterator[str]:
    """Write data, parameters, settings and functions.

    Parameters
    ----------
    plan
        What is written.
    csv_path
        Python for the path of the CSV file.
    """
    experiment = plan.experiment
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
    yield f"csv_path = {csv_path}"
    yield from ("", "", "def forward(x):", f"    return {to_python(parse_formula(experiment.model).tree)}")
    if experiment.dtype == "float32":
        yield from _SHORTEST.splitlines()


def training_lines(plan: Plan) -> Iterator[str]:
    """Write the loop, which prints its epochs and writes its log, between the predictions before and after it."""
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


def _epoch(plan: Plan) -> Iterator[str]:
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


def _log_lines(plan: Plan) -> Iterator[str]:
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
