"""The loss over two parameters in the real window: the map, the choice of parameters, and the ball."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyqtgraph as pg
import pytest
from msgspec import structs
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from gradgui.experiment.changes import ParameterChange
from gradgui.experiment.experiment import Parameter
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.views import Landscape
from gradgui.resources import resource_path
from gradgui.ui.app.theme import Appearance
from gradgui.ui.plots.contour_plot import ContourPlot
from gradgui.ui.plots.landscape_panel import LandscapePanel
from gradgui.worker.status import State
from tests.ui.driver import Driver
from tests.ui.test_window_time_and_place import landscape, send


def the_map(driver: Driver) -> ContourPlot:
    plot = driver.find(QWidget, "contour_plot").parent()
    assert isinstance(plot, ContourPlot)
    return plot


def contour(driver: Driver) -> Landscape:
    """Give the map of where the run is now, as soon as it is drawn."""
    run = driver.window.run

    def is_drawn() -> bool:
        ball = the_map(driver).ball
        contour = run.view(Landscape)
        return contour is not None and contour.epoch == run.epoch and ball.place == contour.values

    driver.qtbot.waitUntil(is_drawn)
    contour = run.view(Landscape)
    assert contour is not None
    return contour


def open_lesson(driver: Driver, number: str) -> None:
    (path,) = resource_path("lessons").glob(f"{number}-*")
    before = driver.window.run.experiment
    driver.window.documents.open_path(path)
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment != before)
    driver.wait_for(State.READY, 0)


def press(driver: Driver, combo: str, keys: str) -> None:
    """Choose in a list by typing."""
    box = driver.find(QComboBox, combo)
    box.setFocus()
    QTest.keyClicks(box, keys)


def test_a_line_has_a_map_with_its_path_and_arrow(driver: Driver) -> None:
    assert not driver.find(QComboBox, "landscape_up").isVisible(), "one parameter leaves no choice"
    open_lesson(driver, "04")
    assert not driver.find(QWidget, "landscape_plot").isVisible()
    plot = the_map(driver)
    driver.run_to_end(200)
    driver.enter("epochs", "1")
    shown = contour(driver)
    assert shown.parameters == ("w", "b")
    assert shown.values == driver.window.run.parameters
    log = driver.window.run.log
    path = plot.path.points
    for name, drawn in zip(("w", "b"), path, strict=True):
        np.testing.assert_array_equal(drawn, [0.0, *log.column(name)])
    assert plot.landing.place == shown.next_values
    driver.action("step_epoch").trigger()
    driver.wait_for(State.FINISHED, 201)
    assert tuple(driver.window.run.parameters) == shown.next_values
    assert shown.gradient == (log.value("w_grad", 201), log.value("b_grad", 201))


def test_the_arrow_points_where_the_update_goes(driver: Driver) -> None:
    open_lesson(driver, "04")
    plot = the_map(driver)
    contour(driver)
    box = plot.plot.getViewBox()
    driver.qtbot.waitUntil(plot.arrow.isVisible)
    for size in ((1280, 800), (1500, 800)):
        driver.window.resize(*size)
        assert driver.window.grab().width() == size[0]
        step = box.mapViewToScene(QPointF(*plot.landing.place)) - box.mapViewToScene(QPointF(*plot.ball.place))
        tip = plot.arrow.mapToScene(QPointF(1.0, 0.0)) - plot.arrow.mapToScene(QPointF(0.0, 0.0))
        turn = plot.arrow.rotation()
        assert np.degrees(np.arctan2(step.y(), step.x())) == pytest.approx(turn, abs=0.1), tip
    assert plot.reading == "gradient of epoch 1 (−35.000, −12.000)"


def test_the_colours_are_the_loss(driver: Driver) -> None:
    open_lesson(driver, "04")
    shown, image = contour(driver), the_map(driver).image
    rows, columns = (np.array([4, 30, 48, 70, 96]) for _ in range(2))
    pixels = image.image[4 * rows[:, None], 4 * columns[None]].astype(int)
    heights = shown.losses[rows[:, None], columns[None]]
    # In the light the valley is pale and the heights are dark.
    order = np.argsort(heights.ravel())
    brightness = pixels[..., :3].sum(axis=2).ravel()[order]
    assert (np.diff(brightness) <= 110).all(), "but for the lines"
    assert brightness[0] > brightness[-1] + 150
    assert (image.image[..., 3] == 255).all()
    rect = image.mapRectToView(image.boundingRect())
    pixel = (shown.grid[0][-1] - shown.grid[0][0]) / (image.image.shape[1] - 1)
    assert rect.left() == pytest.approx(shown.grid[0][0] - pixel / 2)
    assert rect.right() == pytest.approx(shown.grid[0][-1] + pixel / 2)


def test_the_ground_is_drawn_once(driver: Driver) -> None:
    open_lesson(driver, "04")
    contour(driver)
    ground = the_map(driver).image.image
    driver.run_to_end(200)
    contour(driver)
    assert the_map(driver).image.image is ground
    driver.window.set_appearance(Appearance.DARK)
    assert the_map(driver).image.image is not ground


def test_arrow_keys_move_the_ball_both_ways(driver: Driver) -> None:
    open_lesson(driver, "04")
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 1)
    shown = contour(driver)
    plot, run = the_map(driver), driver.window.run
    w, b = shown.values
    QTest.keyClick(plot.plot, Qt.Key.Key_Right)
    driver.qtbot.waitUntil(lambda: run.parameters[0] > w)
    assert run.parameters[1] == b
    contour(driver)
    QTest.keyClick(plot.plot, Qt.Key.Key_Down)
    driver.qtbot.waitUntil(lambda: run.parameters[1] < b)
    changes = [change for change in run.status.interventions if isinstance(change, ParameterChange)]
    assert [(change.epoch, change.name) for change in changes] == [(1, "w"), (1, "b")]


def test_the_ball_cannot_be_moved_on_the_map_of_another_experiment(driver: Driver, faults: list[str]) -> None:
    run = driver.window.run
    open_lesson(driver, "12")
    contour(driver)
    run.open(
        RunSpec(
            structs.replace(run.experiment, model="u*x + v", parameters=(Parameter("u", 0.0), Parameter("v", 0.0)))
        )
    )
    the_map(driver).setFocus()
    QTest.keyClick(the_map(driver), Qt.Key.Key_Right)  # before the new map has come
    driver.wait_for(State.READY, 0)
    assert contour(driver).values == (0.0, 0.0)
    assert not driver.action("undo").isEnabled()
    assert not faults


def test_dragging_the_ball_sets_both(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pg.CONFIG_OPTIONS, "mouseRateLimit", 0)  # it drops moves that come faster than a hand's
    open_lesson(driver, "04")
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 1)
    shown = contour(driver)
    plot = the_map(driver)
    box = plot.plot.getViewBox()
    place = (shown.grid[0][72], shown.grid[1][24])
    target = box.mapViewToScene(QPointF(*place)).toPoint()
    grip = plot.plot.mapFromScene(plot.scene_position())
    viewport = plot.plot.viewport()
    send(viewport, QEvent.Type.MouseMove, grip, Qt.MouseButton.NoButton)
    send(viewport, QEvent.Type.MouseButtonPress, grip, Qt.MouseButton.LeftButton)
    for step in range(1, 6):
        send(viewport, QEvent.Type.MouseMove, grip + (target - grip) * step / 5, Qt.MouseButton.LeftButton)
    assert plot.reading.startswith("w = ")
    assert not plot.arrow.isVisible()
    send(viewport, QEvent.Type.MouseButtonRelease, target, Qt.MouseButton.NoButton)
    driver.qtbot.waitUntil(lambda: driver.window.run.parameters == pytest.approx(place, abs=0.1))
    driver.qtbot.waitUntil(plot.arrow.isVisible)
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 2)
    w, b = driver.window.run.parameters
    assert (w, b) != pytest.approx(place, abs=0.01), "the run goes on from there"


def test_the_person_chooses_what_goes_across_and_up(driver: Driver) -> None:
    open_lesson(driver, "14")
    driver.run_to_end(500)
    assert contour(driver).parameters == ("v", "w")
    press(driver, "landscape_up", "c")
    driver.qtbot.waitUntil(lambda: contour(driver).parameters == ("v", "c"))
    press(driver, "landscape_across", "c")
    driver.qtbot.waitUntil(lambda: contour(driver).parameters == ("c", "v"))
    held = contour(driver)
    run = driver.window.run
    assert held.values == (run.parameters[3], run.parameters[0])
    labels = [the_map(driver).plot.getAxis(side).labelText for side in ("bottom", "left")]
    assert labels == ["c", "v"]
    QTest.keyClick(driver.find(QComboBox, "landscape_up"), Qt.Key.Key_Home)
    cut = landscape(driver)
    before = held.values[0]
    driver.qtbot.waitUntil(lambda: cut.ball.place[0] == before)
    assert cut.isVisible()
    assert not the_map(driver).isVisible()
    QTest.keyClick(cut.plot, Qt.Key.Key_Right)
    driver.qtbot.waitUntil(lambda: run.parameters[3] > before)


def test_the_choice_stays_with_the_parameters(driver: Driver) -> None:
    open_lesson(driver, "04")
    panel = the_map(driver).parent()
    assert isinstance(panel, LandscapePanel)
    press(driver, "landscape_up", "l")
    assert list(panel.parameters) == ["w"]
    driver.enter("start_w", "1")
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.parameters[0].start == 1.0)
    assert list(panel.parameters) == ["w"]
    open_lesson(driver, "08")
    assert list(panel.parameters) == ["a", "b"]
    assert contour(driver).parameters == ("a", "b")
    driver.action("new_experiment").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.parameter_names == ("w",))
    assert panel.shown is landscape(driver)
    assert list(panel.parameters) == ["w"]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_run_that_diverges(driver: Driver, dtype: str) -> None:
    open_lesson(driver, "04")
    driver.find(QComboBox, "dtype").setFocus()
    if dtype == "float64":
        QTest.keyClick(driver.find(QComboBox, "dtype"), Qt.Key.Key_Down)
        driver.qtbot.waitUntil(lambda: driver.window.run.experiment.dtype == dtype)
    ground = contour(driver)
    driver.enter("learning_rate", "0.5")
    driver.enter("epochs", "1000")
    driver.set_speed(100)
    driver.action("run").trigger()
    driver.wait_for(State.DIVERGED)
    run = driver.window.run
    driver.qtbot.waitUntil(lambda: getattr(run.view(Landscape), "epoch", None) == run.epoch)
    driver.window.grab()
    driver.action("reset").trigger()
    driver.wait_for(State.READY, 0)
    np.testing.assert_allclose(contour(driver).grid[0], ground.grid[0], atol=20)
    assert the_map(driver).ball.isVisible()


def test_losses_that_are_not_finite_leave_the_plot_bare_there(driver: Driver) -> None:
    driver.enter("model_formula", "w*log(b)*x")
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.parameter_names == ("w", "b"))
    shown = contour(driver)
    opacity = the_map(driver).image.image[..., 3]
    assert (opacity[0] == 0).all()
    assert (opacity[-1] == 255).all()
    assert not np.isfinite(shown.losses[0]).any()


def test_the_picture_is_of_the_one_in_sight(driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    open_lesson(driver, "04")
    contour(driver)
    for ending in (".svg", ".png"):
        path = str(tmp_path / f"map{ending}")
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, path=path: (path, ""))
        driver.export("picture_landscape_plot")
    root = ElementTree.parse(tmp_path / "map.svg").getroot()  # noqa: S314 - our own file
    texts = [(element.text or "").strip() for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"w", "b"} <= set(texts)
    assert the_map(driver).reading in " ".join(texts)  # which may take two lines
    assert list(root.iter("{http://www.w3.org/2000/svg}image"))
    picture = QImage(str(tmp_path / "map.png"))
    assert picture.width() == 2 * driver.find(QWidget, "contour_plot").width()
