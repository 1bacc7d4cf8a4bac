"""What every plot shares: a pyqtgraph plot in the window's colours, without pyqtgraph's own menus."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QApplication, QGraphicsItem, QVBoxLayout, QWidget

from gradgui.ui.app.theme import Theme
from gradgui.ui.app.type_scale import scaled, scaled_pixels
from gradgui.ui.plots.axes import FONT_SIZE, Range, SteadyAxis, ValueAxis, drawable_range, within_reach
from gradgui.ui.plots.items import Dots, Marker

MOST_COVERED = 0.4
"""Share of a plot's height that a text may cover; else there would be nothing to see behind it."""
EDGE = 12
"""Pixels beside the right end of the axis, for half of its last number."""


class Plot(pg.GraphicsView):  # type: ignore[misc]
    """What pyqtgraph's PlotWidget is for this program.

    That one makes the sixty widgets of its options menu as well, two more axes, a title and a button; eight of them
    cost a tenth of the time to the first frame.

    Parameters
    ----------
    name
        ``objectName``.
    title
        Accessible name.
    axes
        Those at the ``left`` and the ``bottom``, where they are not the usual ones.
    """

    def __init__(self, name: str, title: str, axes: dict[str, SteadyAxis] | None = None) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        # A frame changes curves that reach through all of the plot: to find out which parts of it costs more.
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)  # which Qt passes on to the plot
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.scene().contextMenu = []  # pyqtgraph's export dialog outlives its plot and crashes
        self._box = pg.ViewBox(enableMenu=False)
        self._box.disableAutoRange()
        self._axes = axes or {"left": ValueAxis("left"), "bottom": SteadyAxis("bottom")}
        self.centralLayout.setContentsMargins(1, 1, EDGE, 1)
        self.centralLayout.setSpacing(0)
        for item, row, column in ((self._box, 0, 1), (self._axes["left"], 0, 0), (self._axes["bottom"], 1, 1)):
            self.centralLayout.addItem(item, row, column)
        for axis in self._axes.values():
            axis.linkToView(self._box)
        self.centralLayout.activate()

    def minimumSizeHint(self) -> QSize:
        """Ask for no more room in large type than at 100 %: a plot may be small, a window must fit its screen."""
        return super().minimumSizeHint() / scaled(1.0)  # type: ignore[no-any-return]

    def getViewBox(self) -> pg.ViewBox:  # noqa: N802 - as pyqtgraph calls it
        """Give what the data are in."""
        return self._box

    def getAxis(self, side: str) -> pg.AxisItem:  # noqa: N802
        """Give the axis at the ``left`` or the ``bottom``."""
        return self._axes[side]


pg.setConfigOptions(antialias=False)

GRID = 24
"""How opaque the grid's lines are, of 255."""
AXIS_WIDTH = 58
"""Pixels, the same for all, so that plots above each other line up."""


DESCENT = 6
"""Pixels under the axis's name that grow with it, though pyqtgraph keeps none for them."""
TICK_HEIGHT = 18
"""Pixels of the numbers under a plot."""


class Legend(Protocol):
    """What tells the lines of a plot apart, and is drawn under a picture of it."""

    @property
    def whole_height(self) -> int:
        """How much room all of it takes."""

    def draw_whole(self, painter: QPainter, top: float) -> None:
        """Draw all of it."""


