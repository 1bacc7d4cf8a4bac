"""Runs compared with the present one, in the real window with a real recorder and file."""

import math
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from PySide6.QtCore import QPointF

from gradgui.record.batch import EpochBatch
from gradgui.record.run_store import RunStore
from gradgui.ui.app.theme import DARK, LIGHT, Theme
from gradgui.ui.plots.epoch_panels import LossPanel, ParameterPanel
from gradgui.ui.plots.epoch_plot import EpochPlot
from gradgui.ui.plots.epoch_reading import Reading, nearest
from gradgui.ui.plots.picture import plot_picture
from gradgui.ui.runs import compared_runs
from gradgui.ui.runs.compared_runs import ComparedRuns
from gradgui.ui.runs.looks import DASHES, Look
from gradgui.worker.jobs.run_recorder import RunRecorder
from gradgui.worker.status import State
from tests.ui.driver import Driver

RATES = ("0.01", "0.02", "0.05")


@pytest.fixture
def compared(driver: Driver, tmp_path: Path) -> Iterator[ComparedRuns]:
    """Three kept runs that differ in their rate, numbers 1 to 3, and a fourth one that has not begun."""
    window, path = driver.window, tmp_path / "runs.sqlite"
    recorder = RunRecorder(window.training.worker, path, window)
    window.kept_runs.follow(recorder, path)
    driver.set_speed(100)
    for rate in RATES:
        driver.enter("learning_rate", rate)
        driver.action("run").trigger()
        driver.wait_for(State.FINISHED, 20)
        driver.action("reset").trigger()
        driver.wait_for(State.READY, 0)
    driver.enter("learning_rate", "0.03")
    driver.qtbot.waitUntil(lambda: [run.epochs for run in window.kept_runs.runs] == [20, 20, 20])
    driver.qtbot.waitUntil(lambda: not window.compared_runs.present)
    yield window.compared_runs
    window.compared_runs.clear()
    window.kept_runs.close()
    recorder.shut_down()


@pytest.fixture
def tick(driver: Driver, compared: ComparedRuns) -> Callable[..., None]:
    """Tick runs and wait until they are read."""

    def tick_and_wait(*runs: int) -> None:
        for run in runs:
            compared.tick(run, True)
        driver.qtbot.waitUntil(lambda: not compared.reading)

    return tick_and_wait


def labels(compared: ComparedRuns) -> list[str]:
    return [run.label for run in compared.runs]


def test_ticked_runs_are_read_and_say_what_differs(
    driver: Driver, compared: ComparedRuns, tick: Callable[..., None]
) -> None:
    tick(1, 3)
    assert compared.ticked == (1, 3)
    assert [run.id for run in compared.runs] == [1, 3]
    assert compared.present_label == "lr 0.03"
    assert labels(compared) == ["lr 0.01", "lr 0.05"]
    for run, rate in zip(compared.runs, (0.01, 0.05), strict=True):
        assert run.log.column("loss") == pytest.approx(torch_run(rate)["loss"], rel=1e-5)
    compared.tick(1, False)
    assert labels(compared) == ["lr 0.05"]
    driver.enter("start_w", "2")
    assert labels(compared) == ["lr 0.05, w start 0"]
    assert compared.present_label == "lr 0.03, w start 2"
    compared.clear()
    assert not compared.ticked
    assert not compared.runs


def test_every_run_keeps_its_look_while_it_is_ticked(compared: ComparedRuns, tick: Callable[..., None]) -> None:
    tick(1, 2, 3)
    assert [run.look.place for run in compared.runs] == [0, 1, 2]
    compared.tick(2, False)
    assert [run.look.place for run in compared.runs] == [0, 2]
    tick(2)
    assert [(run.id, run.look.place) for run in compared.runs] == [(1, 0), (3, 2), (2, 1)]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_forty_looks_differ_and_neighbours_in_both_colour_and_dash(theme: Theme) -> None:
    looks = [(look.colour(theme), look.dashes) for look in map(Look, range(40))]
    assert len(set(looks)) == 40
    assert len(set(DASHES)) == len(DASHES)
    assert all(one[0] != other[0] and one[1] != other[1] for one, other in pairwise(looks))
    assert theme.loss not in {colour for colour, _ in looks}


def test_the_present_run_is_no_other_one(compared: ComparedRuns, tick: Callable[..., None]) -> None:
    tick(1, 2)
    compared.present = 2
    assert compared.ticked == (1, 2)
    assert [run.id for run in compared.runs] == [1]
    compared.present = 0
    assert [run.id for run in compared.runs] == [1, 2]


def test_deleted_and_damaged_runs_are_dropped_and_it_is_said(
    driver: Driver, compared: ComparedRuns, tick: Callable[..., None], tmp_path: Path
) -> None:
    told: list[str] = []
    compared.told.connect(told.append)
    tick(1, 2)
    driver.window.kept_runs.delete([2])
    assert told == ["Run 2 was deleted and is not compared any more."]
    assert labels(compared) == ["lr 0.01"]
    other = sqlite3.connect(tmp_path / "runs.sqlite")
    other.execute("UPDATE spec SET text = x'00' WHERE run = 3")
    other.execute("UPDATE chunk SET checksum = 0 WHERE run = 1")
    other.commit()
    other.close()
    tick(3)
    assert compared.ticked == (1,)
    assert told[-1] == "Run 3 is damaged: what decides it cannot be read. It is not compared."
    compared.clear()
    tick(1)
    assert told[-1] == "Run 1 is damaged after epoch 0; only what comes before is compared."


