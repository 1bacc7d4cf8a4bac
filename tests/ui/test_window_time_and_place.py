"""The timeline, the landscape, the forecast and the stop rules in the real window."""

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QSlider, QWidget

from gradgui.experiment.changes import ParameterChange
from gradgui.ui.experiment.forecast_box import ForecastBox
from gradgui.ui.log.log_table import LogTable
from gradgui.ui.plots.landscape_plot import LandscapePlot
from gradgui.worker.status import FinishReason, State
from tests.ui.driver import Driver
from tests.ui.test_window_training import as_rows, notebook


def send(widget: QWidget, kind: QEvent.Type, position: QPoint, held: Qt.MouseButton) -> None:
    """Have the mouse do something at a place of a widget; QTest's own moves forget which button is held."""
    moving = kind is QEvent.Type.MouseMove
    event = QMouseEvent(
        kind,
        QPointF(position),
        QPointF(widget.mapToGlobal(position)),
        Qt.MouseButton.NoButton if moving else Qt.MouseButton.LeftButton,
        held,
        Qt.KeyboardModifier.NoModifier,
    )
    QCoreApplication.sendEvent(widget, event)


def landscape(driver: Driver) -> LandscapePlot:
    plot = driver.find(QWidget, "landscape_plot").parent()
    assert isinstance(plot, LandscapePlot)
    return plot


def test_the_timeline_goes_to_any_epoch_and_the_future_comes_again(driver: Driver) -> None:
    driver.run_to_end(20)
    timeline = driver.find(QSlider, "timeline")
    driver.qtbot.waitUntil(lambda: timeline.maximum() == 20)
    timeline.setFocus()
    QTest.keyClick(timeline, Qt.Key.Key_Home)
    driver.wait_for(State.READY, 0)
    timeline.setValue(7)
    driver.wait_for(State.READY, 7)
    driver.qtbot.waitUntil(lambda: driver.text("parameters_label") == "w 1.359")
    model = driver.find(LogTable, "log_table").model()
    driver.qtbot.waitUntil(lambda: model.index(7, 0).data(Qt.ItemDataRole.ForegroundRole) is not None)
    assert model.index(6, 0).data(Qt.ItemDataRole.ForegroundRole) is None
    assert as_rows(driver) == notebook(20)
    driver.run_to_end(20)
    assert as_rows(driver) == notebook(20)
    driver.qtbot.waitUntil(lambda: model.index(19, 0).data(Qt.ItemDataRole.ForegroundRole) is None)


def test_a_change_in_the_past_drops_the_future(driver: Driver) -> None:
    driver.run_to_end(20)
    timeline = driver.find(QSlider, "timeline")
    driver.qtbot.waitUntil(lambda: timeline.maximum() == 20)
    timeline.setValue(5)
    driver.wait_for(State.READY, 5)
    driver.enter("learning_rate", "0.02")
    driver.qtbot.waitUntil(lambda: len(driver.window.run.log) == 5)
    driver.run_to_end(20)
    assert as_rows(driver) == notebook(20, [0.01] * 5 + [0.02] * 15)


def test_the_ball_is_where_the_run_is_and_its_slope_is_the_gradient(driver: Driver) -> None:
    plot = landscape(driver)
    driver.run_to_end(20)
    w = driver.window.run.parameters[0]
    driver.qtbot.waitUntil(lambda: plot.ball.isVisible() and plot.ball.place[0] == w)
    x, y = plot.tangent.points
    gradient = 15.0 * (w - 2.0)
    assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(gradient, rel=1e-5)
    assert plot.landing.place[0] == pytest.approx(w - 0.01 * gradient, rel=1e-6)
    path_x, path_y = plot.path.points
    log = driver.window.run.log
    np.testing.assert_allclose(path_x, [0.0, *log.column("w")[:-1]], rtol=1e-6)
    np.testing.assert_allclose(path_y, log.column("loss"), rtol=1e-6)


def test_an_arrow_key_moves_the_ball_and_the_run_goes_on_from_there(driver: Driver) -> None:
    driver.run_to_end(20)
    plot = landscape(driver)
    driver.qtbot.waitUntil(lambda: plot.ball.place[0] == driver.window.run.parameters[0])
    before = driver.window.run.parameters[0]
    QTest.keyClick(plot.plot, Qt.Key.Key_Right)
    driver.qtbot.waitUntil(lambda: driver.window.run.parameters[0] > before)
    (change,) = driver.window.run.status.interventions
    assert isinstance(change, ParameterChange)
    assert (change.epoch, change.name) == (20, "w")
    moved = driver.window.run.parameters[0]
    driver.action("step_epoch").trigger()
    driver.wait_for(State.FINISHED, 21)
    w = np.float32(moved)
    assert driver.window.run.log.value("w_grad", 21) == pytest.approx(15 * (w - 2), rel=1e-4)