class Canvas(QWidget):
    """A widget around one plot.

    Parameters
    ----------
    name
        ``objectName`` of the plot.
    title
        Accessible name, and the name of a picture of it.
    x_label, y_label
        Names of the axes.
    axes
        As in `Plot`.

    Attributes
    ----------
    title
        As given.
    plot
        The pyqtgraph plot.
    """

    def __init__(
        self, name: str, title: str, x_label: str, y_label: str, axes: dict[str, SteadyAxis] | None = None
    ) -> None:
        super().__init__()
        self.title = title
        self.plot = Plot(name, title, axes)
        self._labels = {"bottom": x_label, "left": y_label}
        self.plot.getAxis("bottom").setStyle(
            autoExpandTextSpace=False,  # which would lay out and paint twice
            hideOverlappingLabels=EDGE,
        )
        self._texts: dict[pg.TextItem, tuple[float, float]] = {}
        for moved in (self.plot.getViewBox().sigResized, self.plot.getViewBox().sigRangeChanged):
            moved.connect(self._keep_texts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 0, 2)
        layout.addWidget(self.plot)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        self.plot.setBackground(theme.surface)
        font = QFont(self.font())
        font.setPointSizeF(scaled(FONT_SIZE))
        self.plot.getAxis("left").setWidth(scaled_pixels(AXIS_WIDTH))
        self.plot.centralLayout.setContentsMargins(1, 1, EDGE, 1 + scaled_pixels(DESCENT) - DESCENT)
        self.plot.getAxis("bottom").setStyle(tickTextHeight=scaled_pixels(TICK_HEIGHT))
        for side, label in self._labels.items():
            axis = self.plot.getAxis(side)
            axis.setPen(theme.outline)
            axis.setTextPen(theme.muted)
            axis.setTickFont(font)
            axis.setStyle(tickLength=-4, maxTickLevel=1)  # a third level of grid lines costs more than it shows
            axis.setZValue(-1)  # its grid belongs under the data
            # The grid lies under every curve: kept as pixels, it is not drawn anew with each frame of them.
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
            axis.setGrid(GRID)
            axis.setLabel(label, color=theme.muted, **_label_style())
        self._take_type_size()

    def _take_type_size(self) -> None:
        """Write texts in the plot, and draw dots and symbols, at the size in force."""
        for item in self.plot.getViewBox().childGroup.childItems():
            if isinstance(item, pg.TextItem):
                item.setFont(QApplication.font())
            elif isinstance(item, Dots | Marker):
                item.take_type_size()

    def place_note(self, note: pg.TextItem) -> None:
        """Put a note into the lower right corner."""
        (_, right), (bottom, _) = self.plot.getViewBox().viewRange()
        self.place_text(note, right, bottom)

    def place_text(self, text: pg.TextItem, x: float, y: float) -> None:
        """Put a text at a place; the plot's edges move it and break its lines, so that all of it is in sight."""
        self._texts[text] = within_reach(x), within_reach(y)
        self._keep_text(text, *self._texts[text])

    def _way_out(self, text: pg.TextItem, taken: QRectF, room: QRectF) -> float | None:
        """Give how far down, or up, a text goes so that it hides none that has its place; None without room."""
        for other in self._texts:
            if other is text:
                break
            before = other.boundingRect().translated(other.scenePos())
            if other.isVisible() and other.opacity() and taken.intersects(before):
                up, down = before.top() - taken.bottom(), before.bottom() - taken.top()
                is_lower = taken.center().y() > before.center().y()
                fits_below, fits_above = taken.bottom() + down <= room.bottom(), taken.top() + up >= room.top()
                return down if fits_below and (is_lower or not fits_above) else up if fits_above else None
        return 0.0

    def show_range(self, across: Range, up: Range, padding: float = 0.0) -> None:
        """Show these ranges of both axes, or as much of them as can be drawn, and so much more beside them."""
        self.plot.getViewBox().setRange(xRange=drawable_range(*across), yRange=drawable_range(*up), padding=padding)

    @Slot()
    def _keep_texts(self) -> None:
        for text, place in self._texts.items():
            self._keep_text(text, *place)

    def _keep_text(self, text: pg.TextItem, x: float, y: float) -> None:
        box = self.plot.getViewBox()
        text.setTextWidth(-1)
        if text.boundingRect().width() > box.width():
            text.setTextWidth(box.width())
        room, place = box.sceneBoundingRect(), box.mapViewToScene(QPointF(x, y))
        taken = text.boundingRect().translated(place)  # a text has the scale of the scene
        place.setX(place.x() + max(0.0, room.left() - taken.left()) - max(0.0, taken.right() - room.right()))
        place.setY(place.y() + max(0.0, room.top() - taken.top()) - max(0.0, taken.bottom() - room.bottom()))
        way = self._way_out(text, text.boundingRect().translated(place), room)
        place.setY(place.y() + (way or 0.0))
        text.setPos(box.mapSceneToView(place))
        text.setOpacity(float(way is not None and taken.height() <= MOST_COVERED * room.height()))

    @property
    def legend(self) -> Legend | None:
        """What a picture has under the plot, None where there is nothing."""
        return None

    @contextmanager
    def every_axis_named(self) -> Iterator[None]:
        """Show, for a picture that stands alone, what the plot leaves to its neighbour in the window."""
        yield

    def set_label(self, side: str, text: str, theme: Theme, colour: str | None = None) -> None:
        """Name an axis anew, in a colour of its own or in that of secondary text."""
        self._labels[side] = text
        self.plot.getAxis(side).setLabel(text, color=colour or theme.muted, **_label_style())


def _label_style() -> dict[str, str]:
    return {"font-size": f"{scaled(FONT_SIZE):g}pt"}
