"""The training loop of many runs as one program: every number is a column with a row for each run."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import asdict

from gradgui.experiment.data import Data
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.optimizers import GradientDescent, TorchOptimizer
from gradgui.experiment.program.program import Line, code_names, make_program, number
from gradgui.experiment.program.stacked_updates import StackedUpdate, stacked_update
from gradgui.experiment.sweep.sweep import Sweep
from gradgui.experiment.sweep.varied import LEARNING_RATE, NOISE, SEED, START
from gradgui.experiment.training_loop import CORRECT_LOOP, Phase

OWN_NAMES = frozenset(
    {"alpha", "average", "beta", "beta1", "beta2", "correction1", "correction2", "ctypes", "csv_path", "data"}
    | {
        "denominator",
        "diverged_epoch",
        "dtype",
        "ended",
        "enumerate",
        "epochs",
        "every",
        "epsilon",
        "exact",
        "exact_rate",
        "file",
        "final",
    }
    | {"finite", "float", "gradient", "group", "int", "itertools", "kept2", "learning_rate", "len", "list", "lower"}
    | {
        "lowest_epoch",
        "lowest_loss",
        "make",
        "map",
        "momentum",
        "new",
        "new1",
        "new2",
        "next",
        "now",
        "number",
        "numbers",
    }
    | {"one", "open", "optimizer", "parameter", "parameters", "place", "print", "range", "rate", "reached_epoch"}
    | {"repr", "row", "runs", "scheduler", "set", "shortest", "sorted", "state", "states", "str", "sys", "texts"}
    | {"update", "varied", "wanted_loss", "weight_decay", "zip"}
)
"""What the program and its script call their own things, apart from the names that no parameter can have."""

HELPERS = '''
def exact(numbers):
    """Give each run its number, as a column; one number is for all."""
    return torch.tensor(numbers, dtype=torch.float64).repeat(runs // len(numbers)).view(-1, 1)


def number(numbers):
    """Give the same, rounded to the runs' own kind of number."""
    return exact(numbers).to(dtype)
