"""What the plots show: the log's own values, the range asked for, the value under the mouse."""

import numpy as np
import pytest
from msgspec import structs
from PySide6.QtCore import QPointF
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Parameter
from gradgui.experiment.optimizers import Adam
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.ui.plots.epoch_plot import EpochPlot
from gradgui.ui.plots.fit_plot import FitPlot
from gradgui.ui.window.view import Dock
from gradgui.worker.status import State
from tests.ui.driver import Driver

ADAM = structs.replace(
    DEFAULT_EXPERIMENT, model="a*x + c", parameters=(Parameter("a", 0.0), Parameter("c", 0.0)), optimizer=Adam()
)


def plot_of(driver: Driver, name: str) -> EpochPlot:
    plot = driver.find(QWidget, name).parent()
    assert isinstance(plot, EpochPlot)
    return plot


def drawn(plot: EpochPlot) -> tuple[np.ndarray, np.ndarray]:
    x, y = plot.lines[0].points
    return np.asarray(x), np.asarray(y)


@pytest.mark.parametrize(
    ("name", "column"), [("loss_plot", "loss"), ("parameter_plot", "w"), ("gradient_plot", "w_grad")]
)
def test_a_curve_is_its_column(driver: Driver, name: str, column: str) -> None:
    driver.run_to_end(20)
    plot = plot_of(driver, name)
    driver.qtbot.waitUntil(lambda: len(drawn(plot)[0]) == 20)
    epochs, values = drawn(plot)
    wanted = driver.window.run.log.column(column).astype(float)
    assert epochs.tolist() == list(range(1, 21))
    np.testing.assert_allclose(values, np.log10(wanted) if name == "loss_plot" else wanted)


def test_the_loss_axis_is_logarithmic_until_it_is_switched(driver: Driver) -> None:
    driver.run_to_end(20)
    plot = plot_of(driver, "loss_plot")
    driver.qtbot.waitUntil(lambda: len(drawn(plot)[0]) == 20)
    driver.action("log_axis").trigger()
    np.testing.assert_allclose(drawn(plot)[1], driver.window.run.log.column("loss").astype(float))


def test_what_a_log_axis_cannot_show_is_told(driver: Driver) -> None:
    rows = [[4.0, 0, 0, 0.01], [0.0, 0, 0, 0.01], [1.0, 0, 0, 0.01], [-1.0, 0, 0, 0.01]]
    driver.window.run.take_epochs(EpochBatch(1, np.array(rows)))
    driver.window.run.clock.request()
    plot = plot_of(driver, "loss_plot")
    driver.qtbot.waitUntil(lambda: plot.note == "2 values ≤ 0 cannot be shown on a log axis")
    driver.action("log_axis").trigger()
    assert plot.note == ""


def test_following_the_last_epochs(driver: Driver) -> None:
    driver.window.run.take_epochs(EpochBatch(1, np.random.default_rng(1).random((5000, 4))))
    driver.window.run.clock.request()
    last = next(
        action for menu in driver.window.findChildren(QMenu) for action in menu.actions() if action.data() == 100
    )
    last.trigger()
    for name in ("loss_plot", "parameter_plot", "gradient_plot"):
        plot = plot_of(driver, name)
        driver.qtbot.waitUntil(lambda plot=plot: len(drawn(plot)[0]) > 0 and drawn(plot)[0][0] >= 4890)  # type: ignore[misc]
        left, right = plot.plot.getViewBox().viewRange()[0]
        assert left == pytest.approx(4900, abs=3)
        assert right == pytest.approx(5000, abs=5)


def test_the_mouse_reads_the_exact_value_of_its_epoch(driver: Driver) -> None:
    driver.run_to_end(20)
    plot = plot_of(driver, "parameter_plot")
    driver.qtbot.waitUntil(lambda: len(drawn(plot)[0]) == 20)
    box = plot.plot.getViewBox()
    scene = plot.plot.scene()
    scene.sigMouseMoved.emit(box.mapViewToScene(QPointF(12.3, 1.0)))
    value = driver.window.run.log.column("w")[11]
    assert plot.reading == f"epoch 12\nw = {value!s}"
    scene.sigMouseMoved.emit(QPointF(-50, -50))
    assert plot.reading == ""


