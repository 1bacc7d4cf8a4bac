"""Who pulls: each point's share of the gradient in the window."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from gradgui.experiment.data import Data
from gradgui.experiment.experiment import Experiment, Parameter
from gradgui.experiment.run_spec import RunSpec, read_run_spec
from gradgui.experiment.training_loop import Loop
from gradgui.record.point_shares import PointShares
from gradgui.resources import resource_path
from gradgui.ui.app.theme import Appearance
from gradgui.ui.plots.fit_plot import FitPlot
from gradgui.ui.plots.pull_arrows import MOST_ARROWS, PullArrows
from gradgui.ui.plots.who_pulls import PullReading
from gradgui.worker.status import State
from tests.ui.driver import Driver


def reading(driver: Driver) -> str:
    """Give what is said below the plot."""
    return driver.find(PullReading, "pull_reading").text()


def show(driver: Driver) -> FitPlot:
    """Show the shares by their key, in a panel with room for all that is said."""
    driver.window.resize(1600, 1200)
    plot = driver.content(FitPlot)
    driver.qtbot.waitUntil(lambda: plot.height() > 260)
    QTest.keyClick(
        driver.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert driver.action("who_pulls").isChecked()
    driver.qtbot.waitUntil(lambda: "add up" in reading(driver) or "grad" in reading(driver))
    return plot


def open_experiment(driver: Driver, experiment: Experiment) -> None:
    """Train another experiment."""
    run = driver.window.run
    run.open(RunSpec(experiment))
    driver.qtbot.waitUntil(lambda: not run.is_awaited and run.status.state is State.READY, timeout=30_000)
    driver.qtbot.waitUntil(lambda: (view := run.view(PointShares)) is not None and view.epoch == 1)


def open_example(driver: Driver, number: str) -> Experiment:
    """Open an example of the File menu."""
    path = next(Path(resource_path("lessons")).glob(f"{number}-*.gradgui"))
    experiment = read_run_spec(path).experiment
    driver.action(f"example_{path.stem}").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment == experiment)
    driver.qtbot.waitUntil(lambda: driver.window.run.view(PointShares) is not None)
    return experiment


def test_the_key_shows_whose_share_is_which(driver: Driver) -> None:
    assert not driver.find(PullReading, "pull_reading").isVisible()
    plot = show(driver)
    driver.qtbot.waitUntil(lambda: len(plot.pulls.arrows.drawn) == 4)
    assert reading(driver) == (
        "Epoch 1: shares add up to w.grad = −30 (to the last bit)\n"
        "Point 4 (x = 4) pulls with 53 % (an arrow up raises w)"
    )
    x, begins, ends = plot.pulls.arrows.arrows
    assert x.tolist() == [4.0, 3.0, 2.0, 1.0]
    assert begins.tolist() == [0.0] * 4
    # All raise w, as their shares of the gradient are negative, and are as long as these are large.
    assert (ends / ends[0]).tolist() == pytest.approx([1.0, 9 / 16, 4 / 16, 1 / 16])
    assert ends[0] > 0.0
    driver.action("who_pulls").trigger()
    assert not driver.find(PullReading, "pull_reading").isVisible()
    assert len(plot.pulls.arrows.drawn) == 0


def test_it_follows_the_run_phase_by_phase(driver: Driver) -> None:
    show(driver)
    for _ in range(3):
        driver.action("step_phase").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.status.next_phase.value == "update")
    assert reading(driver).startswith("Epoch 1: shares add up to w.grad = −30 ")
    driver.action("step_epoch").trigger()
    driver.qtbot.waitUntil(lambda: reading(driver).startswith("Epoch 2: shares add up to w.grad = −25.5 "))


def test_keys_go_from_point_to_point_and_tell_all_digits(driver: Driver) -> None:
    show(driver)
    label = driver.find(PullReading, "pull_reading")
    label.setFocus()
    QTest.keyClick(label, Qt.Key.Key_Right)
    assert reading(driver).splitlines()[1].startswith("Point 4 (x = 4): share −16, 53 %, raises w")
    QTest.keyClick(label, Qt.Key.Key_Right)
    assert reading(driver).splitlines()[1].startswith("Point 3 (x = 3): share −9, 30 %, raises w")
    QTest.keyClick(label, Qt.Key.Key_Left)
    assert reading(driver).splitlines()[1].startswith("Point 4 ")
    QTest.keyClick(label, Qt.Key.Key_Escape)
    assert reading(driver).splitlines()[1].startswith("Point 4 (x = 4) pulls with 53 %")
    assert label.accessibleDescription().splitlines()[1:] == [
        "Point 4 (x = 4): share −16, 53 %, raises w",
        "Point 3 (x = 3): share −9, 30 %, raises w",
        "Point 2 (x = 2): share −4, 13 %, raises w",
        "Point 1 (x = 1): share −1, 3 %, raises w",
    ]


def test_the_mouse_at_a_point_tells_its_share(driver: Driver) -> None:
    plot = show(driver)

    def told() -> bool:
        # The words below have just taken their room from the plot.
        QTest.mouseMove(plot.plot.viewport(), plot.plot.mapFromScene(plot.scene_position(1)))
        return "Point 2 (x = 2): share −4, 13 %" in reading(driver)

    driver.qtbot.waitUntil(told)


@pytest.mark.parametrize("parameter", ["w", "b"])
def test_the_outlier_that_drags_the_line_is_seen(driver: Driver, parameter: str) -> None:
    plot = show(driver)
    experiment = open_example(driver, "06")
    combo = driver.find(QComboBox, "pulled_parameter")
    assert combo.isVisible()
    combo.setCurrentText(parameter)
    driver.run_to_end(experiment.epochs)
    driver.qtbot.waitUntil(
        lambda: f"Epoch {experiment.epochs + 1}: shares add up to {parameter}.grad" in reading(driver)
    )
    w, b = driver.window.run.parameters
    x, y = np.array(experiment.data.x), np.array(experiment.data.y)
    shares = 2.0 * (w * x + b - y) * (x if parameter == "w" else 1.0) / len(x)
    strongest = int(np.abs(shares).argmax())
    assert strongest + 1 in {4, 10}, "one of the two points that were put where no line is"
    percent = round(100 * abs(shares[strongest]) / np.abs(shares).sum())
    assert f"Point {strongest + 1} (x = {x[strongest]:g}) pulls with {percent} %" in reading(driver)
    _, begins, ends = plot.pulls.arrows.arrows
    assert plot.pulls.arrows.drawn[0] == strongest
    assert np.sign(ends[0] - begins[0]) == -np.sign(shares[strongest])


def test_of_many_points_the_longest_arrows_are_drawn_and_the_rest_is_counted(driver: Driver) -> None:
    plot = show(driver)
    x = np.linspace(-1.0, 1.0, 5_000)
    open_experiment(driver, Experiment("w*x + 1", (Parameter("w", 0.0),), Data(x, 1.0 + 2.0 * x), 0.1, 5))
    driver.qtbot.waitUntil(lambda: len(plot.pulls.arrows.drawn) == MOST_ARROWS)
    driver.qtbot.waitUntil(lambda: "200 of 5\u202f000 arrows drawn" in reading(driver))
    share = 2.0 * x * (0.0 - 2.0 * x) / len(x)
    smallest = np.sort(np.abs(share))[-MOST_ARROWS]
    assert (np.abs(share[plot.pulls.arrows.drawn]) >= smallest * (1 - 1e-6)).all()


def test_at_a_speed_that_nobody_can_follow_nothing_of_it_is_worked_out(driver: Driver) -> None:
    plot = show(driver)
    driver.enter("epochs", "1000000")
    driver.set_speed(100)
    driver.action("run").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.epoch > 1_000, timeout=30_000)
    driver.qtbot.waitUntil(lambda: "at a speed that one can follow" in reading(driver))
    assert len(plot.pulls.arrows.drawn) == 0
    driver.action("run").trigger()
    driver.wait_for(State.READY)
    driver.qtbot.waitUntil(lambda: f"Epoch {driver.window.run.epoch + 1}: " in reading(driver))


def test_shares_of_any_size_are_drawn_beside_each_other(driver: Driver) -> None:
    plot = show(driver)
    arrows = driver.window.findChild(PullArrows)
    assert arrows is not None
    (_, right), (_, top) = plot.plot.getViewBox().viewRange()
    x, y = np.full(4, right / 2), np.array([top, top / 2, top, top / 2])
    for largest in (1e154, 1.0, 1e-300):
        arrows.show_forces(x, y, np.array([largest, -largest * 1e-8, 1e-308, -5e-324]), "w")
        assert len(arrows.drawn) == 4


def test_shares_that_are_no_numbers_are_told_and_have_no_arrow(driver: Driver) -> None:
    plot = show(driver)
    data = Data((1.0, -1.0, 2.0), (1.0, 1.0, 1.0))
    open_experiment(driver, Experiment("log(w*x)", (Parameter("w", 1.0),), data, 0.1, 5))
    driver.qtbot.waitUntil(lambda: "w.grad = nan: no number is the share of point 2" in reading(driver))
    assert sorted(plot.pulls.arrows.drawn.tolist()) in ([0], [0, 2])


def test_with_zero_grad_forgotten_the_reading_tells_what_the_epoch_adds(driver: Driver) -> None:
    show(driver)
    data = Data((1.0, 2.0, 3.0, 4.0), (2.0, 4.0, 6.0, 8.0))
    loop = Loop(zero_grad=False)
    open_experiment(driver, Experiment("w*x", (Parameter("w", 0.0),), data, 0.01, 5, dtype="float64", loop=loop))
    driver.action("step_epoch").trigger()
    added = "the shares add up to −25.5, which backward() adds to −30: w.grad = −55.5 (to the last bit)"
    driver.qtbot.waitUntil(lambda: f"Epoch 2: {added}" in reading(driver))


def test_it_is_remembered_and_takes_the_theme(driver: Driver) -> None:
    plot = show(driver)
    driver.qtbot.waitUntil(lambda: len(plot.pulls.arrows.drawn) == 4)
    driver.window.set_appearance(Appearance.DARK)
    driver.window.set_appearance(Appearance.LIGHT)
    driver.qtbot.waitUntil(lambda: len(plot.pulls.arrows.drawn) == 4)


def test_it_is_as_it_was_left_at_the_next_start(driver: Driver, open_window: object) -> None:
    show(driver)
    assert callable(open_window)
    again = Driver(open_window(), driver.qtbot)
    assert again.action("who_pulls").isChecked()


def test_no_text_in_the_plot_hides_another(driver: Driver) -> None:
    """A low plot with the longest arrow close to what is read at the end of the line."""
    plot = show(driver)
    driver.window.resize(1024, 700)
    driver.qtbot.waitUntil(lambda: plot.height() < 250)

    def reading_tip() -> str:
        return driver.find(PullReading, "pull_reading").toolTip()

    def apart() -> bool:
        texts = [item for item in plot.plot.scene().items() if isinstance(item, pg.TextItem) and item.isVisible()]
        seen = [item for item in texts if item.toPlainText() and item.opacity()]
        places = [item.boundingRect().translated(item.scenePos()).adjusted(1, 1, -1, -1) for item in seen]
        return len(places) > 0 and not any(one.intersects(other) for one, other in combinations(places, 2))

    for epoch in range(1, 16):
        driver.qtbot.waitUntil(lambda: f"Epoch {driver.window.run.epoch + 1}:" in reading_tip() and apart())
        QTest.keyClick(driver.window, Qt.Key.Key_F10)
        driver.wait_for(State.READY, epoch)