'''

_OUTCOMES = """
numbers = torch.cat([loss, *parameters, *(parameter.grad for parameter in parameters)], 1).detach()
final = torch.where(ended, final, numbers[:, : 1 + len(parameters)])
lower = ~ended & (numbers[:, :1] < lowest_loss)
lowest_loss = torch.where(lower, numbers[:, :1], lowest_loss)
lowest_epoch[lower] = epoch
{reached}finite = numbers.isfinite().all(1, keepdim=True)
diverged_epoch[~ended & ~finite] = epoch
ended = ended | ~finite
"""
_REACHED = "reached_epoch[~ended & (reached_epoch == 0) & (numbers[:, :1] <= wanted_loss)] = epoch\n"


class StackedProgram(Struct, frozen=True):
    """The loop of a sweep, as Python.

    Attributes
    ----------
    names
        What each parameter is called in it, by its name in the model, in model order.
    varied
        The line that makes ``varied``: the varied values of each run.
    setup
        The lines behind ``runs``, ``dtype``, the points and `HELPERS`, before the loop.
    lines
        The lines of an ``epoch``: its phases, and between update and zero_grad what is kept of it.
    """

    names: Mapping[str, str]
    varied: str
    setup: tuple[str, ...]
    lines: tuple[str, ...]


def stacked_program(sweep: Sweep) -> StackedProgram:
    """Write the loop that trains all runs of a sweep as one graph.

    It leaves ``final``, a row for each run with its last loss and its parameters after it, ``lowest_loss`` and
    ``lowest_epoch``, ``diverged_epoch``, ``reached_epoch`` where there is a wanted loss, and of every epoch ``loss``:
    columns, in which an epoch that there is not is 0. A run whose numbers are no longer finite has ``ended``. The
    points, `points_lines`, come between ``varied`` and the set-up.
    """
    experiment = sweep.experiment
    names = code_names(experiment.parameter_names, OWN_NAMES)
    update = _update(sweep)
    axes = ", ".join(one.expression for one in sweep.varied)
    return StackedProgram(
        names,
        f"varied = list(itertools.product({axes}))",
        tuple(_setup_lines(sweep, names, update)),
        tuple(_epoch_lines(sweep, names, update)),
    )


def _update(sweep: Sweep) -> StackedUpdate | None:
    if isinstance(sweep.experiment.optimizer, GradientDescent):
        return None
    varied = {one.name for one in sweep.varied}

    def is_used(setting: str) -> bool:
        return setting in varied or bool(getattr(sweep.experiment.optimizer, setting, 0.0))

    return stacked_update(
        sweep.experiment.optimizer, has_momentum=is_used("momentum"), decays=is_used("weight_decay")
    )


def _setup_lines(sweep: Sweep, names: Mapping[str, str], update: StackedUpdate | None) -> Iterator[str]:
    experiment = sweep.experiment
    places = {one.name: place for place, one in enumerate(sweep.varied)}

    def of_runs(name: str, usual: float) -> str:
        return f"[one[{places[name]}] for one in varied]" if name in places else f"[{number(usual)}]"

    for parameter in experiment.parameters:
        starts = of_runs(f"{START}{parameter.name}", parameter.start)
        yield f"{names[parameter.name]} = number({starts}).requires_grad_()"
    words = ", ".join(names.values())
    yield f"parameters = [{words}]"
    yield f"learning_rate = {of_runs(LEARNING_RATE, experiment.learning_rate)}"
    if update is not None:
        settings = asdict(experiment.optimizer)
        yield from (f"{name} = {of_runs(name, settings[name])}" for name in update.settings)
        yield from update.columns
        buffers = ", ".join(f'"{name}": torch.zeros(runs, 1, dtype=dtype)' for name in update.buffers)
        yield f"states = [{{{buffers}}} for _ in parameters]"
    if experiment.schedule is None:
        yield "rate, exact_rate = number(learning_rate), exact(learning_rate)"
    else:
        yield from _scheduler_lines(experiment)
    yield f"final = torch.zeros(runs, {1 + len(names)}, dtype=dtype)"
    yield "lowest_loss = torch.full((runs, 1), torch.inf, dtype=dtype)"
    yield "lowest_epoch, diverged_epoch = (torch.zeros(runs, 1, dtype=torch.int64) for _ in range(2))"
    if sweep.wanted_loss is not None:
        yield f"reached_epoch, wanted_loss = torch.zeros_like(lowest_epoch), {number(sweep.wanted_loss)}"
    yield "ended = torch.zeros(runs, 1, dtype=torch.bool)"


def points_lines(sweep: Sweep) -> Iterator[str]:
    """Write the points, ``x`` and ``y``: for all runs the same, or for each run its own, by what decides them."""
    if not sweep.varies_data:
        data = sweep.data_of(sweep.cells[0])
        for name, values in (("x", data.x), ("y", data.y)):
            yield f"{name} = torch.tensor({_list(values.tolist())}, dtype=dtype)"
        return
    places = [place for place, one in enumerate(sweep.varied) if one.name in {SEED, NOISE}]
    made: dict[tuple[float, ...], Data] = {}
    for cell in sweep.cells:
        made.setdefault(tuple(cell[place] for place in places), sweep.data_of(cell))
    yield "data = {"
    for key, data in made.items():
        deciding = ", ".join(map(number, key))
        yield f"    ({deciding},): ({_list(data.x.tolist())}, {_list(data.y.tolist())}),"
    yield "}"
    deciding = ", ".join(f"one[{place}]" for place in places)
    for at, name in enumerate("xy"):
        yield f"{name} = torch.tensor([data[{deciding},][{at}] for one in varied], dtype=dtype)"


def _list(values: Sequence[float]) -> str:
    return f"[{', '.join(map(number, values))}]"


def _scheduler_lines(experiment: Experiment) -> Iterator[str]:
    """Write a scheduler of torch's own for every rate that a run begins with."""
    yield "rates = sorted(set(learning_rate))"
    yield 'optimizer = torch.optim.SGD([{"params": [torch.zeros(1)], "lr": rate} for rate in rates])'
    yield make_program(experiment, CORRECT_LOOP).setup[-1]


def _epoch_lines(sweep: Sweep, names: Mapping[str, str], update: StackedUpdate | None) -> Iterator[str]:
    experiment = sweep.experiment
    single = make_program(experiment, CORRECT_LOOP, names)
    for line in single.lines:
        if line.phase in {Phase.FORWARD, Phase.LOSS, Phase.BACKWARD}:
            yield _stacked(line)
    if experiment.schedule is not None:
        yield 'now = dict(zip(rates, (group["lr"] for group in optimizer.param_groups)))'
        yield "exact_rate, rate = (make([now[one] for one in learning_rate]) for make in (exact, number))"
    yield "with torch.no_grad():"
    if update is None:
        yield from (f"    {word} -= rate * {word}.grad" for word in names.values())
    else:
        yield "    for parameter, state in zip(parameters, states):"
        yield from (f"        {line}" for line in update.lines)
    if experiment.schedule is not None:
        yield from ("optimizer.step()", "scheduler.step()")
    reached = "" if sweep.wanted_loss is None else _REACHED
    yield from _OUTCOMES.format(reached=reached).strip().split("\n")
    if isinstance(experiment.optimizer, TorchOptimizer):
        yield from ("for parameter in parameters:", "    parameter.grad = None")
    else:
        yield from (f"{word}.grad.zero_()" for word in names.values())


def _stacked(line: Line) -> str:
    """Write a line of a single run for a stack: the mean is that of a row, and all rows go backward at once."""
    if line.phase is Phase.LOSS:
        return line.text.removesuffix(".mean()") + ".mean(1, keepdim=True)"
    return "loss.sum().backward()" if line.phase is Phase.BACKWARD else line.text
