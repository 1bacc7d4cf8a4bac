"""The panel of lessons: all of them, or the step of the one that is open."""

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gradgui.lessons.course import course
from gradgui.lessons.lesson import Lesson
from gradgui.ui.app.theme import Theme
from gradgui.ui.lessons.lesson_list import LessonList
from gradgui.ui.lessons.live_lesson import LiveLesson
from gradgui.ui.lessons.step_page import StepPage
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.view import View

WIDTH = 320


class LessonPanel(QWidget, View):
    """Lessons, from the list to the last step of one.

    Parameters
    ----------
    live
        The lesson that is open.
    run
        What it is about.

    Attributes
    ----------
    lesson_list, page
        What is shown without a lesson, and with one.
    """

    name = "lesson_panel"
    heading = "Lessons"
    guide = "lessons"

    def __init__(self, live: LiveLesson, run: LiveRun) -> None:
        super().__init__()
        self._live = live
        self._left = ""
        self.lesson_list, self.page = LessonList(), StepPage(live, run)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.lesson_list)
        self._stack.addWidget(self.page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.lesson_list.chosen.connect(self._open)
        live.step_changed.connect(self._show_step)
        live.changed.connect(self.page.show_state)
        self._show_step()

    def sizeHint(self) -> QSize:
        """Ask for a column that can be read."""
        return QSize(WIDTH, 400)

    def minimumSizeHint(self) -> QSize:
        """Stay readable."""
        return QSize(WIDTH - 40, 200)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        self.page.set_theme(theme)

    @Slot(Lesson)
    def _open(self, lesson: Lesson) -> None:
        self._live.open(lesson)

    @Slot()
    def _show_step(self) -> None:
        if self._live.step is None:
            self.lesson_list.show_lessons(course(), self._live.known_progress(), self._left)
            self._stack.setCurrentWidget(self.lesson_list)
            self.setFocusProxy(self.lesson_list.list)
        else:
            self._left = "" if self._live.lesson is None else self._live.lesson.identity
            self.page.show_step()
            self._stack.setCurrentWidget(self.page)
            self.setFocusProxy(self.page.text)
