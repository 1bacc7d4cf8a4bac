"""The lessons that come with the program."""

from gradgui.lessons.lesson import SUFFIX, Lesson
from gradgui.lessons.lesson_file import read_lesson
from gradgui.resources import resource_path


def course() -> tuple[Lesson, ...]:
    """Read all lessons, in the order of the course."""
    return tuple(read_lesson(path) for path in sorted(resource_path("course").glob(f"*{SUFFIX}")))
