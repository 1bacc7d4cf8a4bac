"""What differs among runs, in a few words each."""

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
from msgspec.structs import asdict

from gradgui.experiment.changes import (
    DataChange,
    Intervention,
    LearningRateChange,
    LoopChange,
    ParameterChange,
)
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.losses import LOSSES
from gradgui.experiment.optimizers import CosineSchedule, ExponentialSchedule, Optimizer, Schedule, StepSchedule
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import CORRECT_LOOP, Fault, Loop
from gradgui.numbers import shown, write_count, write_number

SAME = "same settings"
"""What is said of runs that differ in nothing that decides a number."""
MOST_CHANGES = 2
"""So many of the changes on the way are named; more are counted."""

ROUNDINGS = (6, 9, 12)
"""Significant digits that are tried one after the other."""

_LOSS_NAMES = {formula: name for name, formula in LOSSES.items()}
_BROKEN = {
    "zero_grad": "no zero_grad",
    "no_grad": "no no_grad",
    "in_place": "not in place",
    "backward_once": "backward twice",
}
_FAULTS = {
    Fault.WRONG_SIGN: "wrong sign of the update",
    Fault.TARGET_AS_INPUT: "y in place of x",
    Fault.SWAPPED_LOSS: "y and y_pred swapped",
    Fault.COMPARED_WITH_INPUT: "y_pred compared with x",
    Fault.SUM: "sum, not mean",
    Fault.ZEROED_EARLY: "zero_grad before the update",
    Fault.DETACHED: "y_pred detached",
    Fault.NOT_UPDATED: "last parameter not updated",
    Fault.NOT_ZEROED: "last gradient not zeroed",
    Fault.OTHER_GRADIENT: "update with another gradient",
}


def differences(specs: Sequence[RunSpec]) -> tuple[str, ...]:
    """Say what tells each run from the others.

    Only what decides a number counts: not how many epochs were asked for or trained, when a Run is to stop, or whose
    prediction is shown.

    Parameters
    ----------
    specs
        The runs.

    Returns
    -------
    tuple of str
        One text for each, on one line, such as ``lr 0.01`` or ``SGD momentum 0.9, w start 3``. No two are equal:
        where there is nothing to say, or the same, they are numbered.
    """
    experiments = [spec.experiment for spec in specs]
    columns = [
        _differing([_one_line(one.model) for one in experiments]),
        _differing([loss_text(one.loss) for one in experiments]),
        _optimizers([one.optimizer for one in experiments]),
        _differing([f"lr {text}" for text in _rounded([one.learning_rate for one in experiments])]),
        _differing([schedule_text(one.schedule) for one in experiments]),
        *_starts(experiments),
        _data([one.data for one in experiments]),
        _differing([loop_text(one.loop) for one in experiments]),
        _differing([one.dtype for one in experiments]),
        _changes([spec.interventions for spec in specs]),
    ]
    texts = [", ".join(filter(None, row)) for row in zip(*columns, strict=True)]
    return tuple(_numbered(texts))


def _differing(texts: list[str]) -> list[str]:
    """Give texts that are not all the same; else nothing."""
    return texts if len(set(texts)) > 1 else [""] * len(texts)


def _numbered(texts: list[str]) -> list[str]:
    """Give a number to each text that stands there more than once."""
    counts, given, numbered = Counter(texts), set(texts), []
    for place, text in enumerate(texts):
        number, new = texts[: place + 1].count(text), text or SAME
        if counts[text] > 1 or not text:
            new = f"{text} ({number})" if text else f"{SAME} {number}"
            while new in given:
                number += 1
                new = f"{text or SAME} ({number})"
        given.add(new)
        numbered.append(new)
    return numbered


def _number(value: float) -> str:
    return shown(write_number(value))


def _rounded(values: list[float]) -> list[str]:
    """Write numbers with six digits, or with as many more as it takes to tell them apart."""
    for digits in ROUNDINGS:
        rounded = [float(f"{value:.{digits}g}") for value in values]
        if len(set(rounded)) == len(set(values)):
            return [_number(value) for value in rounded]
    return [_number(value) for value in values]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def loss_text(formula: str) -> str:
    """Name a loss, or give its formula where it has no name."""
    return _LOSS_NAMES.get(formula) or f"loss {_one_line(formula)}"


def _optimizers(optimizers: list[Optimizer]) -> list[str]:
    """Name the rules with their settings: those that differ, or of different rules those that are not as usual."""
    if len(set(optimizers)) <= 1:
        return [""] * len(optimizers)
    kinds = {type(one) for one in optimizers}
    settings = [asdict(one) for one in optimizers]
    if len(kinds) == 1:
        wanted = {name for name in settings[0] if len({one[name] for one in settings}) > 1}
        return [rule_text(one, wanted) for one in optimizers]
    return [
        rule_text(one, {name for name, value in values.items() if value != getattr(type(one)(), name)})
        for one, values in zip(optimizers, settings, strict=True)
    ]


