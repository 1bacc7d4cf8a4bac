"""A broken loop: what was changed, and once it has run, what PyTorch did and why."""

from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from gradgui.experiment.changes import LoopChange
from gradgui.experiment.training_loop import Fault, Phase
from gradgui.ui.app.theme import SPACING
from gradgui.ui.epoch.broken_loops import breakages_of, broken_names, explanation_for
from gradgui.ui.widgets.labels import wrapping_label
from gradgui.worker.status import Status

SILENT = {"zero_grad", *(fault.value for fault in Fault if fault is not Fault.DETACHED)}
"""Ways to break the loop to which PyTorch never objects."""


class TroubleBox(QFrame):
    """PyTorch's own words, and ours.

    Attributes
    ----------
    mend_button
        Writes the loop the right way; above PyTorch's words, however many these are.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("trouble")
        self._title = wrapping_label("trouble_title")
        self._error = wrapping_label("trouble_error")
        self._explanation = wrapping_label("trouble_explanation")
        self.mend_button = QPushButton("Mend the loop")
        self.mend_button.setObjectName("mend")
        self.mend_button.setAccessibleName("Mend the loop")
        self.mend_button.setToolTip("Write the loop the right way again; the run goes on from the last good epoch.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING - 2, SPACING, SPACING - 2)
        layout.setSpacing(SPACING // 2)
        for widget in (self._title, self.mend_button, self._error, self._explanation):
            layout.addWidget(widget)
        self._warnings: tuple[str, ...] = ()
        self._message = ""

    @property
    def text(self) -> str:
        """All that is said."""
        return "\n".join(label.text() for label in (self._title, self._error, self._explanation) if label.text())

    def show_trouble(self, status: Status, failed: Phase | None, line: str | None, *, hidden: bool = False) -> None:
        """Say what was changed; once it has run, what PyTorch did, and why.

        Parameters
        ----------
        status
            With the loop.
        failed
            The phase that raised, None when none did.
        line
            The line that raised.
        hidden
            Whether nothing is to be said of how the loop is written.
        """
        if self.property("failed") != (failed is not None):
            self.setProperty("failed", failed is not None)
            self.style().unpolish(self)
            self.style().polish(self)
        broken = broken_names(status.loop)
        changed = ", ".join(breakage.label for breakage in breakages_of(status.loop))
        explanation = ""
        if failed is not None and hidden:
            title = f"PyTorch stopped in the {failed.value} phase"
        elif failed is not None:
            title = f"PyTorch stopped at: {line.strip()}" if line is not None else "PyTorch stopped"
            explanation = explanation_for(status.loop, failed)
        elif not _has_run(status):
            title = f"Changed: {changed}. It has not run yet."
        elif set(broken) <= SILENT:
            title = "The loop is broken, and PyTorch does not object"
            explanation = explanation_for(status.loop, None)
        else:
            title = f"Changed: {changed}. PyTorch has not objected so far."
        self._title.setText(title)
        self._message = status.message if failed else ""
        self._explanation.setText(explanation)
        self._explanation.setVisible(bool(explanation))
        self._write()

    def show_warnings(self, warnings: tuple[str, ...]) -> None:
        """Show what PyTorch warned of."""
        self._warnings = warnings
        self._write()

    def _write(self) -> None:
        text = "\n".join([*([self._message] if self._message else []), *self._warnings])
        self._error.setText(text)
        self._error.setVisible(bool(text))


def _has_run(status: Status) -> bool:
    """Whether an epoch was finished since the loop was written as it is."""
    changes = [change.epoch for change in status.interventions if isinstance(change, LoopChange)]
    begun = max((epoch for epoch in changes if epoch <= status.epoch), default=0)
    return status.epoch > begun
