"""Inside this epoch: the code, the switches that break it, and what PyTorch says to that."""

from typing import Any

from msgspec import structs
from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gradgui.experiment.changes import LoopChange, loop_in_epoch
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.optimizers import GradientDescent
from gradgui.experiment.training_loop import CORRECT_LOOP, Loop
from gradgui.record.trace import EpochTrace
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.app.type_scale import scaled
from gradgui.ui.epoch.broken_loops import BREAKAGES, broken_names
from gradgui.ui.epoch.code_view import CodeView
from gradgui.ui.epoch.outcome_box import OutcomeBox
from gradgui.ui.epoch.trouble_box import TroubleBox
from gradgui.ui.lessons.bug_hunt import BugHunt
from gradgui.ui.lessons.hunt_box import HuntBox
from gradgui.ui.widgets.labels import SteadyLabel, wrapping_label
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.view import View
from gradgui.worker import commands
from gradgui.worker.commands import allowed_commands
from gradgui.worker.status import State, Status

TWO_COLUMNS = 350
"""Pixels that two switches beside each other take at 100 %."""

WRITTEN_OUT_ONLY = {"no_grad", "in_place"}
"""Ways to break the loop that torch.optim does not leave open."""


class LoopPanel(QScrollArea, View):
    """The loop of one epoch, opened up.

    Parameters
    ----------
    run
        Whose loop; the switches change it.
    hunt
        What may hide how it is written.

    Attributes
    ----------
    code
        The lines with their numbers.
    """

    name = "inside_panel"
    heading = "Inside this epoch"
    guide = "inside-one-epoch"

    def __init__(self, run: LiveRun, hunt: BugHunt) -> None:
        super().__init__()
        self._run = run
        self._hunt_box = HuntBox(hunt)
        self._hunt_box.touched.connect(self._bring_hunt_up)
        hunt.changed.connect(self._show_hunt)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Inside this epoch")
        self._experiment, self._loop = run.experiment, CORRECT_LOOP
        self.code = CodeView()
        self.code.line_chosen.connect(self._hunt_box.choose_line)
        self._caption = SteadyLabel()
        self._caption.setObjectName("trace_label")
        self._too_fast = wrapping_label(
            "hint", "Too fast to follow: pause, or slow down to 60 epochs/s, to look inside."
        )
        self._too_fast.hide()
        self._switches = {breakage.name: QCheckBox(breakage.label) for breakage in BREAKAGES}
        self._trouble = TroubleBox()
        self._trouble.mend_button.clicked.connect(self._mend)
        self._outcome = OutcomeBox(run)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SPACING + 2, SPACING // 2, SPACING + 2, SPACING)
        layout.setSpacing(SPACING - 2)
        layout.addWidget(self._caption)
        layout.addWidget(self._too_fast)
        layout.addWidget(self._outcome)
        layout.addWidget(self.code)
        layout.addWidget(self._trouble)
        layout.addWidget(self._hunt_box)
        self._heading = QLabel("Break it on purpose")
        self._heading.setObjectName("heading")
        layout.addWidget(self._heading)
        self._switch_box = QWidget()
        self._switch_box.setObjectName("break_switches")
        self._grid = QGridLayout(self._switch_box)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACING)
        self._grid.setVerticalSpacing(2)
        for breakage in BREAKAGES:
            switch = self._switches[breakage.name]
            switch.setObjectName(f"break_{breakage.name}")
            switch.setToolTip(f"{breakage.tooltip}\nPyTorch really runs it so; one click mends it.")
            switch.setAccessibleName(breakage.label)
            switch.clicked.connect(self._choose)
        self._place_switches()
        layout.addWidget(self._switch_box)
        layout.addStretch(1)
        self.setWidget(content)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the switches below each other where there is no room for two."""
        super().resizeEvent(event)
        self._place_switches()

    def _place_switches(self) -> None:
        columns = 2 if self.viewport().width() >= scaled(TWO_COLUMNS) else 1
        if self._grid.count() and (self._grid.itemAtPosition(0, 1) is not None) == (columns == 2):
            return
        for place, switch in enumerate(self._switches.values()):
            self._grid.addWidget(switch, place // columns, place % columns)

    @property
    def trouble(self) -> str:
        """What is said of the broken loop, empty when nothing is."""
        return self._trouble.text if self._trouble.isVisibleTo(self) else ""

    @Slot()
    def _choose(self) -> None:
        switches = {name: not switch.isChecked() for name, switch in self._switches.items()}
        self._write_loop(structs.replace(self._loop, **switches))

    @Slot()
    def _mend(self) -> None:
        self._write_loop(CORRECT_LOOP)

    def _write_loop(self, loop: Loop) -> None:
        self._run.change(LoopChange(self._run.epoch, loop))

    def set_theme(self, theme: Theme) -> None:
        """Take these colours, and the size of type in force."""
        super().set_theme(theme)
        self.code.take_type_size()
        self._place_switches()

    def needs(self) -> dict[str, Any]:
        """Ask for the epoch, opened up."""
        return {"epoch": True}

    def show_experiment(self, experiment: Experiment) -> None:
        """Write the loop of another experiment."""
        self._experiment = experiment
        self._hunt_box.show_experiment(experiment)
        self._write_code(experiment.loop)

    def _write_code(self, loop: Loop) -> None:
        """Write the loop, or how it is meant."""
        meant = self._run.meant
        self.code.show_code(self._experiment, meant or loop, self.theme, numbered=meant is not None)

    @Slot()
    def _bring_hunt_up(self) -> None:
        QTimer.singleShot(0, self._scroll_to_hunt)  # when the layout has given it its place

    @Slot()
    def _scroll_to_hunt(self) -> None:
        if self._run.meant is None:  # the answer is longer than what may be in sight: from its beginning on
            self.verticalScrollBar().setValue(self._hunt_box.y())
        else:
            self.ensureWidgetVisible(self._hunt_box.lowest, 0, SPACING)

    @Slot()
    def _show_hunt(self) -> None:
        self.show_status(self._run.status)
        self.show_figures(self._run)

    def show_status(self, status: Status) -> None:
        """Show how the loop is written, and what became of it."""
        experiment, self._loop = self._experiment, status.loop
        hidden = self._run.meant is not None
        self._write_code(status.loop)
        self._heading.setVisible(not hidden)
        can_change = commands.Change in allowed_commands(status)
        written_out = isinstance(experiment.optimizer, GradientDescent)
        for name, switch in self._switches.items():
            switch.setVisible(not hidden)
            switch.setChecked(not getattr(status.loop, name))
            switch.setEnabled(can_change and (written_out or name not in WRITTEN_OUT_ONLY))
        broken = () if hidden else broken_names(status.loop)
        failed = status.next_phase if status.state is State.FAILED else None
        self._trouble.setVisible(bool(broken) or failed is not None)
        self._trouble.mend_button.setVisible(bool(broken))
        line = None if hidden or status.failed_line is None else self.code.line(status.failed_line)
        self._trouble.show_trouble(status, failed, line, hidden=hidden)
        self._outcome.show_status(status)
        if failed is not None:
            QTimer.singleShot(0, self._show_trouble)  # when the layout has given it its place

    @Slot()
    def _show_trouble(self) -> None:
        self.ensureWidgetVisible(self._trouble, 0, SPACING)
        self.ensureWidgetVisible(self._trouble.mend_button, 0, SPACING)  # which matters most where both have no room

    def show_figures(self, run: LiveRun) -> None:
        """Show the epoch as far as it has run, or that it runs too fast to look inside."""
        trace, status = run.view(EpochTrace), run.status
        if trace is None:
            return
        if is_outrun(run):
            self._show_running()
            return
        failed = status.next_phase if status.state is State.FAILED else None
        hidden = run.meant is not None
        loop = None if hidden else loop_in_epoch(trace.epoch, run.experiment, status.interventions)
        self.code.show_trace(trace, run.experiment, loop, failed)
        self.code.mark(None if hidden else status.failed_line)
        doing = {0: "about to begin", 5: "finished"}.get(trace.phases_done, f"phase {trace.phases_done} of 5")
        self._caption.setText(f"Epoch {trace.epoch} · {doing}")
        self._caption.show()
        self._too_fast.hide()
        self._trouble.show_warnings(trace.warnings)

    def show_lit(self) -> None:
        """Scroll to the line that is lit, where it is out of sight."""
        block = self.code.lit_block
        if block is not None:
            self.ensureWidgetVisible(block, 0, SPACING)

    def _show_running(self) -> None:
        self._caption.hide()
        self._too_fast.show()
        self.code.show_nothing()


def is_outrun(run: LiveRun) -> bool:
    """Tell whether the epoch that was opened up last is far behind, as the loop runs too fast to follow."""
    trace = run.view(EpochTrace)
    running = run.status.state is State.RUNNING
    return running and trace is not None and trace.epoch not in {run.epoch, run.epoch + 1}
