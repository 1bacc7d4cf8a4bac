"""One step of a lesson as it is read, predicted and done."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gradgui.lessons.outcome import bound_of
from gradgui.lessons.prediction import Choice
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.lessons.lesson_text import LessonText, html_of
from gradgui.ui.lessons.live_lesson import LiveLesson
from gradgui.ui.lessons.prediction_box import PredictionBox
from gradgui.ui.widgets.labels import wrapping_label
from gradgui.ui.window.live_run import LiveRun

ROOM_MILLISECONDS = 50
"""Until the layout has made room for what is new."""
NEXT = "To the next step, when this one is done."


class StepPage(QWidget):
    """Text, prediction, what is to be done, hints and the way on.

    Parameters
    ----------
    live
        The lesson that is open.
    run
        What it is about.

    Attributes
    ----------
    prediction
        Where the learner predicts.
    text
        The step's text.
    """

    def __init__(self, live: LiveLesson, run: LiveRun) -> None:
        super().__init__()
        self._live, self._run = live, run
        self._was_done = False
        self._hints_seen = 0
        self._title = wrapping_label("lesson_title", linked=False)
        self._heading = wrapping_label("lesson_heading", linked=False)
        self.text = LessonText()
        self.prediction = PredictionBox()
        self._state = wrapping_label("lesson_state")
        self._hints = wrapping_label("lesson_hints", linked=False)
        self._hints.setOpenExternalLinks(True)
        self._explanation = wrapping_label("lesson_explanation", linked=False)
        self._explanation.setOpenExternalLinks(True)
        self._back = _button("lesson_back", "Back", "To the step before.")
        self._hint = _button("lesson_hint", "Hint", "Show a hint; one after the other.")
        self._again = _button("lesson_again", "Begin again", "Begin this step again, as it was at first.")
        self._next = _button("lesson_next", "Next", NEXT)
        self._leave = _button("lesson_leave", "Leave", "Leave the lesson; it is taken up again where it is.")
        self._lay_out()
        self.prediction.predicted.connect(self._predict)
        self._back.clicked.connect(self._go_back)
        self._next.clicked.connect(self._go_on)
        self._hint.clicked.connect(live.give_hint)
        self._again.clicked.connect(live.begin_again)
        self._leave.clicked.connect(live.leave)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._leave)
        below = QWidget()
        inner = QVBoxLayout(below)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(SPACING)
        for widget in (self._heading, self.text, self.prediction, self._state, self._hints, self._explanation):
            inner.addWidget(widget)
        inner.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setWidget(below)
        first, second = QHBoxLayout(), QHBoxLayout()
        for row, widgets in ((first, (self._hint, self._again)), (second, (self._back, self._next))):
            row.setSpacing(SPACING)
            for button in widgets:
                row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING + 2, SPACING, SPACING + 2, SPACING)
        layout.setSpacing(SPACING - 2)
        layout.addLayout(head)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(first)
        layout.addLayout(second)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        self.prediction.set_theme(theme)
        self.show_step()

    @Slot()
    def show_step(self) -> None:
        """Show the open step."""
        live, step = self._live, self._live.step
        if live.lesson is None or step is None:
            return
        self._title.setText(
            f"{live.lesson.title} · {live.place + 1}\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}{len(live.lesson.steps)}"
        )
        self._heading.setText(step.heading)
        self.text.show_text(step.text, live.lesson.path.parent)
        self.text.setVisible(bool(step.text))
        self.prediction.begin(step.prediction, live.result)
        self._scroll.verticalScrollBar().setValue(0)
        self._was_done, self._hints_seen = bool(live.result.done), live.result.hints
        self.show_state()

    @Slot()
    def show_state(self) -> None:
        """Show what of it is predicted, done and needed."""
        live, step, result = self._live, self._live.step, self._live.result
        if live.lesson is None or step is None:
            return
        self.prediction.show_result(result, self._run.log, again=live.may_try_again)
        self._state.setText(self._state_text())
        self._state.setProperty("done", bool(result.done))
        self._state.style().unpolish(self._state)
        self._state.style().polish(self._state)
        self._state.setVisible(step.asks)
        hints = enumerate(step.hints[: result.hints], 1)
        self._hints.setText(html_of("\n\n".join(f"**Hint {place}:** {hint}" for place, hint in hints)))
        self._hints.setVisible(bool(result.hints))
        self._explanation.setText(html_of(step.explanation))
        self._explanation.setVisible(bool(step.explanation and result.done))
        left = len(step.hints) - result.hints
        self._hint.setText(f"Hint ({left} left)" if left else "No hint left")
        self._hint.setEnabled(bool(left))
        self._hint.setVisible(bool(step.hints) and not live.is_done)
        self._again.setEnabled(step.asks or step.start is not None)
        self._back.setEnabled(live.place > 0)
        skips = not left and not live.is_done and not live.awaits_prediction
        self._next.setText("Skip" if skips else "Finish" if live.is_last else "Next")
        self._next.setToolTip("Go on without having done this step." if skips else NEXT)
        self._next.setEnabled(live.is_done or skips)
        if result.done and not self._was_done:
            QTimer.singleShot(ROOM_MILLISECONDS, self._show_end)
        elif result.hints > self._hints_seen:
            QTimer.singleShot(ROOM_MILLISECONDS, self._show_hint)
        self._was_done, self._hints_seen = bool(result.done), result.hints

    @Slot()
    def _show_hint(self) -> None:
        """Scroll to the last hint."""
        self._scroll.ensureVisible(0, self._hints.geometry().bottom(), 0, SPACING)

    @Slot()
    def _show_end(self) -> None:
        """Scroll to what is said of a step that is done."""
        self._scroll.ensureWidgetVisible(self._explanation, 0, 0)

    def _state_text(self) -> str:
        live, step, result = self._live, self._live.step, self._live.result
        if step is None:
            return ""
        if result.done:
            return "✓ Done"
        if live.awaits_prediction:
            choice = isinstance(step.prediction, Choice) and not step.checks
            if bound_of(step.prediction) is not None:
                return "○ Work it out, and type it."
            return "○ Choose an answer." if choice else "○ Predict first; then the program shows it."
        tasks = len(step.checks)
        count = f" ({live.checks.done} of {tasks} done)" if tasks > 1 else ""
        return f"○ Not yet{count}. {live.missing}" if live.missing else "○ Not yet."

    @Slot(tuple)
    def _predict(self, values: tuple[float, ...]) -> None:
        self._live.predict(values)

    @Slot()
    def _go_back(self) -> None:
        self._live.go_to(self._live.place - 1)

    @Slot()
    def _go_on(self) -> None:
        if self._live.is_done:
            self._live.go_on()
        else:
            self._live.skip()


def _button(name: str, text: str, tooltip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tooltip)
    return button