def test_what_has_grown_is_read_again(
    driver: Driver, compared: ComparedRuns, tick: Callable[..., None], tmp_path: Path
) -> None:
    tick(1)
    other = RunStore(tmp_path / "runs.sqlite")
    other.truncate(1, 12)
    other.close()
    compared.refresh()
    driver.qtbot.waitUntil(lambda: not compared.reading)
    assert len(compared.runs[0].log) == 12


def plots(driver: Driver) -> list[EpochPlot]:
    return [driver.content(LossPanel).plot, *driver.content(ParameterPanel).plots]


def curves(plot: EpochPlot) -> dict[tuple[int, str], tuple[list[float], list[float]]]:
    """What is drawn of compared runs, by run and column: x, and y as it stands on a linear axis."""
    assert plot.comparison is not None
    return {
        (run.id, curve.column): (x.tolist(), (10.0**y if plot.logarithmic else y).tolist())
        for run, curve, smooth, x, y in plot.comparison.overlays.drawn
        if not smooth
    }


def legend(plot: EpochPlot) -> list[str]:
    assert plot.comparison is not None
    return plot.comparison.legend.texts


def hover(driver: Driver, plot: EpochPlot, epoch: float, height: float) -> list[str]:
    """Read off a plot at a place of its axes."""
    box = plot.plot.getViewBox()
    plot.plot.scene().sigMouseMoved.emit(box.mapViewToScene(QPointF(epoch, height)))
    return plot.reading.splitlines()


def torch_run(rate: float, epochs: int = 20) -> dict[str, list[float]]:
    """A plain loop of PyTorch: w * x on x = 1 … 4, y = 2 x."""
    x = torch.tensor([1.0, 2.0, 3.0, 4.0])
    w = torch.tensor(0.0, requires_grad=True)
    columns: dict[str, list[float]] = {"loss": [], "w": [], "w_grad": []}
    for _ in range(epochs):
        loss = ((2 * x - w * x) ** 2).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        assert w.grad is not None
        columns["loss"].append(loss.item())
        columns["w_grad"].append(w.grad.item())
        with torch.no_grad():
            w -= rate * w.grad
        w.grad.zero_()
        columns["w"].append(w.item())
    return columns


def test_their_curves_are_those_of_a_plain_loop_and_all_in_sight(
    driver: Driver, compared: ComparedRuns, tick: Callable[..., None]
) -> None:
    tick(1, 3)
    driver.run_to_end(20)
    loss, parameters, gradients = plots(driver)
    driver.qtbot.waitUntil(lambda: set(curves(gradients)) == {(1, "w_grad"), (3, "w_grad")})
    for plot, column in ((loss, "loss"), (parameters, "w"), (gradients, "w_grad")):
        drawn = curves(plot)
        for run, rate in ((1, 0.01), (3, 0.05)):
            x, y = drawn[run, column]
            assert x == list(range(1, 21))
            expected = [math.nan if plot.logarithmic and one <= 0 else one for one in torch_run(rate)[column]]
            assert y == pytest.approx(expected, rel=1e-5, nan_ok=True)
        (left, right), (bottom, top) = plot.plot.getViewBox().viewRange()
        values = np.array([value for _, y in drawn.values() for value in y])
        assert left <= 1
        assert right >= 20
        shown = np.log10(values) if plot.logarithmic else values
        assert bottom <= np.nanmin(shown) <= np.nanmax(shown) <= top
    assert legend(loss) == ["lr 0.03 (present)", "lr 0.01", "lr 0.05"]
    assert legend(gradients) == legend(loss)
    assert legend(parameters) == []  # it is under the plot below


def keep_more(folder: Path, rates: Sequence[float], rounds: int = 1) -> list[int]:
    """Keep runs that have the epochs of run 1 so many times over."""
    store = RunStore(folder / "runs.sqlite")
    spec, log = store.spec(1), store.log(1)
    rows = np.column_stack([log.column(name).astype(np.float64) for name in log.columns.names])
    runs = []
    for rate in rates:
        run = store.begin(structs.replace(spec, experiment=structs.replace(spec.experiment, learning_rate=rate)))
        store.append(run, EpochBatch(1, np.tile(rows, (rounds, 1))))
        runs.append(run)
    store.close()
    return runs


