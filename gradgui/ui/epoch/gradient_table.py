"""The gradient three ways: autograd, by hand, by finite difference; with what the differences mean."""

import math
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gradgui.experiment.changes import loop_in_epoch
from gradgui.numbers import shown
from gradgui.record.gradient_check import GradientCheck, GradientChecks, explain
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.app.type_scale import fixed_font
from gradgui.ui.epoch.loop_panel import is_outrun
from gradgui.ui.widgets.labels import wrapping_label
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.view import View

_WAYS = (
    ("loss.backward()", "What PyTorch's autograd gives, in the run's dtype."),
    ("by hand", "The symbolic derivative, evaluated on the data in float64."),
    ("finite difference", "(loss(p + h) − loss(p − h)) / 2h in float64."),
)


class GradientTable(QScrollArea, View):
    """One block a parameter."""

    name = "gradient_panel"
    heading = "Gradient three ways"
    guide = "the-gradient-three-ways"

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("gradient_table")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("The gradient three ways")
        self._content = QWidget()
        self._layout = QVBoxLayout(self._content)
        self._layout.setContentsMargins(SPACING + 2, SPACING // 2, SPACING + 2, SPACING)
        self._caption = wrapping_label("hint", "The gradients appear with the first epoch.")
        self._layout.addWidget(self._caption)
        self._blocks: list[_Block] = []
        self._layout.addStretch(1)
        self.setWidget(self._content)

    @property
    def text(self) -> str:
        """All that is shown."""
        return "\n".join(block.text for block in self._blocks)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours, and the size of type in force."""
        super().set_theme(theme)
        for block in self._blocks:
            block.take_type_size()

    def needs(self) -> dict[str, Any]:
        """Ask for the gradients."""
        return {"gradients": True}

    def show_figures(self, run: LiveRun) -> None:
        """Show the gradients at the start of the epoch that is opened up."""
        checks = run.view(GradientChecks)
        if checks is None or not self.isVisible() or is_outrun(run):
            return
        theme, dtype = self.theme, run.experiment.dtype
        loop = loop_in_epoch(checks.epoch, run.experiment, run.status.interventions)
        caption = f"Epoch {checks.epoch}, before the update: at the parameters it begins with"
        if loop.fault is not None or run.meant is not None:
            caption += "; of the loss as it is meant, whatever the loop makes of it"
        self._caption.setText(caption)
        while len(self._blocks) < len(checks.checks):
            self._blocks.append(_Block())
            self._layout.insertWidget(len(self._blocks), self._blocks[-1])
        while len(self._blocks) > len(checks.checks):
            self._blocks.pop().deleteLater()
        for index, (block, check) in enumerate(zip(self._blocks, checks.checks, strict=True)):
            block.show_check(check, theme.parameter(index), dtype)


class _Block(QWidget):
    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, SPACING)
        layout.setSpacing(SPACING // 2)
        self._formula = wrapping_label("gradient_formula", linked=False)
        self._meaning = wrapping_label("hint")
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * SPACING)
        grid.setVerticalSpacing(2)
        self._values, self._differences = [], []
        for row, (way, tooltip) in enumerate(_WAYS):
            caption, value, difference = QLabel(way), QLabel(), QLabel()
            caption.setToolTip(tooltip)
            for label in (value, difference):
                label.setAlignment(Qt.AlignmentFlag.AlignRight)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            difference.setObjectName("hint")
            difference.setToolTip("Difference from autograd's")
            for column, label in enumerate((caption, value, difference)):
                grid.addWidget(label, row, column)
            self._values.append(value)
            self._differences.append(difference)
        grid.setColumnStretch(1, 1)
        layout.addWidget(self._formula)
        layout.addLayout(grid)
        layout.addWidget(self._meaning)
        self.take_type_size()

    @property
    def text(self) -> str:
        """All that is shown."""
        labels = [self._formula, *self._values, *self._differences, self._meaning]
        return "\n".join(label.text() for label in labels)

    def take_type_size(self) -> None:
        """Write the numbers at the size in force."""
        for label in (*self._values, *self._differences):
            label.setFont(fixed_font())

    def show_check(self, check: GradientCheck, colour: str, dtype: str) -> None:
        """Show one parameter's."""
        left, equals, right = check.formula.partition(" = ")
        self._formula.setText(f'<b style="color:{colour}">{left}</b>{equals}{right}')
        for index, value in enumerate((check.autograd, check.by_hand, check.difference)):
            self._values[index].setText(_shown(value))
            difference = math.nan if value is None else value - check.autograd
            is_told = index > 0 and math.isfinite(difference)
            self._differences[index].setText(shown(f"Δ {difference:+.1e}") if is_told else "")
        self._meaning.setText(explain(check, dtype))


def _shown(gradient: float | None) -> str:
    if gradient is None:
        return "–"
    return "undefined" if math.isnan(gradient) else shown(f"{gradient:.10g}")
