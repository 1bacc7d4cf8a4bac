"""What was changed on the way, as marks in a plot over epochs."""

import pyqtgraph as pg
from msgspec import Struct
from PySide6.QtCore import Qt

from gradgui.experiment.changes import (
    DataChange,
    Intervention,
    LearningRateChange,
    LoopChange,
    ParameterChange,
)
from gradgui.experiment.training_loop import CORRECT_LOOP
from gradgui.numbers import readable, shown, write_count, write_number
from gradgui.ui.app.theme import Theme
from gradgui.ui.app.type_scale import scaled


class ChangeMark(Struct, frozen=True):
    """Something that a person changed.

    Attributes
    ----------
    epoch
        Epochs finished when it was changed; the mark stands between this epoch and the next.
    text
        What was changed, for a person.
    """

    epoch: int
    text: str

    @property
    def place(self) -> float:
        """Where it stands on the axis of epochs."""
        return self.epoch + 0.5


def change_mark(change: Intervention) -> ChangeMark:
    """Say what an intervention was."""
    match change:
        case LearningRateChange(epoch=epoch, learning_rate=rate):
            text = f"lr → {shown(write_number(rate))}"
        case ParameterChange(epoch=epoch, name=name, value=value):
            text = f"{name} → {readable(value)}"
        case LoopChange(epoch=epoch, loop=loop):
            text = "loop mended" if loop == CORRECT_LOOP else "loop broken"
        case DataChange(epoch=epoch, data=data):
            text = f"data → {write_count(len(data.x))} points" if len(data.x) > 1 else "data → 1 point"
    return ChangeMark(epoch, text)


class ChangeLines(pg.VTickGroup):  # type: ignore[misc]
    """A dotted line from the bottom to the top of a plot at each mark."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: tuple[ChangeMark, ...] = ()
        self.setVisible(False)  # nothing to draw costs nothing

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        self.setPen(pg.mkPen(theme.muted, width=scaled(1), style=Qt.PenStyle.DotLine))

    def show_marks(self, marks: tuple[ChangeMark, ...]) -> None:
        """Stand at these epochs."""
        if marks != self.marks:
            self.marks = marks
            self.setVisible(bool(marks))
            self.setXVals(sorted({mark.place for mark in marks}))
            self.update()

    def texts_before(self, epoch: int) -> list[str]:
        """Give what was changed just before an epoch."""
        return [mark.text for mark in self.marks if mark.epoch == epoch - 1]
