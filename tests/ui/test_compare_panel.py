"""How runs are compared: alignment, smoothing, the difference of two, in the real window."""

import math

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QListWidget, QSlider

from gradgui.ui.plots.epoch_panels import LossPanel
from gradgui.ui.plots.epoch_plot import EpochPlot
from gradgui.ui.plots.items import Line
from gradgui.ui.plots.landscape_panel import LandscapePanel
from gradgui.ui.runs.compare_panel import ComparePanel, smoothing_at
from gradgui.ui.runs.compared_runs import ComparedRuns
from gradgui.ui.window.view import Dock
from gradgui.worker.status import State
from tests.ui.driver import Driver
from tests.ui.test_compared_runs import compared, curves, legend, tick, torch_run  # noqa: F401 - fixtures


@pytest.fixture
def panel(driver: Driver, compared: ComparedRuns, tick: object) -> ComparePanel:  # noqa: F811
    """The panel in front, with runs 1 and 3 ticked and the present one trained."""
    driver.run_to_end(20)
    tick(1, 3)  # type: ignore[operator]
    driver.find(Dock, "compare_panel").raise_()
    driver.qtbot.waitUntil(lambda: driver.window.findChild(ComparePanel) is not None)
    return driver.content(ComparePanel)


def choose(driver: Driver, name: str, index: int) -> None:
    combo = driver.find(QComboBox, name)
    combo.setFocus()
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


def starts(plot: EpochPlot) -> dict[int, float]:
    """Where on the plot's axis the curve of each run begins."""
    return {run: x[0] for (run, _), (x, _) in curves(plot).items()}


def first_at_most(losses: list[float], loss: float) -> int:
    return next(epoch for epoch, one in enumerate(losses, 1) if one <= loss)


def test_the_legend_names_all_and_an_unticked_run_is_gone(driver: Driver, panel: ComparePanel) -> None:
    rows = driver.find(QListWidget, "compare_legend")
    assert [rows.item(row).text() for row in range(rows.count())] == ["lr 0.03 (present)", "lr 0.01", "lr 0.05"]
    rows.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert driver.window.compared_runs.ticked == (3,)
    assert [rows.item(row).text() for row in range(rows.count())] == ["lr 0.03 (present)", "lr 0.05"]
    assert panel.plot.isVisible()
    rows.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert not panel.plot.isVisible()


def test_curves_are_moved_to_where_the_present_run_first_had_a_loss(driver: Driver, panel: ComparePanel) -> None:
    loss = driver.content(LossPanel).plot
    choose(driver, "compare_align", 1)
    driver.enter("compare_loss", "2")
    here = first_at_most(torch_run(0.03)["loss"], 2.0)
    assert here == 4
    shifts = {run: here - first_at_most(torch_run(rate)["loss"], 2.0) for run, rate in ((1, 0.01), (3, 0.05))}
    assert shifts[1] < 0 < shifts[3]
    driver.qtbot.waitUntil(lambda: starts(loss) == {1: 1 + shifts[1], 3: 1 + shifts[3]})
    left, right = loss.plot.getViewBox().viewRange()[0]
    assert left <= 1 + shifts[1]
    assert right >= 20 + shifts[3]
    assert legend(loss)[-1] == "aligned at the first loss ≤ 2"
    driver.enter("compare_loss", "0.05")  # which the slowest never has
    driver.qtbot.waitUntil(lambda: starts(loss).keys() == {3})
    assert "lr 0.01 never had a loss ≤ 0.05 and is not drawn" in loss.note
    choose(driver, "compare_align", 0)
    driver.qtbot.waitUntil(lambda: starts(loss) == {1: 1, 3: 1})
    assert panel.plot.isVisible()


def test_without_such_a_loss_in_the_present_run_nothing_is_moved(
    driver: Driver,
    panel: ComparePanel,
) -> None:
    driver.action("reset").trigger()
    loss = driver.content(LossPanel).plot
    choose(driver, "compare_align", 1)
    driver.enter("compare_loss", "2")
    driver.qtbot.waitUntil(lambda: "not aligned: the present run has not had a loss ≤ 2" in loss.note)
    assert starts(loss) == {1: 1, 3: 1}


