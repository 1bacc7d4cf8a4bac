"""Going back to the last time that something happened, found in the log."""

from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gradgui.numbers import shown, write_count
from gradgui.record.csv_file import shortest
from gradgui.record.event_search import last_epoch_where
from gradgui.record.events import BecameNotFinite, Event, GradientChangedSign, LossBelow, LossRose, ParameterCrossed
from gradgui.record.training_log import TrainingLog
from gradgui.ui.app.theme import SPACING
from gradgui.ui.widgets.labels import wrapping_label
from gradgui.ui.widgets.number_field import NumberField
from gradgui.ui.widgets.number_kind import NumberKind
from gradgui.ui.window.live_run import LiveRun
from gradgui.worker import commands
from gradgui.worker.commands import allowed_commands

WIDTH = 380


class _Choice(Struct, frozen=True):
    """Something that can have happened.

    Attributes
    ----------
    text
        As it stands after “the last time that”.
    event
        Makes it from the value in the field.
    columns
        What of the log shows it.
    has_value
        Whether the field has to do with it.
    """

    text: str
    event: Callable[[float], Event]
    columns: tuple[str, ...]
    has_value: bool = False


def _choices(names: tuple[str, ...], columns: tuple[str, ...]) -> list[_Choice]:
    gradients = [f"{name}_grad" for name in names]
    choices = [_Choice("the loss rose", lambda _: LossRose(), ("loss",))]
    if len(names) > 1:
        choices.append(_Choice("any gradient changed sign", lambda _: GradientChangedSign(), tuple(gradients)))
    for name, gradient in zip(names, gradients, strict=True):
        text = f"the gradient of {name} changed sign"
        choices.append(_Choice(text, lambda _, name=name: GradientChangedSign(name), (gradient,)))  # type: ignore[misc]
    for name in names:
        crossed = lambda value, name=name: ParameterCrossed(name, value)  # noqa: E731
        choices.append(_Choice(f"{name} crossed", crossed, (name,), has_value=True))
    choices.append(_Choice("a number became inf or nan", lambda _: BecameNotFinite(), columns))
    choices.append(_Choice("the loss first fell below", LossBelow, ("loss",), has_value=True))
    return choices


class GoBackDialog(QDialog):
    """Ask what is looked for, say where it was, and go there: to before that epoch, so that it can be stepped.

    Parameters
    ----------
    window
        The dialog's parent.
    run
        Whose log is searched.
    """

    def __init__(self, window: QWidget, run: LiveRun) -> None:
        super().__init__(window)
        self.setObjectName("go_back_dialog")
        self.setWindowTitle("Go back to the last time that …")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._run = run
        self._found: int | None = None
        self._what = QComboBox()
        self._what.setObjectName("go_back_what")
        self._what.setAccessibleName("What happened")
        self._value = NumberField("go_back_value", "The value", NumberKind())
        self._value.set_value(0.0)
        self._answer = wrapping_label("go_back_answer")
        self._go = QPushButton("&Go there")
        self._go.setObjectName("go_back_go")
        self._go.setDefault(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self._go, QDialogButtonBox.ButtonRole.ActionRole)
        row = QHBoxLayout()
        row.addWidget(self._what, 2)
        row.addWidget(self._value, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, SPACING)
        layout.setSpacing(SPACING)
        layout.addLayout(row)
        layout.addWidget(self._answer)
        layout.addWidget(buttons)
        self.resize(WIDTH, self.sizeHint().height())
        self._what.currentIndexChanged.connect(self._search)
        self._value.entered.connect(self._search)
        self._go.clicked.connect(self._go_there)
        buttons.rejected.connect(self.reject)
        run.status_changed.connect(self._search)
        run.experiment_changed.connect(self._offer)
        self._offer()

    @Slot()
    def _offer(self) -> None:
        """Offer what can have happened to the present experiment."""
        experiment, before = self._run.experiment, self._what.currentIndex()
        self._choices = _choices(experiment.parameter_names, experiment.columns.in_file)
        self._what.clear()
        self._what.addItems([choice.text for choice in self._choices])
        self._what.setCurrentIndex(before if 0 <= before < len(self._choices) else 0)
        self._search()

    @Slot()
    def _search(self) -> None:
        """Look for the last time before the next epoch: the one that a step would train."""
        run, place = self._run, self._what.currentIndex()
        if not 0 <= place < len(self._choices) or run.is_awaited:
            return
        choice = self._choices[place]
        self._value.setVisible(choice.has_value)
        self._found = last_epoch_where(run.log, choice.event(self._value.value), run.epoch + 1)
        self._answer.setText(self._answer_text(choice))
        self._go.setEnabled(self._found is not None and commands.GoTo in allowed_commands(run.status))

    def _answer_text(self, choice: _Choice) -> str:
        epoch, log = self._found, self._run.log
        if epoch is None:
            trained = self._run.epoch
            return (
                f"In the first {write_count(trained)} epochs it did not happen."
                if trained
                else "At the start: no epoch yet."
            )
        changed = [name for name in choice.columns if len(choice.columns) == 1 or _changed(log, name, epoch)]
        values = [f"{name} {_value(log, name, epoch - 1)} → {_value(log, name, epoch)}" for name in changed[:3]]
        return f"Epoch {write_count(epoch)}:  {';  '.join(values)}"

    @Slot()
    def _go_there(self) -> None:
        if self._found is not None:
            self._run.do(commands.GoTo(self._found - 1))


def _changed(log: TrainingLog, name: str, epoch: int) -> bool:
    """Whether a number changed its sign, or is no longer finite."""
    later = log.value(name, epoch)
    if not abs(later) < float("inf"):
        return True
    return epoch > 1 and log.value(name, epoch - 1) * later < 0


def _value(log: TrainingLog, name: str, epoch: int) -> str:
    return shown(shortest(log.value(name, epoch), log.dtype)) if epoch else "start"
