"""What the curvature says, at the learning rate: the largest stable one, the pace, the epochs still needed."""

import math

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from gradgui.numbers import MINUS, significant, write_count, write_number
from gradgui.record.views import Forecast
from gradgui.ui.widgets.labels import wrapping_label
from gradgui.ui.widgets.number_field import NumberField
from gradgui.ui.widgets.number_kind import NumberKind


class ForecastBox(QWidget):
    """Two lines of forecast and the loss that it counts to.

    Signals
    -------
    wanted_loss_changed(float)
        The loss to count the epochs to, nan for none.

    Attributes
    ----------
    wanted_loss
        The field for it.
    """

    wanted_loss_changed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self._stability = wrapping_label("forecast_stability")
        self._stability.setToolTip(
            "2 / the largest eigenvalue of the Hessian of the loss by the parameters: above it every update of\n"
            "plain gradient descent overshoots by more than it corrects."
        )
        self._epochs = wrapping_label("forecast_epochs")
        self.wanted_loss = NumberField("wanted_loss", "Wanted loss", NumberKind(gt=0.0, optional=True))
        self.wanted_loss.line.setPlaceholderText("none")
        self.wanted_loss.line.setToolTip("Wanted loss: the forecast counts the epochs to a loss of at most this.")
        self.wanted_loss.entered.connect(self.wanted_loss_changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._stability)
        form = QFormLayout()
        form.addRow("Wanted loss", self.wanted_loss)
        layout.addLayout(form)
        layout.addWidget(self._epochs)
        self.show_nothing("The forecast comes with PyTorch.")

    @property
    def text(self) -> str:
        """All that is said."""
        return f"{self._stability.text()}\n{self._epochs.text()}"

    @Slot(str)
    def show_nothing(self, reason: str) -> None:
        """Say why there is no forecast."""
        self._stability.setText(reason)
        self._epochs.setText("")

    def show_forecast(self, forecast: Forecast, learning_rate: float) -> None:
        """Show what plain gradient descent will do.

        Parameters
        ----------
        forecast
            From the present point.
        learning_rate
            That it was made for.
        """
        here = "" if forecast.exact else " near here"
        if not forecast.eigenvalues:
            self.show_nothing("No forecast: the loss or its curvature is not finite here.")
            return
        if not math.isfinite(forecast.largest_rate):
            self._stability.setText(f"The loss does not curve upwards{here}: no learning rate is too large for it.")
        else:
            verdict = "stable" if learning_rate < forecast.largest_rate else "unstable"
            self._stability.setText(
                f"{verdict}: the largest stable rate is {significant(forecast.largest_rate)}{here}.\n"
                f"The error is multiplied by {_factor(forecast.factor)} each epoch."
            )
        wanted = self.wanted_loss.value
        if math.isnan(wanted):
            self._epochs.setText("")
        elif forecast.epochs_needed is None:
            self._epochs.setText(f"It will not reach a loss of {write_number(wanted)}{here}.")
        else:
            about = "" if forecast.exact else "about "
            self._epochs.setText(
                f"{about}{write_count(forecast.epochs_needed)} epochs more to a loss of {write_number(wanted)}."
            )


def _factor(factor: float) -> str:
    """Write a factor with the digits that tell it from 1."""
    if factor == 1.0 or significant(factor) != "1":
        return significant(factor)
    return f"1 {MINUS if factor < 1.0 else '+'} {significant(abs(1.0 - factor), 2)}"