def test_a_long_log_is_drawn_with_few_points(driver: Driver) -> None:
    rows = np.random.default_rng(1).random((300_000, 4))
    rows[123_456, 0] = 50.0
    driver.window.run.take_epochs(EpochBatch(1, rows))
    driver.window.run.clock.request()
    plot = plot_of(driver, "loss_plot")
    driver.qtbot.waitUntil(lambda: len(drawn(plot)[0]) > 100)
    epochs, shown = drawn(plot)
    assert len(epochs) <= 2 * plot.plot.width()
    assert np.nanmax(shown) == pytest.approx(np.log10(50.0))


def test_the_fit_goes_through_what_the_model_predicts(driver: Driver) -> None:
    driver.run_to_end(20)
    fit_plot = driver.find(QWidget, "fit_plot").parent()
    assert isinstance(fit_plot, FitPlot)
    driver.qtbot.waitUntil(lambda: driver.text("prediction_label") == "f(5) = 9.612")
    w = driver.window.run.parameters[0]
    driver.qtbot.waitUntil(lambda: fit_plot.curve.points[1][-1] > 9.6)
    x, y = fit_plot.curve.points
    np.testing.assert_allclose(y, w * np.asarray(x), rtol=1e-5)
    ends, residuals = fit_plot.residuals.points
    np.testing.assert_allclose(ends, [1, 1, 2, 2, 3, 3, 4, 4])
    np.testing.assert_allclose(residuals[::2], [2, 4, 6, 8])
    np.testing.assert_allclose(residuals[1::2], w * np.array([1, 2, 3, 4]), rtol=1e-5)


def test_plots_out_of_sight_know_nothing_of_columns_that_are_gone(driver: Driver, faults: list[str]) -> None:
    docks = {name: driver.find(Dock, name) for name in ("buffer_panel", "graph_panel", "parameter_panel")}
    driver.window.run.open(RunSpec(ADAM))
    driver.wait_for(State.READY, 0)
    docks["buffer_panel"].raise_()
    driver.qtbot.waitUntil(lambda: docks["buffer_panel"].in_sight)
    driver.run_to_end(20)
    plots = [plot_of(driver, name) for name in ("buffer_plot_1", "buffer_plot_2", "parameter_plot", "gradient_plot")]
    driver.qtbot.waitUntil(lambda: all(len(drawn(plot)[0]) == 20 for plot in plots))
    docks["graph_panel"].raise_()
    docks["parameter_panel"].hide()
    driver.action("new_experiment").trigger()
    driver.wait_for(State.READY, 0)
    driver.run_to_end(20)
    driver.action("show_all").trigger()
    next(one for one in driver.window.findChildren(QAction) if one.data() == 20).trigger()
    for plot in plots:
        plot.plot.scene().sigMouseMoved.emit(plot.plot.getViewBox().sceneBoundingRect().center())
        assert plot.reading == ""
    docks["parameter_panel"].show()
    driver.qtbot.waitUntil(lambda: len(drawn(plots[2])[0]) == 20)
    assert not faults


def test_zooming_by_hand_shows_every_epoch_that_has_room(driver: Driver) -> None:
    epochs = 50_000
    rows = np.column_stack([np.random.default_rng(0).lognormal(size=(epochs, 3)), np.full(epochs, 0.01)])
    driver.window.run.take_epochs(EpochBatch(1, rows))
    driver.window.run.clock.request()
    plot = plot_of(driver, "loss_plot")
    driver.qtbot.waitUntil(lambda: 100 < len(drawn(plot)[0]) < 5_000)
    box = plot.plot.getViewBox()
    box.setXRange(1_000, 1_100, padding=0)
    box.sigRangeChangedManually.emit([True, True])
    shown = drawn(plot)[0]
    assert set(range(1_000, 1_101)) <= set(shown.tolist())


def test_an_empty_plot_has_no_numbers_beside_it(driver: Driver) -> None:
    axes = [plot.plot.getAxis("left") for plot in driver.window.findChildren(EpochPlot)]
    driver.qtbot.waitUntil(lambda: all(not axis.style["showValues"] for axis in axes))
    driver.run_to_end(20)
    driver.qtbot.waitUntil(lambda: all(axis.style["showValues"] for axis in axes))
    driver.action("begin_again").trigger()
    driver.qtbot.waitUntil(lambda: all(not axis.style["showValues"] for axis in axes))
