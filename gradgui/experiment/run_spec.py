"""A run as it can be run again: an experiment, and what a person changed on the way."""

import math
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Struct

from gradgui.experiment.changes import Intervention, LearningRateChange, ParameterChange
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment


class RunSpec(Struct, frozen=True, forbid_unknown_fields=True):
    """An experiment and its interventions, which alone decide the numbers of a run, and how far it was trained.

    Attributes
    ----------
    experiment
        What is trained.
    interventions
        What was changed on the way, in the order of their epochs.
    trained
        How many epochs it has trained, 0 before its first: ``gradgui train`` and exported code train exactly these,
        whatever paused or stopped it.

    Raises
    ------
    ValueError
        When an intervention comes before its turn, names no parameter of the model, or sets no finite number.
    """

    experiment: Experiment = DEFAULT_EXPERIMENT
    interventions: tuple[Intervention, ...] = ()
    trained: Annotated[int, msgspec.Meta(ge=0)] = 0

    def __post_init__(self) -> None:
        for earlier, later in pairwise(self.interventions):
            if later.epoch < earlier.epoch:
                raise ValueError(f"interventions: epoch {later.epoch} must not come after epoch {earlier.epoch}")
        for change in self.interventions:
            self._check(change)

    def _check(self, change: Intervention) -> None:
        names = self.experiment.parameter_names
        match change:
            case ParameterChange(name=name, value=value):
                if name not in names:
                    raise ValueError(f"interventions: the model has no parameter {name}, only {', '.join(names)}")
                if not math.isfinite(value):
                    raise ValueError(f"interventions: {name} must be set to a finite number")
            case LearningRateChange(learning_rate=rate) if not math.isfinite(rate):
                raise ValueError("interventions: a learning rate must be a finite number above 0")


SUFFIX = ".gradgui"
LARGEST_FILE = 256 * 2**20
"""Bytes; no experiment this program writes is larger."""


class ExperimentFileError(ValueError):
    """A file that is no experiment; its text is one sentence that names file, place and what was expected."""


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal["gradgui-experiment"]
    version: Annotated[int, msgspec.Meta(ge=1)]
    experiment: msgspec.Raw
    interventions: msgspec.Raw = msgspec.Raw(b"[]")
    trained: Annotated[int, msgspec.Meta(ge=0)] = 0


VERSION = 2
"""Since 2 a file may say how many epochs were trained; one that does not is written as version 1."""


def read_run_spec(path: Path) -> RunSpec:
    """Read an experiment and its interventions from a file.

    Parameters
    ----------
    path
        A file with a text that `run_spec_text` gave, or written by hand.

    Returns
    -------
    RunSpec
        Validated.

    Raises
    ------
    ExperimentFileError
        When the file cannot be read or is no experiment.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ExperimentFileError(f"{path}: is larger than an experiment can be ({LARGEST_FILE >> 20} MiB)")
        content = path.read_bytes()
    except OSError as error:
        raise ExperimentFileError(f"{path}: {error.strerror or error}; expected a readable {SUFFIX} file") from error
    try:
        document = msgspec.json.decode(content, type=_Document)
        if document.version > VERSION:
            raise ExperimentFileError(
                f"{path}: has version {document.version}; this program reads up to version {VERSION}"
            )
        experiment = msgspec.json.decode(document.experiment, type=Experiment)
        interventions = msgspec.json.decode(document.interventions, type=tuple[Intervention, ...])
        return RunSpec(experiment, interventions, document.trained)
    except ExperimentFileError:
        raise
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise ExperimentFileError(f"{path}: is no experiment: {_one_line(error)}") from error


def run_spec_text(run_spec: RunSpec) -> str:
    """Give the file's text for a run_spec: indented JSON that ends with a line feed."""
    encode = msgspec.json.encode
    version = VERSION if run_spec.trained else 1
    document = {"format": "gradgui-experiment", "version": version, "experiment": run_spec.experiment}
    if run_spec.interventions:
        document["interventions"] = run_spec.interventions
    if run_spec.trained:
        document["trained"] = run_spec.trained
    return msgspec.json.format(encode(document), indent=2).decode() + "\n"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