def rule_text(optimizer: Optimizer, wanted: Collection[str]) -> str:
    """Name an update rule, with those of its settings that are wanted."""
    name = type(optimizer).__name__
    pieces = ["gradient descent" if name == "GradientDescent" else name]
    for field, value in asdict(optimizer).items():
        if field in wanted:
            called = field.replace("_", " ")
            pieces.append(
                (called if value else f"no {called}") if isinstance(value, bool) else f"{called} {_number(value)}"
            )
    return " ".join(pieces)


def schedule_text(schedule: Schedule | None) -> str:
    """Say how a schedule changes the learning rate."""
    match schedule:
        case StepSchedule(step_size=size, gamma=gamma):
            return f"lr × {_number(gamma)} every {write_count(size)} epochs"
        case ExponentialSchedule(gamma=gamma):
            return f"lr × {_number(gamma)} every epoch"
        case CosineSchedule(epochs=epochs, lowest=lowest):
            return f"lr as a cosine to {_number(lowest)} in {write_count(epochs)} epochs"
        case None:
            return "no schedule"


def _starts(experiments: list[Experiment]) -> list[list[str]]:
    """Give a column of texts for each parameter of any model; a model that has no such parameter has none there."""
    starts = [{one.name: one.start for one in experiment.parameters} for experiment in experiments]
    columns = []
    for name in dict.fromkeys(name for one in starts for name in one):
        values = [one[name] for one in starts if name in one]
        texts = dict(zip(values, _rounded(values), strict=True))
        columns.append(
            [f"{name} start {texts[one[name]]}" if name in one and len(texts) > 1 else "" for one in starts]
        )
    return columns


def _data(all_data: list[Data]) -> list[str]:
    """Tell the points apart by their count, by the one point that differs, or by a number."""
    kinds: list[Data] = []
    places = [_place(data, kinds) for data in all_data]
    if len(kinds) <= 1:
        return [""] * len(all_data)
    counts = [len(kind) for kind in kinds]
    if len(set(counts)) == len(counts):
        texts = [_points(kind) for kind in kinds]
    elif (row := _only_row(kinds)) is not None:
        texts = [f"point {row + 1} ({_number(kind.x[row])}, {_number(kind.y[row])})" for kind in kinds]
    else:
        texts = [f"data {number} ({_points(kind)})" for number, kind in enumerate(kinds, 1)]
    return [texts[place] for place in places]


def _place(data: Data, kinds: list[Data]) -> int:
    """Give where the same points stand in a list, to which they are added when they are new."""
    for place, kind in enumerate(kinds):
        if same_points(kind, data):
            return place
    kinds.append(data)
    return len(kinds) - 1


def same_points(one: Data, other: Data) -> bool:
    """Tell whether two data have the same points in the same order, whatever their axes are called."""
    return one is other or (np.array_equal(one.x, other.x) and np.array_equal(one.y, other.y))


def _only_row(kinds: list[Data]) -> int | None:
    """Give the one row in which data of the same length differ, None where there is no such row."""
    first = kinds[0]
    if any(len(kind) != len(first) for kind in kinds):
        return None
    differ = np.zeros(len(first), bool)
    for kind in kinds:
        differ |= (kind.x != first.x) | (kind.y != first.y)
    rows = np.flatnonzero(differ)
    return int(rows[0]) if len(rows) == 1 else None


def _points(data: Data) -> str:
    return f"{write_count(len(data))} points" if len(data) > 1 else "1 point"


def loop_text(loop: Loop) -> str:
    """Say how a loop is broken, or that it is correct."""
    broken = [text for field, text in _BROKEN.items() if not getattr(loop, field)]
    if loop.fault is not None:
        broken.append(_FAULTS[loop.fault])
    return ", ".join(broken) or "correct loop"


def _changes(runs: list[tuple[Intervention, ...]]) -> list[str]:
    """Name the changes on the way that not every run has."""
    if not any(runs):
        return [""] * len(runs)
    common = set(runs[0]).intersection(*runs)
    own = [[change for change in changes if change not in common] for changes in runs]
    if not any(own):
        return [""] * len(runs)
    return [_named(changes) for changes in own]


def _named(changes: list[Intervention]) -> str:
    if not changes:
        return "unchanged"
    texts = [change_text(change) for change in changes[:MOST_CHANGES]]
    if (more := len(changes) - MOST_CHANGES) > 0:
        texts.append(f"{write_count(more)} more change{'s' if more > 1 else ''}")
    return ", ".join(texts)


def change_text(change: Intervention) -> str:
    """Say what an intervention was and when: ``w = 3 at epoch 40``."""
    match change:
        case LearningRateChange(learning_rate=rate):
            text = f"lr {_number(rate)}"
        case ParameterChange(name=name, value=value):
            text = f"{name} = {_number(value)}"
        case LoopChange(loop=loop):
            text = "loop mended" if loop == CORRECT_LOOP else loop_text(loop)
        case DataChange(data=data):
            text = _points(data)
    return f"{text} at epoch {write_count(change.epoch)}"
