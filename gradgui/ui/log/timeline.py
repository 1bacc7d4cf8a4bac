"""The timeline: every epoch trained so far, to go to."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from gradgui.ui.app.theme import SPACING
from gradgui.ui.widgets.labels import SteadyLabel


class Timeline(QWidget):
    """A slider over the epochs, from the start to the furthest one trained.

    Signals
    -------
    epoch_chosen(int)
        The person wants to be there.

    Attributes
    ----------
    slider
        The slider itself.
    """

    epoch_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("timeline")
        self.slider.setAccessibleName("Timeline")
        self.slider.setRange(0, 0)
        self.slider.setToolTip(
            "Timeline: go to any epoch trained so far. Everything is as it was then, to the last bit.\n"
            "Arrow keys go one epoch, Page keys ten; Home is the start."
        )
        self.slider.setPageStep(10)
        caption = QLabel("Timeline")
        caption.setObjectName("hint")
        caption.setBuddy(self.slider)
        self._reading = SteadyLabel()
        self._reading.setObjectName("timeline_label")
        self._reading.setText("epoch 10000000 of 10000000 trained")  # takes the room for as much
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACING + 2, 2, SPACING + 2, 2)
        layout.setSpacing(SPACING)
        for widget in (caption, self.slider, self._reading):
            layout.addWidget(widget)
        self.slider.valueChanged.connect(self._choose)

    def show_place(self, epoch: int, horizon: int) -> None:
        """Show where the run is, without asking for anything."""
        if not self.slider.isSliderDown():
            with QSignalBlocker(self.slider):
                self.slider.setMaximum(horizon)
                self.slider.setValue(epoch)
        ahead = f"epoch {epoch} of {horizon} trained" if horizon > epoch else f"epoch {epoch}"
        if ahead != self._reading.text():
            self._reading.setText(ahead)
            self.slider.setAccessibleDescription(ahead)

    @Slot(int)
    def _choose(self, epoch: int) -> None:
        self.epoch_chosen.emit(epoch)
