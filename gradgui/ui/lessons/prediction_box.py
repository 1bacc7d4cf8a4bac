"""Where a learner predicts, and sees what it was beside it."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from gradgui.lessons.outcome import bound_of
from gradgui.lessons.prediction import Choice, DrawLoss, KnownNumber, PlaceBall, Prediction, Values
from gradgui.lessons.progress import StepResult
from gradgui.numbers import NumberError, read_number
from gradgui.record.training_log import TrainingLog
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.lessons.curve_sketch import CurveSketch
from gradgui.ui.widgets.labels import wrapping_label

INDENT = 24
LINE = 22
"""Pixels beside and under the mark of an answer."""


class PredictionBox(QFrame):
    """The question, a way to answer it, and both answers side by side when the program's is known.

    Signals
    -------
    predicted(tuple)
        Numbers, the place of an answer, a curve; empty for *I don't know*.
    ball_placed()
        The ball on the landscape is where the learner wants it.
    """

    predicted = Signal(tuple)
    ball_placed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("prediction_box")
        self._prediction: Prediction | Choice | None = None
        self._asks_number = False
        self._question = wrapping_label("prediction_question")
        self._number = QLineEdit()
        self._number.setObjectName("prediction_number")
        self._number.setAccessibleName("Your prediction")
        self._number.returnPressed.connect(self._take)
        self._options = QWidget()
        self._options_layout = QVBoxLayout(self._options)
        self._options_layout.setContentsMargins(0, 0, 0, 0)
        self._options_layout.setSpacing(SPACING // 2)
        self._group = QButtonGroup(self)
        self.sketch = CurveSketch()
        self._problem = wrapping_label("problem")
        self._take_button = QPushButton("Predict")
        self._take_button.setObjectName("take_prediction")
        self._take_button.setToolTip("Take this as your prediction; then the program shows what it is.")
        self._unknown = QPushButton("I don't know")
        self._unknown.setObjectName("no_prediction")
        self._unknown.setToolTip("That is a prediction as well: go on without another one.")
        self._outcome = wrapping_label("prediction_outcome")
        self._take_button.clicked.connect(self._take)
        self._unknown.clicked.connect(self._give_up)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        buttons.addWidget(self._take_button)
        buttons.addWidget(self._unknown)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        layout.setSpacing(SPACING - 2)
        for widget in (self._question, self._options, self._number, self.sketch, self._problem):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        layout.addWidget(self._outcome)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        self.sketch.set_theme(theme)

    def begin(self, prediction: Prediction | Choice | None, result: StepResult) -> None:
        """Ask for a prediction, or show one that was made before."""
        self._prediction = prediction
        self.setVisible(prediction is not None)
        if prediction is None:
            return
        is_choice, is_curve = isinstance(prediction, Choice), isinstance(prediction, DrawLoss)
        self._asks_number = not (is_choice or is_curve or isinstance(prediction, PlaceBall))
        self._question.setText(prediction.question if isinstance(prediction, Choice) else prediction.asked)
        self._number.clear()
        self.sketch.setVisible(is_curve)
        if isinstance(prediction, DrawLoss):
            self.sketch.begin(prediction.count, prediction.highest, result.values)
        self._options.setVisible(is_choice)
        self._fill_options(prediction.options if isinstance(prediction, Choice) else ())
        self._problem.hide()
        is_checked = isinstance(prediction, KnownNumber)  # at once, and not by what is trained then
        self._take_button.setText(
            "Check" if is_checked else "It lands here" if isinstance(prediction, PlaceBall) else "Predict"
        )

    def show_result(self, result: StepResult, log: TrainingLog, *, again: bool) -> None:
        """Show what was predicted, and the truth when it is known.

        Parameters
        ----------
        result
            So far.
        log
            Has the curve that was to be drawn.
        again
            Whether another answer may be given.
        """
        prediction = self._prediction
        if prediction is None:
            return
        open_ = not result.predicted or again
        for widget in (self._take_button, *self._group.buttons()):
            widget.setEnabled(open_)
        self._number.setVisible(open_ and self._asks_number)
        self.sketch.editable = open_
        self._take_button.setVisible(open_)
        self._unknown.setVisible(not result.predicted)
        self._outcome.setVisible(bool(result.predicted))
        drawn = prediction.truth(log) if isinstance(prediction, DrawLoss) and result.truth else None
        self._outcome.setText(outcome_text(prediction, result, is_drawn=drawn is not None))
        if drawn is not None:
            self.sketch.show_truth(drawn)

    def _fill_options(self, options: tuple[str, ...]) -> None:
        for button in self._group.buttons():
            self._group.removeButton(button)
            button.setObjectName("")  # which the next answer has
            button.hide()
            button.deleteLater()
        for place, option in enumerate(options):
            button = _WrappingRadio(option)
            button.setObjectName(f"option_{place}")
            self._group.addButton(button, place)
            self._options_layout.addWidget(button)

    @Slot()
    def _take(self) -> None:
        self._problem.hide()
        values: Values
        match self._prediction:
            case Choice():
                if self._group.checkedId() < 0:
                    self.complain("Choose an answer first; “I don't know” is one too.")
                    return
                values = (float(self._group.checkedId()),)
            case PlaceBall():
                self.ball_placed.emit()
                return
            case DrawLoss():
                if not self.sketch.is_touched:
                    self.complain("Draw first, with the mouse or the arrow keys; “I don't know” is one too.")
                    return
                values = self.sketch.values
            case _:
                try:
                    values = (read_fraction(self._number.text()),)
                except NumberError as error:
                    self.complain(f"{str(error)[:1].upper()}{str(error)[1:].rstrip('.')}.")
                    return
        self.predicted.emit(values)

    def complain(self, sentence: str) -> None:
        """Say what is wrong with a prediction."""
        self._problem.setText(sentence)
        self._problem.show()

    @Slot()
    def _give_up(self) -> None:
        self._problem.hide()
        self.predicted.emit(())


class _WrappingRadio(QRadioButton):
    """An answer whose text can be longer than the panel is wide."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setAccessibleName(text)
        self._label = wrapping_label("option_text", text, linked=False)
        self._label.setParent(self)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMinimumHeight(LINE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the text its place, and be as high as it is."""
        super().resizeEvent(event)
        width = max(1, self.width() - INDENT)
        height = max(LINE, self._label.heightForWidth(width))
        self._label.setGeometry(INDENT, 0, width, height)
        self.setFixedHeight(height)


def read_fraction(text: str) -> float:
    """Read a number, or a fraction of two as ``2/15``.

    Raises
    ------
    NumberError
        When it is neither.
    """
    above, stroke, below = text.partition("/")
    number = read_number(above)
    if not stroke:
        return number
    divisor = read_number(below)
    if divisor == 0.0:
        raise NumberError("Nothing can be divided by 0.")
    return number / divisor


def outcome_text(prediction: Prediction | Choice, result: StepResult, *, is_drawn: bool = True) -> str:
    """Put what was predicted and what it was into a line or two.

    Parameters
    ----------
    prediction, result
        What was asked for, and what became of it.
    is_drawn
        Of a loss curve: whether the true one is in sight, which it is not when the lesson is taken up again.
    """
    if not result.predicted:
        return ""
    mine = "" if isinstance(prediction, DrawLoss) and result.values else f"You: {result.predicted}"
    if bound_of(prediction) is not None and result.is_right is False:
        return f"{mine}\nNot near enough yet." if result.values else "Work it out, and type it here."
    if not result.truth:
        shown = "Now do what the step asks for." if isinstance(prediction, Choice) else "Now let the program show it."
        return f"{mine}\n{shown}" if mine else shown
    if isinstance(prediction, DrawLoss):
        lines = "Yours is dashed, the loss is solid." if result.gap else "The loss is the solid line."
        gap = f"Gap: {result.gap}." if result.gap else ""
        return " ".join(filter(None, (lines if is_drawn else mine, gap)))
    if isinstance(prediction, Choice):
        return f"{mine}\n{'That is right.' if result.is_right else f'It is: {result.truth}'}"
    gap = f"\nGap: {result.gap}" if result.gap else ""
    return f"{mine}\nIt is: {result.truth}{gap}"
