"""A run as it can be run again: an experiment, and what a person changed on the way."""

import codecs
import json
import math
import os
import re
import stat
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from gradgui.experiment.changes import Intervention, LearningRateChange, LoopChange, ParameterChange
from gradgui.experiment.data import LARGEST_DATA, decode_values, encode_values
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment
from gradgui.experiment.training_loop import Loop
from gradgui.numbers import write_count


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
                raise ValueError("interventions: a learning rate must be a finite number, 0 or above")


def with_loop(run_spec: RunSpec, loop: Loop) -> RunSpec:
    """Give a run with its loop written in one way all along."""
    others = tuple(change for change in run_spec.interventions if not isinstance(change, LoopChange))
    return RunSpec(replace(run_spec.experiment, loop=loop), others, run_spec.trained)


SUFFIX = ".gradgui"
LARGEST_FILE = 256 * 2**20
"""Bytes; no experiment this program writes is larger."""
MOST_COMMAS = 2 * LARGEST_DATA + 100_000
LARGEST_BY_HAND = 2**20
"""Bytes; a larger file was written by a program, and takes long to look through."""
MOST_OF_A_PLACE = 200
"""Characters of a place in a file that are said."""


class ExperimentFileError(ValueError):
    """A file that is no experiment; its text is one sentence that names file, place and what was expected."""


class _Version(msgspec.Struct, frozen=True):
    """What is known of a file of any version."""

    format: Literal["gradgui-experiment"]
    version: Annotated[int, msgspec.Meta(ge=1)]


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal["gradgui-experiment"]
    version: Annotated[int, msgspec.Meta(ge=1)]
    experiment: Experiment
    interventions: tuple[Intervention, ...] = ()
    trained: Annotated[int, msgspec.Meta(ge=0)] = 0


VERSION = 3
"""Since 2 a file may say how many epochs were trained, since 3 a loop may have a fault; a file is written in the
lowest version that says what is in it."""
NO_FAULT = b',"fault":null'
"""Left out of a file, as no older program knows it. No text has it: quotation marks stand behind ``\\`` there."""


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
        content = _content(path)
    except OSError as error:
        raise ExperimentFileError(f"{path}: {error.strerror or error}; expected a readable {SUFFIX} file") from error
    except ValueError as error:
        raise ExperimentFileError(f"{path}: {_one_line(str(error))}") from error
    return parse_run_spec(content, str(path))


def parse_run_spec(content: bytes, place: str) -> RunSpec:
    """Read an experiment and its interventions from a text in UTF-8.

    Parameters
    ----------
    content
        What `run_spec_text` gave, or written by hand.
    place
        Where it stands; named in the error.

    Returns
    -------
    RunSpec
        Validated.

    Raises
    ------
    ExperimentFileError
        When it is no experiment.
    """
    try:
        _check_encoding(content)
        document = _decoded(content)
        _check_keys(content)
        return RunSpec(document.experiment, document.interventions, document.trained)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ExperimentFileError(f"{place}: is no experiment: {_one_line(_complaint(error))}") from error
    except ValueError as error:
        raise ExperimentFileError(f"{place}: {_one_line(str(error))}") from error


def _content(path: Path) -> bytes:
    """Read a file, unless it has no end or is larger than an experiment can be."""
    with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:  # a pipe is not waited for
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise ValueError(f"is no file but a pipe or a device; expected a {SUFFIX} file")
        if status.st_size > LARGEST_FILE:
            raise ValueError(f"is larger than an experiment can be ({LARGEST_FILE >> 20} MiB)")
        content = file.read()
    if content.count(b",") > MOST_COMMAS:  # counted in milliseconds, where reading them takes seconds and gigabytes
        raise ValueError(f"has more than the {write_count(LARGEST_DATA)} points that an experiment can have")
    return content


def _decoded(content: bytes) -> _Document:
    """Decode a file; of a newer version that is said, whatever else looks wrong in it."""
    try:
        document: _Version | _Document = msgspec.json.decode(content, type=_Document, dec_hook=decode_values)
    except msgspec.DecodeError:
        document = msgspec.json.decode(content, type=_Version)
        if document.version <= VERSION:
            raise
    if isinstance(document, _Version) or document.version > VERSION:
        raise ValueError(f"has version {document.version}; this program reads up to version {VERSION}")
    return document


def _check_encoding(content: bytes) -> None:
    if content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ValueError("begins with a byte order mark; save it as UTF-8 without one")


def _check_keys(content: bytes) -> None:
    """Refuse a key that stands twice in the same object, of which a reader would take one without a word."""

    def check(pairs: list[tuple[str, object]]) -> None:
        keys = [key for key, _ in pairs]
        twice = next((key for place, key in enumerate(keys) if key in keys[:place]), None)
        if twice is not None:
            raise ValueError(
                f"has the key “{_one_line(twice, MOST_OF_A_PLACE)}” twice in one object; expected it once"
            )

    if len(content) <= LARGEST_BY_HAND:
        json.loads(content, object_pairs_hook=check)


def _complaint(error: Exception) -> str:
    """Say what is wrong, and first where, in full: ``experiment.parameters[0].start``."""
    problem, *places = str(error).split(" - at `$")  # of a number in a list first its place there
    where = "".join(place.rstrip("`") for place in reversed(places))
    field = re.fullmatch(r"Object (contains unknown|missing required) field `(.*)`", problem, re.DOTALL)
    if field is not None:
        where += f".{field[2]}"
        problem = "is not known there" if field[1] == "contains unknown" else "is missing"
    else:
        problem = f"{':' if where else ''} {problem}"
    return f"{_one_line(where.lstrip('.'), MOST_OF_A_PLACE)}{'' if field is None else ' '}{problem}".strip()


def run_spec_text(run_spec: RunSpec) -> str:
    """Give the file's text for a run_spec: indented JSON that ends with a line feed."""
    encode = partial(msgspec.json.encode, enc_hook=encode_values)
    version = _lowest_version(run_spec)
    document = {"format": "gradgui-experiment", "version": version, "experiment": run_spec.experiment}
    if run_spec.interventions:
        document["interventions"] = run_spec.interventions
    if run_spec.trained:
        document["trained"] = run_spec.trained
    return msgspec.json.format(encode(document).replace(NO_FAULT, b""), indent=2).decode() + "\n"


def _lowest_version(run_spec: RunSpec) -> int:
    loops = [change.loop for change in run_spec.interventions if isinstance(change, LoopChange)]
    if any(loop.fault is not None for loop in (run_spec.experiment.loop, *loops)):
        return 3
    return 2 if run_spec.trained else 1


def _one_line(text: str, most: int = 400) -> str:
    """Give a text on one line, cut in its middle where it is long."""
    line = re.sub(r"[\x00-\x20\x85\u2028\u2029]+", " ", text).strip()
    return line if len(line) <= most else f"{line[: most // 2 - 1]}…{line[-most // 2 :]}"
