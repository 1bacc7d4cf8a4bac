"""Experiments as files: JSON that a person can read and edit."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from gradgui.experiment.experiment import Experiment

SUFFIX = ".gradgui"
LARGEST_FILE = 256 * 2**20
"""Bytes; no experiment this program writes is larger."""


class ExperimentFileError(ValueError):
    """A file that is no experiment; its text is one sentence that names file, place and what was expected."""


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal["gradgui-experiment"]
    version: Annotated[int, msgspec.Meta(ge=1)]
    experiment: msgspec.Raw


VERSION = 1


def read_experiment(path: Path) -> Experiment:
    """Read an experiment from a file.

    Parameters
    ----------
    path
        A file written by `write_experiment`, or by hand.

    Returns
    -------
    Experiment
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
        return msgspec.json.decode(document.experiment, type=Experiment)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ExperimentFileError(f"{path}: is no experiment: {_one_line(error)}") from error


def experiment_text(experiment: Experiment) -> str:
    """Give the file's text for an experiment: indented JSON that ends with a line feed."""
    encoded = msgspec.json.encode(experiment)
    document = _Document(format="gradgui-experiment", version=VERSION, experiment=msgspec.Raw(encoded))
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
