"""A lesson's file: Markdown, with marks that begin with an @; whatever is wrong in it is said with its line."""

import re
from pathlib import Path

from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.lessons.lesson import Lesson
from gradgui.lessons.markdown_lines import check_line, is_fenced_after
from gradgui.lessons.settings import experiment_of, with_setting
from gradgui.lessons.step_lines import MARKS, LessonFileError, StepLines

LARGEST_FILE = 2**20
"""Bytes of a lesson's text."""
MOST_STEPS = 100

_LINE_END = re.compile(r"\r\n|\r|\n")


def read_lesson(path: Path) -> Lesson:
    """Read a lesson from its file.

    Raises
    ------
    LessonFileError
        When it cannot be read, or is no lesson.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise LessonFileError(1, f"{path.name} cannot be read: {error.strerror or error}") from error
    if len(content) > LARGEST_FILE:
        raise LessonFileError(1, f"{path.name} is larger than a lesson can be ({LARGEST_FILE >> 20} MiB)")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise LessonFileError(line, "this is no UTF-8; save the file as UTF-8") from error
    return parse_lesson(text, path)


def parse_lesson(text: str, path: Path) -> Lesson:
    """Read a lesson from its text.

    Parameters
    ----------
    text
        Markdown with marks; `docs/lessons.md` says which.
    path
        Where it lies; pictures and experiments are looked for beside it.

    Raises
    ------
    LessonFileError
        With the first line in which something is wrong.
    """
    return _Reader(text, path).lesson


class _Reader:
    """Read the lines of a lesson one after the other."""

    def __init__(self, text: str, path: Path) -> None:
        self._path = path
        self._line = 0
        self._title, self._about, self._minutes = "", "", 0
        self._steps: list[StepLines] = []
        self._common = StepLines("", 1)
        fenced = False
        for self._line, line in enumerate(_LINE_END.split(text.removesuffix("\n")), 1):
            fenced = self._read(line.rstrip(), fenced=fenced)
        if fenced:
            raise LessonFileError(self._line, "code that was begun with ``` is not ended; write ``` behind it")
        if not self._title:
            raise LessonFileError(1, "a lesson begins with its title, as in “# The learning rate”")
        if not self._steps:
            raise LessonFileError(max(1, self._line), "there is no step; each begins with a line as “## One epoch”")
        if len(self._steps) > MOST_STEPS:
            raise LessonFileError(self._steps[MOST_STEPS].line, f"a lesson has at most {MOST_STEPS} steps")

    @property
    def lesson(self) -> Lesson:
        present, steps = self._common.start or DEFAULT_EXPERIMENT, []
        for place, lines in enumerate(self._steps):
            if place == 0 and lines.start is None:
                lines.start = present
            present = lines.start or present
            steps.append(lines.step(present, self._common))
        return Lesson(self._title, self._about, self._minutes or 5, tuple(steps), self._path)

    def _read(self, line: str, *, fenced: bool) -> bool:
        """Take a line; tell whether code follows."""
        try:
            code_follows = is_fenced_after(line, fenced=fenced)
            if fenced or code_follows:
                self._read_text(line)
            else:
                check_line(line, self._path.parent)
                self._read_outside_of_code(line)
        except LessonFileError:
            raise
        except ValueError as error:
            raise LessonFileError(self._line, str(error)) from error
        return code_follows

    def _read_outside_of_code(self, line: str) -> None:
        if line.startswith("## "):
            self._steps.append(StepLines(line[3:].strip(), self._line))
        elif line.startswith("# "):
            self._read_title(line[2:].strip())
        elif line.startswith("@"):
            mark, *text = line[1:].split(maxsplit=1) or [""]
            self._read_mark(mark, *text)
        else:
            self._read_text(line)

    def _read_title(self, title: str) -> None:
        if self._title or not title:
            raise ValueError("a lesson has one title; a step begins with ##")
        self._title = title

    def _read_text(self, line: str) -> None:
        if self._steps:
            self._steps[-1].text.append(line)
        elif line.strip():
            raise ValueError("text stands in a step; begin one with a line as “## One epoch” first")

    def _read_mark(self, mark: str, text: str = "") -> None:
        if mark in {"about", "minutes"}:
            if self._steps:
                raise ValueError(f"@{mark} stands above the first step")
            if mark == "about":
                self._about = text
            elif text.isascii() and text.isdecimal() and 1 <= int(text) <= 600:
                self._minutes = int(text)
            else:
                raise ValueError(f"“{text}” is no number of minutes")
            return
        where = self._steps[-1] if self._steps else self._common
        if mark == "start":
            own = self._common.start
            where.start = own if own is not None and not text else experiment_of(text, self._path.parent)
        elif mark == "set":
            where.start = with_setting(where.start or self._common.start or DEFAULT_EXPERIMENT, text)
        elif mark in MARKS and (self._steps or mark in {"panels", "hide", "lock", "axis"}):
            MARKS[mark](where, text, self._line)
        else:
            known = ", ".join(f"@{name}" for name in ("about", "minutes", "start", "set", *MARKS))
            raise ValueError(
                f"@{mark} is no mark{' above the first step' if mark in MARKS else ''}; the marks are {known}"
            )
