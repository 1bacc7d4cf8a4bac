"""Where the learner names the line that is not as it is meant, and what is wrong with it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gradgui.experiment.experiment import Experiment
from gradgui.ui.app.theme import SPACING
from gradgui.ui.lessons.bug_hunt import BugHunt
from gradgui.ui.lessons.bugs import BUGS, meant_lines
from gradgui.ui.widgets.labels import wrapping_label

TASK = "One line runs otherwise than it is written here; all numbers are real. Step, look, and click that line."
CHOOSE_LINE, CHOOSE_SAYING = "Which line?", "What is wrong with it?"


class HuntBox(QFrame):
    """Two choices, a button for them, and the answer; hidden while there is no hunt.

    Parameters
    ----------
    hunt
        What is asked and told.

    Signals
    -------
    touched()
        A person chose or asked something in it.
    """

    touched = Signal()

    def __init__(self, hunt: BugHunt) -> None:
        super().__init__()
        self._hunt = hunt
        self._experiment: Experiment | None = None
        self.setObjectName("hunt")
        title = QLabel("Find the bug")
        title.setObjectName("heading")
        self._task = wrapping_label("hunt_task", TASK)
        self._line, self._saying = QComboBox(), QComboBox()
        for box, name, accessible in (
            (self._line, "hunt_line", "Line that is not as it is meant"),
            (self._saying, "hunt_saying", "What is wrong with the line"),
        ):
            box.setObjectName(name)
            box.setAccessibleName(accessible)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(12)
        self._saying.addItems([CHOOSE_SAYING, *(bug.saying for bug in BUGS)])
        self._name = QPushButton("Is it &this?")
        self._give_up, self._close = QPushButton("Give &up"), QPushButton("&Close")
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        for button, name, tooltip, slot in (
            (self._name, "hunt_name", "Name this line and what is wrong with it.", self._ask),
            (self._give_up, "hunt_give_up", "Show the bug, and mend the loop.", hunt.give_up),
            (self._close, "hunt_close", "Put the answer away.", hunt.forget),
        ):
            button.setObjectName(name)
            button.setAccessibleName(button.text().replace("&", ""))
            button.setToolTip(tooltip)
            button.clicked.connect(slot)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._tries = QLabel()
        self._tries.setObjectName("hunt_tries")
        buttons.addWidget(self._tries)
        self._reply = wrapping_label("hunt_reply")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACING // 2, 0, SPACING // 2)
        layout.setSpacing(SPACING // 2)
        for widget in (title, self._task, self._line, self._saying):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        layout.addWidget(self._reply)
        for box in (self._line, self._saying):
            box.currentIndexChanged.connect(self._allow)
            box.activated.connect(self.touched)
        self._name.clicked.connect(self.touched)
        self._give_up.clicked.connect(self.touched)
        hunt.begun.connect(self._begin)
        hunt.changed.connect(self.show_hunt)
        self.show_hunt()

    @property
    def lowest(self) -> QWidget:
        """What stands at its end: the answer, or the buttons."""
        return self._reply if self._reply.isVisible() else self._name

    @Slot(int)
    def choose_line(self, place: int) -> None:
        """Choose a line by its place in the loop."""
        self._line.setCurrentIndex(place + 1)
        self._saying.setFocus()
        self.touched.emit()

    def show_experiment(self, experiment: Experiment) -> None:
        """Offer the lines of its loop, as it is meant."""
        texts = [f"{place}  {line.text.strip()}" for place, line in enumerate(meant_lines(experiment), 1)]
        if texts != [self._line.itemText(place) for place in range(1, self._line.count())]:
            self._line.clear()
            self._line.addItems([CHOOSE_LINE, *texts])

    @Slot()
    def show_hunt(self) -> None:
        """Show what there is to show now."""
        hunt = self._hunt
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
        for widget in (self._task, self._line, self._saying, self._name, self._give_up, self._tries):
            widget.setVisible(hunt.active)
        self._close.setVisible(not hunt.active)
        self._tries.setText(f"{hunt.tries} {'try' if hunt.tries == 1 else 'tries'}")
        self._reply.setText(hunt.reply)
        self._reply.setVisible(bool(hunt.reply))
        self.setVisible(hunt.active or bool(hunt.reply))
        if had_focus and not hunt.active:  # else it would go to whatever comes next
            self.window().setFocus()
        self._allow()

    @Slot()
    def _allow(self) -> None:
        chosen = self._line.currentIndex() > 0 and self._saying.currentIndex() > 0
        self._name.setEnabled(chosen)

    @Slot()
    def _begin(self) -> None:
        self._line.setCurrentIndex(0)
        self._saying.setCurrentIndex(0)
        self._line.setFocus()

    @Slot()
    def _ask(self) -> None:
        self._hunt.name(self._line.currentIndex() - 1, self._saying.currentText())
