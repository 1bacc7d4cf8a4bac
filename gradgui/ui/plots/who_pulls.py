"""Who pulls: each point's share of the gradient, as arrows at the points and in words below them."""

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from gradgui.experiment.experiment import Experiment
from gradgui.numbers import write_count
from gradgui.record.point_shares import PointShares
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.plots.axes import FONT_SIZE
from gradgui.ui.plots.canvas import Canvas
from gradgui.ui.plots.pull_arrows import PullArrows
from gradgui.ui.plots.pull_text import PullText
from gradgui.ui.widgets.labels import wrapping_label
from gradgui.ui.window.live_run import LiveRun
from gradgui.worker.status import State

LISTED = 10
"""Shares that the tooltip lists."""
REACH = 14.0
"""Pixels around a point in which the mouse is at it."""
LOW = 220
"""Pixels: in a panel that is lower, the sum is told by the tooltip only."""
AFTERWARDS = "Shown when you have predicted."
TOO_FAST = "Shown when the loop rests, or at a speed that one can follow."


class WhoPulls(QObject):
    """Show the shares in a plot of the data, while an action is checked.

    Parameters
    ----------
    canvas
        The plot; the words stand below it.
    action
        What shows and hides all of it.

    Attributes
    ----------
    chooser
        The choice of the parameter, in sight when there are several.
    tools
        What holds it in the panel's title.
    reading
        The words.
    arrows
        The arrows.
    """

    def __init__(self, canvas: Canvas, action: QAction) -> None:
        super().__init__(canvas)
        self._canvas, self._action = canvas, action
        self._theme: Theme | None = None
        self._experiment: Experiment | None = None
        self._run: LiveRun | None = None
        self._drawn: tuple[object, ...] = ()
        self._shares: PointShares | None = None
        self._text: PullText | None = None
        self._point: int | None = None
        self._low = False
        self.arrows = PullArrows(canvas)
        self.chooser = QComboBox()
        self.chooser.setObjectName("pulled_parameter")
        self.chooser.setAccessibleName("Parameter that is pulled")
        self.chooser.setToolTip("The parameter whose gradient is shared out among the points.")
        self.tools = QWidget()
        self.tools.setVisible(False)  # room for it only where there is a choice
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(0, 0, SPACING // 2, 0)
        row.addStretch(1)
        row.addWidget(self.chooser)
        self.chooser.currentIndexChanged.connect(self._choose)
        self.reading = PullReading()
        layout = canvas.layout()
        if layout is not None:
            layout.addWidget(self.reading)
        self.reading.stepped.connect(self._step)
        self.reading.left.connect(self._leave)
        canvas.plot.scene().sigMouseMoved.connect(self._point_at)
        action.toggled.connect(self._toggle)
        self.reading.setVisible(action.isChecked())

    @property
    def is_shown(self) -> bool:
        """Whether the shares are wanted."""
        return self._action.isChecked()

    @property
    def parameter(self) -> str:
        """The one whose gradient is shared out."""
        return self.chooser.currentText()

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        self._theme = theme
        self._colour()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the shares of another experiment; of the same parameters the choice stays."""
        names = experiment.parameter_names
        known = self._experiment.parameter_names if self._experiment is not None else ()
        self._experiment = experiment
        if names != known:
            self.chooser.clear()
            self.chooser.addItems(names)
        self.tools.setVisible(self.is_shown and len(names) > 1)
        self._drawn = ()
        self._colour()

    def draw(self, run: LiveRun) -> None:
        """Draw the shares at the parameters that the run has now, as soon as they have been worked out."""
        self._run = run
        shares = run.view(PointShares) if self.is_shown and not run.gate else None  # it knows what is to be predicted
        if shares is not None and shares.epoch - 1 not in {run.epoch, run.epoch + 1}:
            shares = None  # of parameters that the run has left since
        self._low = self._canvas.height() < LOW
        self.reading.setWordWrap(not self._low)
        key = (shares, self.parameter, self.is_shown, self._low, run.experiment.dtype, run.gate)
        if len(key) == len(self._drawn) and all(one is other for one, other in zip(key, self._drawn, strict=True)):
            return
        self._drawn, self._shares, self._text = key, shares, None
        if not self.is_shown:
            self.arrows.clear()
        elif shares is None:
            self.arrows.clear()
            self.reading.setText(TOO_FAST if run.status.state is State.RUNNING else AFTERWARDS if run.gate else "")
        elif self.parameter in shares.parameters:
            self._show(shares, PullText(shares, self.parameter, run.experiment.dtype))

    def _show(self, shares: PointShares, text: PullText) -> None:
        self._text = text
        if self._point is not None and self._point >= len(shares.x):
            self._point = None
        label = text.percent(text.strongest[0]) if len(text.strongest) else ""
        # Gradient descent goes against the gradient.
        self.arrows.show_forces(shares.x, shares.y_pred, -shares.of(self.parameter), label)
        self._write()

    def _write(self) -> None:
        text, name = self._text, self.parameter
        if text is None or self._shares is None:
            return
        second = text.first if self._point is None else text.of_point(self._point)
        pulling = int(np.count_nonzero(self._shares.of(name)))
        drawn = len(self.arrows.drawn)
        hidden = f" · {write_count(drawn)} of {write_count(pulling)} arrows drawn" if drawn < pulling else ""
        legend = f" (an arrow up raises {name}){hidden}" if drawn else hidden
        self.reading.setText(second if self._low and second else f"{text.sum}\n{second}{legend}".strip())
        listed = "\n".join(text.list_of(LISTED))
        self.reading.setToolTip(
            f"Each point's share of the gradient, as PyTorch adds them up. Gradient descent goes against it: an\n"
            f"arrow up raises {name}, one down lowers it. The longest arrow is that of the largest share.\n"
            f"Here Left and Right go from point to point, the largest share first.\n{text.sum}\n{listed}"
        )
        self.reading.setAccessibleDescription(f"{text.sum}\n{listed}")

    def _colour(self) -> None:
        if self._theme is not None:
            self.arrows.set_colours(self._theme.parameter(max(0, self.chooser.currentIndex())), self._theme)

    @Slot(bool)
    def _toggle(self, shown: bool) -> None:
        if self._run is not None:
            self.draw(self._run)
            self._run.clock.request()
        self.reading.setVisible(shown)
        self.tools.setVisible(shown and self.chooser.count() > 1)

    @Slot(int)
    def _choose(self, _index: int) -> None:
        self._colour()
        if self._run is not None:
            self.draw(self._run)

    @Slot(int)
    def _step(self, by: int) -> None:
        """Go to the point with the next smaller or larger share."""
        text = self._text
        if text is None or not len(text.strongest):
            return
        order = text.strongest.tolist()
        place = order.index(self._point) + by if self._point in order else 0
        self._point = order[min(max(place, 0), len(order) - 1)]
        self._write()

    @Slot()
    def _leave(self) -> None:
        self._point = None
        self._write()

    @Slot(object)
    def _point_at(self, position: QPointF) -> None:
        """Tell the share of the point under the mouse."""
        shares, box = self._shares, self._canvas.plot.getViewBox()
        if shares is None or self._text is None or self._experiment is None:
            return
        point, before = None, self._point
        data = self._run.status.data if self._run is not None else None
        y = (data or self._experiment.data).y
        if box.sceneBoundingRect().contains(position) and len(y) == len(shares.x):
            place, pixel = box.mapSceneToView(position), box.viewPixelSize()
            with np.errstate(over="ignore", invalid="ignore"):
                across = (shares.x - place.x()) / pixel[0]
                up = np.minimum(np.abs(y - place.y()), np.abs(shares.y_pred - place.y())) / pixel[1]
                away = np.nan_to_num(np.hypot(across, up), nan=np.inf)
            nearest = int(away.argmin()) if len(away) else 0
            point = nearest if len(away) and away[nearest] <= REACH else None
        if point != before and not self.reading.hasFocus():
            self._point = point
            self._write()


class PullReading(QLabel):
    """Words that the keys can ask for more: Left and Right go from point to point.

    Signals
    -------
    stepped(int)
        1 for the next smaller share, -1 for the next larger one.
    left()
        Back to what is said of all.
    """

    stepped = Signal(int)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pull_reading")
        self.setAccessibleName("Who pulls")
        self.setWordWrap(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(wrapping_label("").sizePolicy())
        self.setContentsMargins(SPACING + 2, 0, SPACING, SPACING // 2)
        font = self.font()
        font.setPointSize(FONT_SIZE)
        self.setFont(font)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from point to point."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        if event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
