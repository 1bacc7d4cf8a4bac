"""The experiment that a step begins with, as a teacher writes it: one ``@set`` a line."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec import structs

from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, DType, Experiment, Parameter
from gradgui.experiment.formula import FormulaError, parse_formula
from gradgui.experiment.losses import LOSSES
from gradgui.experiment.optimizers import GradientDescent, Optimizer
from gradgui.experiment.run_spec import SUFFIX, ExperimentFileError, read_run_spec
from gradgui.experiment.training_loop import CORRECT_LOOP, Loop
from gradgui.lessons.markdown_lines import is_file
from gradgui.numbers import NumberError, read_number
from gradgui.resources import resource_path

_POINT = re.compile(r"\(([^(),;]+)[,;]([^(),;]+)\)")


def experiment_of(name: str, folder: Path) -> Experiment:
    """Give the experiment that ``@start`` names.

    Parameters
    ----------
    name
        Empty for the notebook's, else a file beside the lesson, or one of the examples.
    folder
        Where the lesson lies.

    Raises
    ------
    ValueError
        When there is none, or when it is none.
    """
    if not name:
        return DEFAULT_EXPERIMENT
    if Path(name).name != name or not name.endswith(SUFFIX):
        raise ValueError(f"“{name}” is no {SUFFIX} file beside the lesson; write its name alone, or nothing")
    places = (folder / name, resource_path("lessons") / name)
    path = next((place for place in places if is_file(place)), None)
    if path is None:
        raise ValueError(f"there is no file {name}, neither beside the lesson nor among the examples")
    try:
        return read_run_spec(path).experiment
    except ExperimentFileError as error:
        raise ValueError(str(error)) from error


def with_setting(experiment: Experiment, text: str) -> Experiment:
    """Give an experiment with one thing set.

    Parameters
    ----------
    experiment
        As it was so far.
    text
        What stands behind ``@set``, as ``learning rate 0.14``.

    Raises
    ------
    ValueError
        When nothing of that name can be set, or not so.
    """
    for name, setting in SETTINGS.items():
        if text.startswith(f"{name} "):
            return setting(experiment, text.removeprefix(name).strip())
    raise ValueError(f"“{text}” sets nothing that is known; expected one of {', '.join(SETTINGS)}, and its value")


def _model(experiment: Experiment, text: str) -> Experiment:
    try:
        names = parse_formula(text).parameters
    except FormulaError as error:
        raise ValueError(f"the model {text}: {error}") from error
    starts = {one.name: one.start for one in experiment.parameters}
    return structs.replace(
        experiment, model=text, parameters=tuple(Parameter(one, starts.get(one, 0.0)) for one in names)
    )


def _start(experiment: Experiment, text: str) -> Experiment:
    starts = {one.name: one.start for one in experiment.parameters}
    for part in text.split(","):
        name, _, value = (word.strip() for word in part.partition("="))
        if name not in starts:
            raise ValueError(f"the model {experiment.model} has no parameter “{name}”, only {', '.join(starts)}")
        starts[name] = _number(value)
    return structs.replace(experiment, parameters=tuple(Parameter(*one) for one in starts.items()))


def _points(experiment: Experiment, text: str) -> Experiment:
    points = _POINT.findall(text)
    if not points or _POINT.sub("", text).strip():
        raise ValueError(f"“{text}” are no points; write them as (1, 2) (2, 4)")
    x, y = ([_number(point[place]) for point in points] for place in (0, 1))
    return structs.replace(experiment, data=Data(x, y))


def _optimizer(experiment: Experiment, text: str) -> Experiment:
    kinds = {kind.__name__: kind for kind in get_args(Optimizer)} | {"gradient descent": GradientDescent}
    found = re.fullmatch(r"(gradient descent|\w+)((?: \w+=\S+)*)", text)
    if found is None or found[1] not in kinds:
        raise ValueError(
            f"“{text}” is no optimizer; expected one of {', '.join(sorted(kinds))}, then settings: SGD momentum=0.9"
        )
    settings = {name: value for name, _, value in (one.partition("=") for one in found[2].split())}
    tag = kinds[found[1]].__struct_config__.tag
    try:
        optimizer = msgspec.convert({"type": tag, **settings}, kinds[found[1]], strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(f"the optimizer {text}: {error}") from error
    return structs.replace(experiment, optimizer=optimizer)


def _broken(experiment: Experiment, text: str) -> Experiment:
    switches = [name for name in Loop.__struct_fields__ if isinstance(getattr(CORRECT_LOOP, name), bool)]
    if text not in switches:
        raise ValueError(f"“{text}” breaks no line of the loop; expected one of {', '.join(switches)}")
    return structs.replace(experiment, loop=structs.replace(experiment.loop, **{text: False}))


def _field(name: str, read: Callable[[str], Any]) -> Callable[[Experiment, str], Experiment]:
    def setting(experiment: Experiment, text: str) -> Experiment:
        fields = structs.asdict(experiment)
        try:
            value = msgspec.convert(read(text), Experiment.__annotations__[name])
        except msgspec.ValidationError as error:
            raise ValueError(f"“{text}” cannot be the {name.replace('_', ' ')}: {error}") from error
        return Experiment(**{**fields, name: value})

    return setting


def _number(text: str) -> float:
    try:
        return read_number(text, ".")
    except NumberError as error:
        raise ValueError(str(error)) from error


def _dtype(text: str) -> str:
    if text not in get_args(DType):
        raise ValueError(f"“{text}” is no type of numbers; expected {' or '.join(get_args(DType))}")
    return text


def _count(text: str) -> int:
    number = _number(text)
    if not number.is_integer():
        raise ValueError(f"“{text}” is no whole number")
    return int(number)


SETTINGS: dict[str, Callable[[Experiment, str], Experiment]] = {
    "model": _model,
    "start": _start,
    "points": _points,
    "loss": _field("loss", lambda text: LOSSES.get(text, text)),
    "optimizer": _optimizer,
    "learning rate": _field("learning_rate", _number),
    "epochs": _field("epochs", _count),
    "numbers": _field("dtype", _dtype),
    "probe": _field("probe", _number),
    "broken": _broken,
}
"""What can be set, by the words that it begins with."""