def test_dragging_the_ball_sets_the_parameter(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pg.CONFIG_OPTIONS, "mouseRateLimit", 0)  # it drops moves that come faster than a hand's
    plot = landscape(driver)
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 1)
    driver.qtbot.waitUntil(lambda: plot.ball.place[0] == driver.window.run.parameters[0])
    box = plot.plot.getViewBox()
    target = box.mapViewToScene(box.viewRect().center()).toPoint()
    grip = plot.plot.mapFromScene(plot.scene_position())
    viewport = plot.plot.viewport()
    send(viewport, QEvent.Type.MouseMove, grip, Qt.MouseButton.NoButton)
    send(viewport, QEvent.Type.MouseButtonPress, grip, Qt.MouseButton.LeftButton)
    for step in range(1, 6):
        send(viewport, QEvent.Type.MouseMove, grip + (target - grip) * step / 5, Qt.MouseButton.LeftButton)
    send(viewport, QEvent.Type.MouseButtonRelease, target, Qt.MouseButton.NoButton)
    middle = box.viewRect().center().x()
    driver.qtbot.waitUntil(lambda: driver.window.run.parameters[0] == pytest.approx(middle, abs=0.1))
    assert driver.window.run.status.interventions


def test_the_forecast_stands_at_the_learning_rate(driver: Driver) -> None:
    box = driver.window.findChild(ForecastBox)
    assert box is not None
    driver.qtbot.waitUntil(lambda: "largest stable rate is 0.1333" in box.text)
    assert "w’s distance to its best value × 0.85, the loss × 0.7225" in box.text
    driver.enter("wanted_loss", "0.1")
    first_below = next(epoch for epoch, row in enumerate(notebook(40)) if row[0] <= 0.1)
    driver.qtbot.waitUntil(lambda: f"{first_below} epochs more to a loss of 0.1." in box.text)
    why = driver.find(QPushButton, "why_rate")
    assert why.text() == "Why 0.1333?"
    assert box.reckoning == ""
    why.click()
    assert "2 / 15 = 0.1333" in box.reckoning
    driver.enter("learning_rate", "0.2")
    driver.qtbot.waitUntil(lambda: box.text.startswith("unstable"))
    driver.find(QCheckBox, "break_zero_grad").click()
    driver.qtbot.waitUntil(lambda: box.text.startswith("No forecast: the loop is broken"))
    assert not why.isVisible()


def test_what_is_undefined_is_said_before_the_first_epoch(driver: Driver) -> None:
    box = driver.window.findChild(ForecastBox)
    assert box is not None
    driver.enter("model_formula", "a*sqrt(x - 2)")
    driver.qtbot.waitUntil(lambda: "sqrt(x - 2) is undefined at point 1, x = 1" in box.text)
    driver.action("run").trigger()
    driver.wait_for(State.DIVERGED)
    driver.qtbot.waitUntil(lambda: driver.text("state_label") == "Undefined")
    said = driver.text("message_label")
    assert said.startswith("Undefined: loss is nan at epoch 1: sqrt(x - 2) is undefined at point 1, x = 1")
    assert "rate" not in said


def test_a_stop_rule_ends_the_run_and_says_why(driver: Driver) -> None:
    driver.enter("stop_loss_below", "0.5")
    driver.set_speed(100)
    driver.action("run").trigger()
    stop = next(epoch for epoch, row in enumerate(notebook(20), 1) if row[0] < 0.5)
    driver.wait_for(State.FINISHED, stop)
    assert driver.window.run.status.finish_reason is FinishReason.STOP_RULE
    driver.qtbot.waitUntil(lambda: "the loss is below 0.5" in driver.text("message_label"))
    driver.enter("stop_loss_below", "")
    assert driver.find(QLineEdit, "stop_loss_below").text() == ""
    driver.run_to_end(20)


def test_stop_rules_refuse_nonsense(driver: Driver) -> None:
    driver.enter("stop_patience", "1.5")
    line = driver.find(QLineEdit, "stop_patience")
    assert line.property("invalid") is True
