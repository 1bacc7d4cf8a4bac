"""Pictures of the graph: real files."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from gradgui.ui.app.theme import DARK
from gradgui.ui.graph.graph_view import HINT, GraphView
from gradgui.ui.plots import picture
from gradgui.ui.plots.picture import graph_picture
from tests.ui.graph_samples import bare_graph, lesson_backward, polynomial


@pytest.fixture
def view(qtbot: QtBot) -> GraphView:
    """A small dark view of the lesson, zoomed into a corner, and not even shown."""
    view = GraphView()
    qtbot.addWidget(view)
    view.resize(380, 300)
    view.set_theme(DARK)
    view.show_graph(lesson_backward(), ["w"])
    for _ in range(5):
        view.view.zoom_in()
    return view


def svg_texts(path: Path) -> list[str]:
    drawing = ElementTree.parse(path).getroot()  # noqa: S314 - our own file
    return [(element.text or "").strip() for element in drawing.iter("{http://www.w3.org/2000/svg}text")]


def test_a_png_has_all_of_it_at_twice_the_size(view: GraphView, tmp_path: Path) -> None:
    (tmp_path / "graph.png").write_bytes(graph_picture(view, ".png")())
    image = QImage(str(tmp_path / "graph.png"))
    size = view.scene.drawing.toAlignedRect().size()
    assert image.size() == size * 2
    assert QColor(image.pixel(1, 1)).name() == DARK.surface
    lowest = [
        QColor(image.pixel(x, y)).name()
        for y in range(image.height() * 3 // 4, image.height())
        for x in range(image.width())
    ]
    assert DARK.loss in lowest, "the loss is at its lower end"
    assert DARK.parameter(0) in {
        QColor(image.pixel(x, y)).name() for y in range(image.height() // 4) for x in range(image.width())
    }


def test_an_svg_has_the_names_and_numbers_as_text(view: GraphView, tmp_path: Path) -> None:
    (tmp_path / "graph.svg").write_bytes(graph_picture(view, ".svg")())
    texts = svg_texts(tmp_path / "graph.svg")
    assert {"Mean", "Pow", "Sub", "Mul", "w", "value 30.000", "5"} <= set(texts)
    together = "".join(texts).replace(" ", "")
    assert "grad−30.000" in together, "where another font has the minus sign, it is a text of its own"


def test_a_graph_too_large_for_a_png_is_made_smaller(
    view: GraphView, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(picture, "MOST_PIXELS", 2000)
    view.show_graph(bare_graph(polynomial(50)), [])
    (tmp_path / "graph.png").write_bytes(graph_picture(view, ".png")())
    image = QImage(str(tmp_path / "graph.png"))
    assert 1990 < image.height() <= 2000
    assert image.width() < 2000
    (tmp_path / "graph.svg").write_bytes(graph_picture(view, ".svg")())
    assert svg_texts(tmp_path / "graph.svg").count("Add") == 101


def test_without_a_graph_it_shows_what_the_view_says(view: GraphView, tmp_path: Path) -> None:
    view.show_graph(None, ["w"])
    (tmp_path / "graph.svg").write_bytes(graph_picture(view, ".svg")())
    assert " ".join(svg_texts(tmp_path / "graph.svg")) == HINT
    (tmp_path / "graph.png").write_bytes(graph_picture(view, ".png")())
    assert QImage(str(tmp_path / "graph.png")).size() == view.size() * 2