def test_a_longer_run_widens_the_epochs_and_a_cleared_one_leaves_no_trace(
    driver: Driver, compared: ComparedRuns, tick: Callable[..., None], tmp_path: Path
) -> None:
    driver.run_to_end(20)
    loss = driver.content(LossPanel).plot
    driver.qtbot.waitUntil(lambda: 20 < loss.plot.getViewBox().viewRange()[0][1] < 25)
    tick(*keep_more(tmp_path, [5.0], rounds=4))
    driver.qtbot.waitUntil(lambda: 80 < loss.plot.getViewBox().viewRange()[0][1] < 90)
    compared.clear()
    driver.qtbot.waitUntil(lambda: curves(loss) == {} and loss.plot.getViewBox().viewRange()[0][1] < 25)
    assert legend(loss) == []


def test_the_mouse_reads_run_epoch_and_value_the_nearest_first(
    driver: Driver, compared: ComparedRuns, tick: Callable[..., None]
) -> None:
    tick(1, 3)
    driver.window.resize(1280, 1600)
    driver.enter("epochs", "4")
    driver.run_to_end(4)
    parameters = driver.content(ParameterPanel).plots[0]
    driver.qtbot.waitUntil(lambda: len(curves(parameters)) == 2)
    slow, fast, own = (str(np.float32(torch_run(rate)["w"][2])) for rate in (0.01, 0.05, 0.03))
    expected = ["epoch 3", f"lr 0.03 (present): {own}", f"lr 0.05: {fast}", f"lr 0.01: {slow}"]
    assert sorted(hover(driver, parameters, 3, float(fast))) == sorted(expected)
    assert hover(driver, parameters, 3, float(fast))[1] == expected[2]
    assert hover(driver, parameters, 3, float(slow))[1] == expected[3]
    assert hover(driver, parameters, 3, float(own))[1] == expected[1]
    # Beyond the end of the present run there are only the others.
    assert hover(driver, parameters, 12, 1.0)[:1] == ["epoch 12"]
    assert len(hover(driver, parameters, 12, 1.0)) == 3


def test_models_with_other_parameters_share_what_both_have_and_the_rest_is_said(
    driver: Driver, compared: ComparedRuns, tick: Callable[..., None]
) -> None:
    tick(1, 2)
    driver.enter("model_formula", "w * x + b")
    driver.wait_for(State.READY, 0)
    _, parameters, gradients = plots(driver)
    driver.qtbot.waitUntil(lambda: set(curves(parameters)) == {(1, "w"), (2, "w")})
    for plot in (parameters, gradients):
        driver.qtbot.waitUntil(lambda plot=plot: plot.note == "2 runs have no parameter b")  # type: ignore[misc]
    assert legend(gradients)[-2:] == ["w.grad", "b.grad"]


def test_more_runs_than_can_be_told_apart_are_counted(
    driver: Driver, compared: ComparedRuns, tick: Callable[..., None], tmp_path: Path
) -> None:
    tick(*keep_more(tmp_path, [float(rate) for rate in range(1, 24)]))
    loss = driver.content(LossPanel).plot
    driver.qtbot.waitUntil(lambda: len(curves(loss)) == 20)
    driver.qtbot.waitUntil(lambda: loss.note == "3 runs more are not drawn: 20 can be told apart here")


def test_a_picture_has_the_legend_in_it(driver: Driver, compared: ComparedRuns, tick: Callable[..., None]) -> None:
    tick(1, 3)
    driver.run_to_end(20)
    driver.qtbot.waitUntil(lambda: all(len(curves(plot)) == 2 for plot in plots(driver)))
    for plot in plots(driver):
        picture = plot_picture(plot, ".svg")().decode()
        for text in ("lr 0.03 (present)", "lr 0.01", "lr 0.05"):
            assert f">{text}</text>" in picture
    assert legend(driver.content(ParameterPanel).plots[0]) == []


@given(st.lists(st.floats(allow_nan=True), max_size=12), st.floats(-1e9, 1e9), st.integers(-1, 8))
def test_the_nearest_values_have_room_and_the_rest_is_counted(values: list[float], height: float, most: int) -> None:
    readings = [Reading(f"run {place}", value) for place, value in enumerate(values)]
    lines = nearest(7, readings, height, most)
    assert len(lines) <= max(most, 1)
    assert lines[0].startswith("epoch 7")
    text = "\n".join(lines)
    shown = [int(place) for place in re.findall(r"run (\d+)", text)]
    counted = sum(map(int, re.findall(r"and (\d+) more", text)))
    assert len(shown) == len(set(shown)) == len(values) - counted
    distances = [abs(value - height) if math.isfinite(value) else math.inf for value in values]
    left_out = [distance for place, distance in enumerate(distances) if place not in shown]
    assert max((distances[place] for place in shown), default=0.0) <= min(left_out, default=math.inf)


def test_runs_are_read_in_pieces_and_one_can_be_unticked_halfway(
    driver: Driver, compared: ComparedRuns, tick: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compared_runs, "PIECE", 7)
    compared.tick(1, True)
    compared.tick(2, True)
    compared._read_next()
    compared._read_next()
    assert not compared.runs
    compared.tick(1, False)
    tick(3)
    assert [(run.id, len(run.log)) for run in compared.runs] == [(2, 20), (3, 20)]
    for run, rate in zip(compared.runs, (0.02, 0.05), strict=True):
        assert run.log.column("w") == pytest.approx(torch_run(rate)["w"], rel=1e-5)
