"""How a run ended, where that matters, with the buttons that help."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from gradgui.ui.app.theme import SPACING
from gradgui.ui.widgets.labels import wrapping_label
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.status_line import outcome_text
from gradgui.worker import commands
from gradgui.worker.commands import allowed_commands
from gradgui.worker.status import State, Status


class OutcomeBox(QFrame):
    """The end of a run that diverged, met something undefined, or was stopped early; hidden else.

    Parameters
    ----------
    run
        What the buttons ask.
    """

    def __init__(self, run: LiveRun) -> None:
        super().__init__()
        self._run = run
        self.setObjectName("trouble")
        self._text = wrapping_label("outcome_text")
        self._on, self._back, self._reset = QPushButton("Run on"), QPushButton("Step back"), QPushButton("Reset")
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        for button, name, tooltip, slot in (
            (
                self._on,
                "outcome_run",
                "Run on: as many epochs more, or to the next stop.",
                self._run_on,
            ),
            (self._back, "outcome_back", "Step back: to before the last epoch.", self._step_back),
            (self._reset, "outcome_reset", "Reset: to epoch 0, with everything as the fields show it.", run.reset),
        ):
            button.setObjectName(name)
            button.setAccessibleName(f"{button.text()} after this end")
            button.setToolTip(tooltip)
            button.clicked.connect(slot)
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING - 2, SPACING, SPACING - 2)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self._text)
        layout.addLayout(buttons)
        self.hide()

    def show_status(self, status: Status) -> None:
        """Show the end, if it is one; an error is told where the loop is mended."""
        text = "" if status.state is State.FAILED else outcome_text(status)
        allowed = allowed_commands(status)
        self._text.setText(text)
        self._on.setVisible(commands.Run in allowed)
        self._back.setVisible(commands.StepBack in allowed)
        self.setVisible(bool(text))

    @Slot()
    def _run_on(self) -> None:
        self._run.do(commands.Run())

    @Slot()
    def _step_back(self) -> None:
        self._run.do(commands.StepBack())
