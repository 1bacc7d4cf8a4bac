"""The graph as a person sees and handles it."""

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gradgui.record.trace import Graph
from gradgui.ui.app.theme import DARK, LIGHT, Theme
from gradgui.ui.graph.graph_view import HINT, NO_GRAPH, GraphView
from gradgui.ui.graph.node_item import NodeItem
from tests.ui.graph_samples import bare_graph, lesson_backward, lesson_forward, node, polynomial, tensor
from tests.ui.test_graph_layout import Structure, graphs


@pytest.fixture
def view(qtbot: QtBot) -> GraphView:
    """A view as large as its panel in the smallest window, shown."""
    view = GraphView()
    qtbot.addWidget(view)
    view.resize(380, 300)
    view.show()
    view.view.setFocus()
    return view


def place_of(view: GraphView, identifier: int) -> QPoint:
    return view.view.mapFromScene(view.scene.nodes[identifier].scenePos())


def click(view: GraphView, place: QPoint) -> None:
    QTest.mouseClick(view.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    QApplication.processEvents()


def press(view: GraphView, key: Qt.Key) -> None:
    QTest.keyClick(view.view, key)


def hint_of(view: GraphView) -> QLabel:
    hint = view.view.findChild(QLabel, "hint")
    assert isinstance(hint, QLabel)
    return hint


def whole_in_sight(view: GraphView) -> bool:
    seen = view.view.mapToScene(view.view.viewport().rect()).boundingRect()
    return seen.contains(view.scene.itemsBoundingRect())


def test_without_a_graph_it_says_when_there_will_be_one(view: GraphView) -> None:
    assert hint_of(view).isVisible()
    assert hint_of(view).text() == HINT
    assert view.view.accessibleDescription() == HINT
    view.show_graph(lesson_forward(), ["w"])
    assert not hint_of(view).isVisible()
    view.show_graph(None, ["w"])
    assert hint_of(view).isVisible()
    assert not any(item.isVisible() for item in view.scene.items())


def test_a_loss_without_a_graph(view: GraphView) -> None:
    view.show_graph(Graph(()), ["w"])
    assert hint_of(view).text() == NO_GRAPH
    assert hint_of(view).isVisible()


def texts(view: GraphView) -> list[tuple[str, str, str, str]]:
    return [(one.text.name, one.text.value, one.text.gradient, one.text.visited) for one in view.scene.nodes]


def test_the_lesson_before_and_after_the_backward_pass(view: GraphView) -> None:
    view.show_graph(lesson_forward(), ["w"])
    assert texts(view) == [
        ("Mean", "value 30.000", "grad not there yet", ""),
        ("Pow", "value [4, 16, 36, 64]", "grad not there yet", ""),
        ("Sub", "value [2, 4, 6, 8]", "grad not there yet", ""),
        ("Mul", "value [0, 0, 0, 0]", "grad not there yet", ""),
        ("w", "value 0.000", "grad not there yet", ""),
    ]
    assert not any(edge.gradient_flows for edge in view.scene.edges.values())
    view.show_graph(lesson_backward(), ["w"])
    assert texts(view) == [
        ("Mean", "value 30.000", "grad 1.000", "1"),
        ("Pow", "value [4, 16, 36, 64]", "grad [0.25, 0.25, 0.25, 0.25]", "2"),
        ("Sub", "value [2, 4, 6, 8]", "grad [1, 2, 3, 4]", "3"),
        ("Mul", "value [0, 0, 0, 0]", "grad [−1, −2, −3, −4]", "4"),
        ("w", "value 0.000", "grad −30.000", "5"),
    ]
    assert all(edge.gradient_flows for edge in view.scene.edges.values())


def test_the_lesson_can_be_read_at_first_sight(view: GraphView) -> None:
    view.show_graph(lesson_backward(), ["w"])
    assert whole_in_sight(view)
    assert view.view.zoom > 0.9
    heights = [place_of(view, identifier).y() for identifier in range(5)]
    assert heights == sorted(heights, reverse=True), "data flows down to the loss"
    assert len({item.x() for item in view.scene.nodes}) == 1


def test_what_the_backward_pass_left_out_is_dimmer(view: GraphView) -> None:
    nodes = lesson_backward().nodes
    forgotten = replace(nodes[4], order=None, gradient=None)
    view.show_graph(Graph((*nodes[:4], forgotten)), ["w"])
    assert [item.opacity() == 1.0 for item in view.scene.nodes] == [True, True, True, True, False]
    assert view.scene.nodes[4].text.gradient == "grad not there yet"
    view.show_graph(lesson_forward(), ["w"])
    assert all(item.opacity() == 1.0 for item in view.scene.nodes)


def test_the_same_structure_keeps_boxes_zoom_and_selection(view: GraphView) -> None:
    view.show_graph(lesson_forward(), ["w"])
    items, edges = list(view.scene.nodes), dict(view.scene.edges)
    view.select(3)
    view.view.zoom_in()
    QApplication.processEvents()
    zoom, places = view.view.zoom, [place_of(view, one) for one in range(5)]
    for graph in (lesson_backward(), None, lesson_forward(), lesson_backward()):
        view.show_graph(graph, ["w"])
        QApplication.processEvents()
    assert all(one is other for one, other in zip(items, view.scene.nodes, strict=True))
    assert all(edges[edge] is view.scene.edges[edge] for edge in edges)
    assert (view.view.zoom, [place_of(view, one) for one in range(5)]) == (zoom, places)
    assert all(item.isVisible() for item in items)
    assert view.selected == 3
    assert "[-1.0, -2.0, -3.0, -4.0]" in view.details.text.toPlainText()


def test_another_structure_is_laid_out_and_fitted(view: GraphView) -> None:
    view.show_graph(lesson_backward(), ["w"])
    view.select(3)
    view.view.zoom_in()
    view.show_graph(bare_graph([(1, 2), (3,), (3,), ()]), ["p3"])
    QApplication.processEvents()
    assert len(view.scene.nodes) == len(view.scene.edges) == 4
    assert view.selected is None
    assert not view.details.isVisible()
    assert whole_in_sight(view)


def test_no_numbers_are_left_standing_without_a_graph(view: GraphView) -> None:
    view.show_graph(lesson_backward(), ["w"])
    view.select(4)
    view.show_graph(None, ["w"])
    view.set_theme(DARK)
    assert view.details.text.toPlainText() == HINT


def test_a_click_selects_a_node(view: GraphView, qtbot: QtBot) -> None:
    graph = lesson_backward()
    view.show_graph(graph, ["w"])
    with qtbot.waitSignal(view.node_selected) as selected:
        click(view, place_of(view, 3))
    assert selected.args == [graph.nodes[3]]
    assert view.details.isVisible()
    assert "MulBackward0" in view.details.text.toPlainText()
    assert "∂L/∂a = b · ∂L/∂out" in view.details.text.toPlainText()
    assert whole_in_sight(view), "the details take room beside the graph, not over it"
    click(view, QPoint(3, 3))
    assert view.selected is None
    assert not view.details.isVisible()


def test_a_drag_pushes_the_drawing_and_selects_nothing(view: GraphView) -> None:
    view.show_graph(lesson_backward(), ["w"])
    before = place_of(view, 3)
    viewport, button = view.view.viewport(), Qt.MouseButton.LeftButton
    QTest.mousePress(viewport, button, Qt.KeyboardModifier.NoModifier, before)
    QTest.mouseMove(viewport, before + QPoint(30, 20))
    QTest.mouseMove(viewport, before + QPoint(60, 40))
    QTest.mouseRelease(viewport, button, Qt.KeyboardModifier.NoModifier, before + QPoint(60, 40))
    assert place_of(view, 3) == before + QPoint(60, 40)
    assert view.selected is None
    view.resize(500, 400)
    QApplication.processEvents()
    assert not whole_in_sight(view) or view.view.zoom < 1.0, "it stays as the person left it"


def test_arrow_keys_go_along_the_graph(view: GraphView, qtbot: QtBot) -> None:
    view.show_graph(lesson_backward(), ["w"])
    for key, name in (
        (Qt.Key.Key_Up, "Mean"),
        (Qt.Key.Key_Up, "Pow"),
        (Qt.Key.Key_Up, "Sub"),
        (Qt.Key.Key_Up, "Mul"),
        (Qt.Key.Key_Up, "w"),
        (Qt.Key.Key_Down, "Mul"),
    ):
        with qtbot.waitSignal(view.node_selected) as selected:
            press(view, key)
        assert view.scene.nodes[selected.args[0].identifier].text.name == name
        assert view.view.accessibleDescription() == view.scene.nodes[selected.args[0].identifier].text.sentence
    with qtbot.assertNotEmitted(view.node_selected):
        press(view, Qt.Key.Key_Left)
    press(view, Qt.Key.Key_Escape)
    assert view.selected is None
    assert "5 nodes" in view.view.accessibleDescription()
    assert view.focusWidget() is view.view


def test_every_part_has_a_name_and_tab_reaches_the_graph(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    before, view = QLineEdit(), GraphView()
    layout.addWidget(before)
    layout.addWidget(view)
    window.show()
    before.setFocus()
    view.show_graph(lesson_backward(), ["w"])
    QTest.keyClick(before, Qt.Key.Key_Tab)
    assert window.focusWidget() is view.view
    view.select(0)
    focusable = [
        part
        for part in view.findChildren(QWidget)
        if part.isVisible() and part.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert view.view in focusable
    assert not [part for part in focusable if not part.accessibleName()]


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_A])
def test_keys_that_are_not_its_own_go_on_to_the_window(view: GraphView, key: Qt.Key) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
    view.show_graph(lesson_backward(), ["w"])
    QApplication.sendEvent(view.view, event)
    assert not event.isAccepted()


def test_keys_zoom_and_fit(view: GraphView) -> None:
    view.show_graph(lesson_backward(), ["w"])
    fitted = view.view.zoom
    press(view, Qt.Key.Key_Plus)
    press(view, Qt.Key.Key_Plus)
    assert view.view.zoom == pytest.approx(fitted * 1.44)
    press(view, Qt.Key.Key_Minus)
    assert view.view.zoom == pytest.approx(fitted * 1.2)
    for key in (Qt.Key.Key_0, Qt.Key.Key_F):
        press(view, Qt.Key.Key_Plus)
        press(view, key)
        assert view.view.zoom == pytest.approx(fitted)
        assert whole_in_sight(view)
    QTest.keyClick(view.view, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    for _ in range(60):
        press(view, Qt.Key.Key_Minus)
    assert view.view.zoom == pytest.approx(0.02)
    view.fit()
    assert view.view.zoom == pytest.approx(fitted)


def test_the_wheel_zooms_about_the_mouse(view: GraphView) -> None:
    view.show_graph(lesson_backward(), ["w"])
    place = place_of(view, 4)
    zoom = view.view.zoom
    turn = QWheelEvent(
        QPointF(place),
        QPointF(view.view.viewport().mapToGlobal(place)),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.view.viewport(), turn)
    assert view.view.zoom == pytest.approx(zoom * 1.44)
    assert (place_of(view, 4) - place).manhattanLength() <= 2


def test_it_fits_itself_until_it_is_zoomed_by_hand(view: GraphView) -> None:
    view.show_graph(lesson_backward(), ["w"])
    view.resize(300, 200)
    QApplication.processEvents()
    assert whole_in_sight(view)
    view.view.zoom_in()
    zoom = view.view.zoom
    view.resize(600, 500)
    QApplication.processEvents()
    assert view.view.zoom == zoom
    view.fit()
    assert view.view.zoom > zoom


def test_a_large_graph_begins_at_the_loss_where_it_can_be_read(view: GraphView) -> None:
    view.show_graph(bare_graph(polynomial(50)), [])
    seen = view.view.mapToScene(view.view.viewport().rect()).boundingRect()
    assert seen.contains(view.scene.nodes[0].sceneBoundingRect())
    assert view.view.zoom == pytest.approx(0.8)
    view.fit()
    assert whole_in_sight(view)
    for _ in range(30):
        view.view.zoom_in()
    view.select(150)
    QApplication.processEvents()
    seen = view.view.mapToScene(view.view.viewport().rect()).boundingRect()
    assert seen.intersects(view.scene.nodes[150].sceneBoundingRect()), "what is selected comes into sight"


def test_all_values_on_demand(view: GraphView) -> None:
    long = tensor(*range(100))
    graph = Graph((node(0, "ExpBackward0", (1,), long), node(1, "w", (), tensor(0))))
    view.show_graph(graph, ["w"])
    view.select(0)
    assert "Show all 100 values" in view.details.text.toPlainText()
    assert "99.0" not in view.details.text.toPlainText()
    QTest.keyClick(view.details.text, Qt.Key.Key_Tab)  # to the link
    QTest.keyClick(view.details.text, Qt.Key.Key_Return)
    assert "99.0]" in view.details.text.toPlainText()
    view.show_graph(graph, ["w"])
    assert "99.0]" in view.details.text.toPlainText(), "it stays open for the next phase"
    view.select(1)
    view.select(0)
    assert "99.0" not in view.details.text.toPlainText()


def test_the_close_button_puts_the_details_away(view: GraphView) -> None:
    view.show_graph(lesson_backward(), ["w"])
    view.select(0)
    view.details.closed.emit()
    assert not view.details.isVisible()
    assert view.selected is None


def test_the_tooltip_has_the_full_name_and_what_a_small_box_has_no_room_for(view: GraphView) -> None:
    view.show_graph(lesson_backward(), ["w"])
    assert view.scene.nodes[3].toolTip() == "MulBackward0\nvalue [0, 0, 0, 0]\ngrad [−1, −2, −3, −4]"


def colours(view: GraphView, item: NodeItem) -> set[str]:
    image: QImage = view.view.viewport().grab().toImage()
    x = view.view.mapFromScene(item.mapToScene(item.box().left() + 40, 0)).x()
    top = view.view.mapFromScene(item.mapToScene(0, item.box().top())).y()
    return {QColor(image.pixel(x, y)).name() for y in range(top - 3, top + 4)}


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_parameters_and_the_loss_have_their_colours(view: GraphView, theme: Theme) -> None:
    view.resize(600, 500)
    view.set_theme(theme)
    view.show_graph(lesson_backward(), ["v", "w"])
    view.view.resetTransform()
    QApplication.processEvents()
    assert theme.parameter(1) in colours(view, view.scene.nodes[4])
    assert theme.loss in colours(view, view.scene.nodes[0])
    assert theme.loss not in colours(view, view.scene.nodes[1])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(structure=graphs())
def test_any_graph_is_drawn(view: GraphView, structure: Structure) -> None:
    graph = bare_graph(structure)
    view.show_graph(graph, ["p1"])
    for identifier in range(len(structure)):
        view.select(identifier)
    view.fit()
    view.view.viewport().grab()
    assert len(view.scene.nodes) == len(structure)
    assert len(view.scene.edges) == sum(source is not None for sources in structure for source in sources)


def test_zoom_buttons_lie_on_no_node(view: GraphView) -> None:
    view.show_graph(lesson_backward(), ["w"])
    buttons = view.findChild(QWidget, "zoom_buttons")
    assert buttons is not None
    assert buttons.isVisible()
    assert not view.view.viewport().geometry().intersects(buttons.geometry())
