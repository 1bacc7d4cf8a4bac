"""A lesson: steps with a text, something to predict, something to do, and what the window shows for it."""

from pathlib import Path

from msgspec import Struct

from gradgui.experiment.experiment import Experiment
from gradgui.lessons.check import Check
from gradgui.lessons.prediction import Choice, Prediction

SUFFIX = ".lesson.md"
"""How the name of a lesson's file ends."""


class Step(Struct, frozen=True):
    """One page of a lesson, with one thing to do.

    Attributes
    ----------
    heading
        What stands above it.
    text
        In Markdown.
    prediction
        What is predicted before anything is done, None for nothing.
    checks
        What has to be done; all of it.
    hunts_bug
        Whether a bug of the loop has to be found.
    hints
        Given one by one.
    lights
        What is pointed at, by the names of `controls`.
    explanation
        One line, in Markdown, when prediction and truth stand side by side, or the task is done.
    start
        What is trained when the step begins; None to go on with what is there.
    panels
        What is in sight, by the names of `controls`; none for all.
    hidden, locked
        Controls that are away, and fields that keep their value.
    axis
        How the loss is drawn when the step begins, ``linear`` or ``logarithmic``; empty for as the person has it.
    line
        Where it begins in the file.
    """

    heading: str
    text: str
    prediction: Prediction | Choice | None = None
    checks: tuple[Check, ...] = ()
    hunts_bug: bool = False
    hints: tuple[str, ...] = ()
    lights: tuple[str, ...] = ()
    explanation: str = ""
    start: Experiment | None = None
    panels: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    axis: str = ""
    line: int = 1

    @property
    def asks(self) -> bool:
        """Whether there is anything to predict or to do."""
        return self.prediction is not None or bool(self.checks) or self.hunts_bug


class Lesson(Struct, frozen=True):
    """A course's lesson, or one that a teacher wrote.

    Attributes
    ----------
    title
        What it is called.
    about
        What one can do after it, in a sentence.
    minutes
        How long it takes, about.
    steps
        Its pages.
    path
        Its file; pictures are looked for beside it.
    """

    title: str
    about: str
    minutes: int
    steps: tuple[Step, ...]
    path: Path

    @property
    def identity(self) -> str:
        """By what its progress is remembered: its file's name, and its title if it is of no course."""
        return self.path.name

    def start_of(self, place: int) -> Experiment:
        """Give what is trained at a step: its own start, or the last one before it."""
        starts = (step.start for step in reversed(self.steps[: place + 1]))
        return next(start for start in starts if start is not None)


def is_lesson(path: Path) -> bool:
    """Whether a file is a lesson, by its name."""
    return path.name.lower().endswith(SUFFIX)
