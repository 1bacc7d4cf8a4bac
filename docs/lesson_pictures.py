"""Pictures of lessons: a page as it begins, a prediction before and after, a finished step, the list."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QLineEdit, QPushButton, QRadioButton, QWidget

from docs.photographer import Photographer
from gradgui.experiment.changes import LearningRateChange
from gradgui.lessons.course import course
from gradgui.lessons.lesson import Lesson
from gradgui.ui.lessons.live_lesson import LiveLesson
from gradgui.worker.status import State

Found = TypeVar("Found", bound=QWidget)
RATE = 0.12


def live_lesson(photographer: Photographer) -> LiveLesson:
    """Give the window's lesson."""
    live = photographer.window.findChild(LiveLesson)
    if live is None:
        raise LookupError(LiveLesson.__name__)
    return live


def open_page(photographer: Photographer, lesson: Lesson, place: int) -> None:
    """Open a lesson at a step, and stay until the window shows it."""
    window, live = photographer.window, live_lesson(photographer)
    if live.lesson != lesson:
        window.lessons.open_path(lesson.path)
    if live.place != place:
        live.go_to(place)
    photographer.wait_until(lambda: not window.run.is_awaited and window.run.status.state is not State.LOADING)
    photographer.settle()


def take_course(folder: Path) -> Callable[[Photographer, str], None]:
    """Give what takes the first and the last page of each lesson into a folder."""

    def take(photographer: Photographer, suffix: str) -> None:
        for number, lesson in enumerate(course(), 1):
            for name, place in (("first", 0), ("last", len(lesson.steps) - 1)):
                open_page(photographer, lesson, place)
                photographer.save(f"lesson-course-{number:02}-{name}-{suffix}", folder)

    return take


def take_prediction(photographer: Photographer, suffix: str) -> None:
    """Take a step that asks for w before anything is trained, and the same with prediction and truth side by side."""
    open_page(photographer, course()[0], 2)
    photographer.save(f"lessons-before-{suffix}")
    number = find(photographer, QLineEdit, "prediction_number")
    number.setText("0.03")
    number.returnPressed.emit()
    photographer.press("step_epoch")
    photographer.wait_until(lambda: photographer.window.run.epoch == 1 and live_lesson(photographer).is_done)
    photographer.settle()
    photographer.save(f"lessons-after-{suffix}")


def take_finished(photographer: Photographer, suffix: str) -> None:
    """Take a step that asked for something to be done, when it is done."""
    open_page(photographer, course()[5], 2)
    find(photographer, QRadioButton, "option_1").click()
    find(photographer, QPushButton, "take_prediction").click()
    run = photographer.window.run
    run.change(LearningRateChange(run.epoch, RATE))
    photographer.wait_until(lambda: run.status.learning_rate == RATE)
    for epoch in range(1, 6):
        photographer.press("step_epoch")
        photographer.wait_until(lambda epoch=epoch: run.epoch == epoch)  # type: ignore[misc]
    photographer.wait_until(lambda: live_lesson(photographer).is_done)
    photographer.settle()
    photographer.save(f"lessons-finished-{suffix}")


def take_list(photographer: Photographer, suffix: str) -> None:
    """Take the list of the lessons, of which one is begun."""
    open_page(photographer, course()[0], 2)
    live_lesson(photographer).leave()
    photographer.window.lessons.show_lessons()
    photographer.wait_until(lambda: find(photographer, QWidget, "lesson_list").isVisible())
    photographer.settle()
    photographer.save(f"lessons-list-{suffix}")


def find(photographer: Photographer, kind: type[Found], name: str) -> Found:
    """Give a widget by its name."""
    found = photographer.window.findChild(kind, name)
    if found is None:
        raise LookupError(name)
    return found
