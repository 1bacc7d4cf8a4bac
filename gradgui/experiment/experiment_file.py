"""Experiments as files: JSON that a person can read and edit."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.intervention import Intervention
from gradgui.experiment.recording import Recording

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


VERSION = 1


def read_recording(path: Path) -> Recording:
    """Read an experiment and its interventions from a file.

    Parameters
    ----------
    path
        A file with a text that `recording_text` gave, or written by hand.

    Returns
    -------
    Recording
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
        return Recording(experiment, msgspec.json.decode(document.interventions, type=tuple[Intervention, ...]))
    except ExperimentFileError:
        raise
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise ExperimentFileError(f"{path}: is no experiment: {_one_line(error)}") from error


def recording_text(recording: Recording) -> str:
    """Give the file's text for a recording: indented JSON that ends with a line feed."""
    encode = msgspec.json.encode
    document = {"format": "gradgui-experiment", "version": VERSION, "experiment": recording.experiment}
    if recording.interventions:
        document["interventions"] = recording.interventions
    return msgspec.json.format(encode(document), indent=2).decode() + "\n"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
