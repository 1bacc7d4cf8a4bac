"""Pictures of a graph: all of it, however much of it is in sight."""

from pathlib import Path

from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QPainter

from gradgui.ui.graph.graph_view import GraphView
from gradgui.ui.plots.picture import save_drawing


def save_graph_picture(view: GraphView, path: Path) -> None:
    """Save the whole graph at its own size, whole or not at all; without a graph, what the view says instead.

    Parameters
    ----------
    view
        Where the graph is.
    path
        Ends in ``.svg`` for a drawing; anything else becomes a PNG at twice its size.

    Raises
    ------
    OSError
        When the file cannot be written; one that was there is as it was.
    """
    drawing = view.scene.drawing.toAlignedRect()

    def draw_graph(painter: QPainter, room: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view.scene.render(painter, room, drawing)

    def draw_hint(painter: QPainter, _room: QRectF) -> None:
        view.render(painter, QPoint())

    title, resolution = view.view.accessibleName(), view.logicalDpiX()
    if view.shows_graph:
        save_drawing(draw_graph, drawing.size(), title, resolution, path)
    else:
        save_drawing(draw_hint, view.size(), title, resolution, path)
