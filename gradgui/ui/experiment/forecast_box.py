"""What the curvature says, at the learning rate: the largest stable one, the pace, the epochs still needed."""

import math

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFormLayout, QPushButton, QVBoxLayout, QWidget

from gradgui.experiment.experiment import Experiment
from gradgui.numbers import significant
from gradgui.record.views import Forecast
from gradgui.ui.experiment.outlook import curves_downwards, epochs_text, outlook, reckoning
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
        self.setObjectName("forecast")
        self._stability = wrapping_label("forecast_stability")
        self._why = QPushButton()
        self._why.setObjectName("why_rate")
        self._why.setAccessibleName("Why this largest stable rate")
        self._why.setToolTip("Why: how the largest stable rate is worked out, with the numbers of this experiment.")
        self._why.setCheckable(True)
        self._why.toggled.connect(self._show_reckoning)
        self._reckoning = wrapping_label("hint")
        self._epochs = wrapping_label("forecast_epochs")
        self.wanted_loss = NumberField("wanted_loss", "Wanted loss", NumberKind(gt=0.0, optional=True))
        self.wanted_loss.line.setPlaceholderText("none")
        self.wanted_loss.line.setToolTip("Wanted loss: the forecast counts the epochs to a loss of at most this.")
        self.wanted_loss.entered.connect(self.wanted_loss_changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._stability)
        layout.addWidget(self._why)
        layout.addWidget(self._reckoning)
        form = QFormLayout()
        form.addRow("Wanted loss", self.wanted_loss)
        layout.addLayout(form)
        layout.addWidget(self._epochs)
        self.show_nothing("The forecast comes with PyTorch.")

    @property
    def text(self) -> str:
        """All that is said."""
        return f"{self._stability.text()}\n{self._epochs.text()}"

    @property
    def reckoning(self) -> str:
        """How the largest stable rate is worked out, empty while nobody asked."""
        return self._reckoning.text() if self._reckoning.isVisibleTo(self) else ""

    @Slot(str)
    def show_nothing(self, reason: str) -> None:
        """Say why there is no forecast."""
        self._stability.setText(reason)
        self._epochs.setText("")
        self._why.hide()
        self._reckoning.hide()

    def show_forecast(self, forecast: Forecast, experiment: Experiment, learning_rate: float) -> None:
        """Show what plain gradient descent will do.

        Parameters
        ----------
        forecast
            From the present point.
        experiment
            Whose.
        learning_rate
            That it was made for.
        """
        self._stability.setText(outlook(forecast, experiment, learning_rate))
        has_rate = math.isfinite(forecast.largest_rate) and not curves_downwards(forecast)
        self._why.setVisible(has_rate)
        self._reckoning.setVisible(has_rate and self._why.isChecked())
        if has_rate:
            self._why.setText(f"Why {significant(forecast.largest_rate)}?")
            self._reckoning.setText(reckoning(forecast, experiment, learning_rate))
        wanted = self.wanted_loss.value
        unasked = math.isnan(wanted) or not math.isfinite(forecast.factor)
        self._epochs.setText("" if unasked else epochs_text(forecast, experiment, wanted))

    @Slot(bool)
    def _show_reckoning(self, wanted: bool) -> None:
        self._reckoning.setVisible(wanted)
