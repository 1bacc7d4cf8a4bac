"""How far a learner is in each lesson, and what was predicted, done and needed: kept from one day to the next."""

import logging
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from gradgui.record.atomic_file import AtomicFile

logger = logging.getLogger(__name__)

LARGEST_FILE = 16 * 2**20


class StepResult(Struct, frozen=True, omit_defaults=True):
    """What became of one step.

    Attributes
    ----------
    predicted
        What was predicted, in words; empty before it was.
    values
        The same as numbers, where it was numbers: one, the place of a ball, or a curve.
    truth
        What it was, in words; empty as long as it is not known.
    gap
        How far apart both are, in words.
    is_right
        Whether the prediction was right, None where that is no question.
    tries
        How often an answer was given.
    hints
        How many hints were read.
    done
        When it was done, as ISO 8601; empty before it is.
    skipped
        Whether it was gone on from without being done.
    """

    predicted: str = ""
    values: tuple[float, ...] = ()
    truth: str = ""
    gap: str = ""
    is_right: bool | None = None
    tries: int = 0
    hints: int = 0
    done: str = ""
    skipped: bool = False


class LessonProgress(Struct, frozen=True, omit_defaults=True):
    """How far a learner is in one lesson.

    Attributes
    ----------
    place
        The step that is open.
    results
        What became of each step, by its heading.
    finished
        When the last step was done, as ISO 8601; empty before.
    """

    place: int = 0
    results: dict[str, StepResult] = {}
    finished: str = ""

    def result(self, heading: str) -> StepResult:
        """Give what became of a step, nothing where it was never seen."""
        return self.results.get(heading, StepResult())

    def with_result(self, heading: str, result: StepResult) -> "LessonProgress":
        """Give it with another result of a step."""
        return structs.replace(self, results={**self.results, heading: result})


class ProgressFile:
    """The file in which the progress of all lessons is kept.

    Parameters
    ----------
    path
        Where it lies; it need not be there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, LessonProgress]:
        """Give the progress by the lessons' identities; what cannot be read is left where it is, and begun anew."""
        try:
            if self._path.stat().st_size > LARGEST_FILE:
                raise ValueError("it is larger than progress can be")
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, LessonProgress])
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            logger.warning("the progress of lessons in %s cannot be read", self._path, exc_info=True)
            return {}

    def keep(self, identity: str, progress: LessonProgress) -> None:
        """Write how far one lesson is; what another window wrote of others meanwhile stays.

        Raises
        ------
        OSError
            When it cannot be written.
        """
        everything = self.read() | {identity: progress}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with AtomicFile(self._path) as file:
            file.write(msgspec.json.format(msgspec.json.encode(everything), indent=1).decode())
