"""All lessons, with how far each is."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from gradgui.lessons.lesson import Lesson
from gradgui.lessons.progress import LessonProgress
from gradgui.ui.app.theme import SPACING
from gradgui.ui.widgets.labels import wrapping_label


class LessonList(QWidget):
    """Choose a lesson.

    Signals
    -------
    chosen(Lesson)
        It is to be begun, or taken up.

    Attributes
    ----------
    list
        What is chosen from.
    """

    chosen = Signal(Lesson)

    def __init__(self) -> None:
        super().__init__()
        self._lessons: tuple[Lesson, ...] = ()
        self._progress: Mapping[str, LessonProgress] = {}
        self.list = QListWidget()
        self.list.setObjectName("lesson_list")
        self.list.setAccessibleName("Lessons")
        self.list.setWordWrap(True)
        self.list.setSpacing(2)
        self._about = wrapping_label("hint")
        self._begin = QPushButton("Begin")
        self._begin.setObjectName("begin_lesson")
        self._begin.setToolTip("Begin this lesson, or take it up where you left it.")
        intro = wrapping_label(
            "lesson_intro",
            "Each lesson takes five to ten minutes: you predict, then the program shows it. Leave at any time,"
            " and take it up again tomorrow.",
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING + 2, SPACING, SPACING + 2, SPACING)
        layout.setSpacing(SPACING)
        layout.addWidget(intro)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._about)
        row = QHBoxLayout()
        row.addWidget(self._begin)
        row.addStretch(1)
        layout.addLayout(row)
        self.list.currentRowChanged.connect(self._describe)
        self.list.itemActivated.connect(self._choose)
        self._begin.clicked.connect(self._choose)

    def show_lessons(
        self, lessons: tuple[Lesson, ...], progress: Mapping[str, LessonProgress], left: str = ""
    ) -> None:
        """Show lessons, and choose one.

        Parameters
        ----------
        lessons
            What is offered.
        progress
            Of each, by its identity.
        left
            The identity of the one that was left last: it is chosen, or when it is finished the one after it. Without
            one the first is chosen that is not finished.
        """
        self._lessons, self._progress = lessons, progress
        self.list.clear()
        for place, lesson in enumerate(lessons):
            known = progress.get(lesson.identity, LessonProgress())
            begun = f"{known.place + 1}/{len(lesson.steps)}" if is_begun(known) else "○"
            state = "✓" if known.finished else begun
            item = QListWidgetItem(f"{state}  {place + 1}. {lesson.title}")
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole,
                f"{lesson.title}, {'finished' if known.finished else 'not finished'}",
            )
            self.list.addItem(item)
        self.list.setCurrentRow(self._next_place(left))

    def _next_place(self, left: str) -> int:
        """Give the place of the lesson that comes next."""
        finished = [bool(self._progress.get(one.identity, LessonProgress()).finished) for one in self._lessons]
        places = [place for place, one in enumerate(self._lessons) if one.identity == left]
        if places:
            return min(places[0] + finished[places[0]], len(finished) - 1)
        return finished.index(False) if False in finished else 0

    @Slot(int)
    def _describe(self, place: int) -> None:
        if 0 <= place < len(self._lessons):
            lesson = self._lessons[place]
            known = self._progress.get(lesson.identity, LessonProgress())
            self._about.setText(f"{lesson.about} About {lesson.minutes} minutes.")
            self._begin.setText("Look at it again" if known.finished else "Go on" if is_begun(known) else "Begin")

    @Slot()
    def _choose(self) -> None:
        place = self.list.currentRow()
        if 0 <= place < len(self._lessons):
            self.chosen.emit(self._lessons[place])


def is_begun(known: LessonProgress) -> bool:
    """Tell whether anything was done in a lesson."""
    return known.place > 0 or any(one.done for one in known.results.values())