def test_smoothed_curves_are_drawn_over_the_raw_ones(driver: Driver, panel: ComparePanel) -> None:
    loss = driver.content(LossPanel).plot
    driver.find(QSlider, "compare_smoothing").setValue(3)
    decay = smoothing_at(3)
    assert decay == 0.499
    comparison = loss.comparison
    assert comparison is not None

    def smoothed(rate: float) -> list[float]:
        losses, total, weight, result = torch_run(rate)["loss"], 0.0, 0.0, []
        for one in losses:
            total, weight = decay * total + one, decay * weight + 1
            result.append(math.log10(total / weight))
        return result

    driver.qtbot.waitUntil(lambda: len(comparison.overlays.drawn) == 4)
    drawn = {run.id: y for run, _, smooth, _, y in comparison.overlays.drawn if smooth}
    assert drawn[1].tolist() == pytest.approx(smoothed(0.01), abs=1e-4)
    line: Line = comparison.smooth_lines[0]
    assert line.points[1].tolist() == pytest.approx(smoothed(0.03), abs=1e-4)
    assert loss.lines[0].pen().color().alphaF() < 0.5
    assert legend(loss)[-1] == "smoothed by 0.499, raw faint"
    driver.find(QSlider, "compare_smoothing").setValue(0)
    driver.qtbot.waitUntil(lambda: len(comparison.overlays.drawn) == 2)
    assert loss.lines[0].pen().color().alphaF() == 1.0
    assert not line.isVisible()


@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 2), (2, 0)])
def test_the_difference_of_any_two_is_that_of_their_losses(
    driver: Driver, panel: ComparePanel, first: int, second: int
) -> None:
    rates = (0.03, 0.01, 0.05)
    choose(driver, "compare_first", first)
    choose(driver, "compare_second", second)
    losses = [np.array(torch_run(rates[place])["loss"]) for place in (first, second)]
    driver.qtbot.waitUntil(lambda: len(panel.plot.lines[0].points[0]) == 20)
    driver.qtbot.waitUntil(
        lambda: panel.plot.lines[0].points[1].tolist() == pytest.approx((losses[0] - losses[1]).tolist(), abs=1e-4)
    )


def test_the_difference_follows_the_present_run(driver: Driver, panel: ComparePanel) -> None:
    driver.action("reset").trigger()
    for epochs in (1, 2, 3):
        driver.action("step_epoch").trigger()
        driver.qtbot.waitUntil(lambda epochs=epochs: len(panel.plot.lines[0].points[0]) == epochs)  # type: ignore[misc]


def paths(driver: Driver) -> dict[int, tuple[list[float], list[float]]]:
    """The paths of compared runs in the landscape that is shown."""
    drawn = driver.content(LandscapePanel).shown.compared.drawn
    return {run: (x.tolist(), y.tolist()) for run, (x, y) in drawn.items()}


def test_paths_stand_in_the_cut_where_the_loss_is_the_same(driver: Driver, panel: ComparePanel) -> None:
    assert panel.plot.isVisible()
    plot = driver.content(LandscapePanel)
    driver.qtbot.waitUntil(lambda: paths(driver).keys() == {1, 3})
    for run, rate in ((1, 0.01), (3, 0.05)):
        columns = torch_run(rate)
        x, y = paths(driver)[run]
        assert x == pytest.approx([0.0, *columns["w"][:-1]], rel=1e-5)
        assert y == pytest.approx(columns["loss"], rel=1e-5, abs=1e-9)
    assert plot.shown.note == ""
    choose(driver, "loss_name", driver.find(QComboBox, "loss_name").findText("MAE"))
    driver.qtbot.waitUntil(lambda: plot.shown.note == "2 paths not drawn: another loss")
    assert paths(driver) == {}


def test_paths_of_other_data_or_models_are_not_drawn_and_it_is_said(driver: Driver, panel: ComparePanel) -> None:
    assert panel.plot.isVisible()
    driver.qtbot.waitUntil(lambda: paths(driver).keys() == {1, 3})
    data = driver.window.run.experiment.data
    driver.window.data_editor.replace(data.with_value(2, 1, 30.0), "an outlier")
    plot = driver.content(LandscapePanel)
    driver.qtbot.waitUntil(lambda: plot.shown.note == "2 paths not drawn: other data")
    driver.enter("model_formula", "w * x + b")
    driver.qtbot.waitUntil(lambda: plot.shown.note == "2 paths not drawn: another model")


def test_paths_stand_in_the_map(driver: Driver, panel: ComparePanel) -> None:
    assert panel.plot.isVisible()
    driver.enter("model_formula", "w * x + b")
    driver.wait_for(State.READY, 0)
    driver.run_to_end(20)
    driver.qtbot.waitUntil(lambda: [one.epochs for one in driver.window.kept_runs.runs] == [20, 20, 20, 20, 20])
    run, log = driver.window.kept_runs.runs[0].id, driver.window.run.log
    driver.action("reset").trigger()
    driver.wait_for(State.READY, 0)
    driver.window.compared_runs.tick(run, True)
    driver.qtbot.waitUntil(lambda: paths(driver).keys() == {run})
    x, y = paths(driver)[run]
    w, b = (parameter.start for parameter in driver.window.run.experiment.parameters)
    assert (x, y) == ([w, *log.column("w").tolist()], [b, *log.column("b").tolist()])
