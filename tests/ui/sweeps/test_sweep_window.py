"""A sweep in the real window: chosen, trained, cancelled, zoomed into, and a run of it opened."""

import math
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QProgressBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Parameter
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import Loop
from gradgui.numbers import significant
from gradgui.record.sweep_outcomes import SweepOutcomes
from gradgui.ui.sweeps.sweep_map import SweepMap
from gradgui.ui.sweeps.sweep_window import SweepWindow
from gradgui.ui.sweeps.sweeps import earlier_sweeps
from gradgui.worker.status import State
from tests.e2e.hands import drag
from tests.ui.driver import Driver

SECONDS = 30_000


class Person:
    """Who sweeps with the keys."""

    def __init__(self, driver: Driver) -> None:
        self.driver, self.qtbot, self.window = driver, driver.qtbot, driver.window
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(driver.window, Qt.Key.Key_W, both)
        self.sweep = driver.find(SweepWindow, "sweep_window")
        self.qtbot.waitUntil(self.sweep.isVisible)

    def enter(self, name: str, text: str) -> None:
        line = self.driver.find(QLineEdit, name)
        line.setFocus()
        line.selectAll()
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)

    def choose(self, name: str, text: str) -> None:
        box = self.driver.find(QComboBox, name)
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Home)
        while box.currentText() != text:
            before = box.currentIndex()
            QTest.keyClick(box, Qt.Key.Key_Down)
            assert box.currentIndex() > before, f"{text} is not offered"

    def push(self, name: str) -> None:
        QTest.keyClick(self.driver.find(QPushButton, name), Qt.Key.Key_Space)

    def state(self) -> str:
        return self.driver.find(QLabel, "sweep_state").text()

    @property
    def outcomes(self) -> SweepOutcomes:
        outcomes = self.sweep.views.outcomes
        assert outcomes is not None
        return outcomes

    def train(self) -> SweepOutcomes:
        with self.qtbot.waitSignal(self.window.sweeps.training.ended, timeout=SECONDS):
            self.push("sweep_start")
        return self.outcomes

    def small_map(self) -> None:
        self.choose("varied_too", "start.w")
        for name, text in (("varied_first", "0.01"), ("varied_last", "0.2"), ("varied_count", "8")):
            self.enter(name, text)
        for name, text in (("varied_too_first", "-3"), ("varied_too_last", "5"), ("varied_too_count", "9")):
            self.enter(name, text)


def hover(widget: QWidget, place: QPoint) -> None:
    """Hold the mouse over a place."""
    drag(widget, [place, place], Qt.MouseButton.NoButton)


@pytest.fixture
def person(driver: Driver) -> Person:
    return Person(driver)


def test_one_thing_is_offered_as_it_can_be_varied(person: Person) -> None:
    sweep = person.sweep.form.sweep
    assert sweep is not None
    assert [(one.name, one.first, one.last, one.count, one.scale) for one in sweep.varied] == [
        ("learning_rate", 0.001, 1.0, 64, "log")
    ]
    assert sweep.epochs == 20
    assert person.driver.text("sweep_told") == "64 runs, as one graph. Each has the bits that it has alone."
    outcomes = person.train()
    assert outcomes.sweep == sweep
    assert outcomes.trained == 20
    assert person.state() == "Done. 64 runs, 20 epochs at most."
    assert person.driver.find(QProgressBar, "sweep_progress").value() == 1000


def test_a_run_that_is_opened_has_the_bits_of_its_cell(person: Person) -> None:
    person.small_map()
    outcomes = person.train()
    assert outcomes.sweep.shape == (8, 9)
    plot = person.sweep.views.main
    assert isinstance(plot, SweepMap)
    plot.plot.setFocus()
    best = outcomes.best
    assert best is not None
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up):  # the first one goes to the best run
        QTest.keyClick(plot.plot, key)
    run = plot.run
    assert run not in {-1, best}
    QTest.keyClick(plot.plot, Qt.Key.Key_Return)
    live = person.window.run
    person.driver.wait_for(State.FINISHED, int(outcomes.epochs[run]))
    person.qtbot.waitUntil(lambda: len(live.log) == outcomes.epochs[run])
    assert live.log.value("loss", len(live.log)) == outcomes.loss[run]
    assert live.parameters == tuple(map(float, outcomes.parameters[run]))
    losses = [live.log.value("loss", epoch) for epoch in range(1, 21)]
    np.testing.assert_array_equal(losses, outcomes.curves.losses[:, run])
    rate, start = outcomes.sweep.cells[run]
    assert (live.experiment.learning_rate, live.experiment.parameters[0].start) == (rate, start)
    assert person.window.windowTitle().startswith(f"Run {run + 1} of a sweep")
    person.driver.action("reset").trigger()
    assert person.window.speed.speed == 10.0


def test_the_curves_show_the_run_under_the_mouse_and_then_the_one_that_was_chosen(person: Person) -> None:
    person.train()
    views = person.sweep.views
    plot, chosen = views.main, views.curves.named["chosen"]
    viewport = plot.plot.viewport()
    middle = viewport.rect().center()
    hover(viewport, middle)
    assert plot.run >= 0
    assert chosen.isVisible()
    hover(viewport, QPoint(2, 2))
    assert plot.run == -1
    assert not chosen.isVisible()
    plot.plot.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(plot.plot, key)
    marked = plot.run
    hover(viewport, middle)
    hover(viewport, QPoint(2, 2))
    rate = person.outcomes.sweep.cells[marked][0]
    assert f"chosen: learning_rate = {significant(rate, 6)}" in views.curves.legend.texts


def test_nothing_can_be_varied_twice(person: Person) -> None:
    too = person.driver.find(QComboBox, "varied_too")
    assert [too.itemText(place) for place in range(too.count())] == ["nothing else", "start.w"]
    person.choose("varied_too", "start.w")
    person.choose("varied", "start.w")
    assert [too.itemText(place) for place in range(too.count())] == ["nothing else", "learning_rate"]
    assert person.sweep.form.sweep is not None
    assert [one.name for one in person.sweep.form.sweep.varied] == ["start.w"]
    person.choose("varied_too", "learning_rate")
    shown = person.sweep.form.sweep
    assert [one.name for one in shown.varied] == ["start.w", "learning_rate"]
    turned = replace(shown, varied=shown.varied[::-1])
    person.sweep.form.show_sweep(turned)
    assert person.sweep.form.sweep == turned


def test_after_a_run_was_opened_the_loop_has_its_own_speed_again(person: Person) -> None:
    person.train()
    person.window.sweeps.open_run(20)
    person.driver.wait_for(State.FINISHED, 20)
    person.driver.action("reset").trigger()
    person.driver.wait_for(State.READY, 0)
    person.driver.action("run").trigger()
    person.driver.wait_for(State.RUNNING)
    person.qtbot.waitUntil(lambda: person.window.run.epoch > 0)
    assert person.window.run.status.state is State.RUNNING  # and not at its end at once
    person.driver.action("run").trigger()


def test_a_cancel_keeps_what_is_there(person: Person) -> None:
    person.enter("sweep_epochs", "10000000")
    training = person.window.sweeps.training
    with person.qtbot.waitSignal(training.progressed, timeout=SECONDS):
        person.push("sweep_start")
    assert not person.driver.find(QPushButton, "sweep_start").isEnabled()
    with person.qtbot.waitSignal(training.ended, timeout=SECONDS):
        person.push("sweep_cancel")
    assert 0 < person.outcomes.trained < 10_000_000
    assert person.state().startswith("Cancelled: what was trained is here. 64 runs, ")


def test_zooming_in_trains_the_finer_grid(person: Person) -> None:
    person.small_map()
    whole = person.train().sweep
    finer = tuple(replace(one, first=one.values[2], last=one.values[4]) for one in whole.varied)
    with person.qtbot.waitSignal(person.window.sweeps.training.ended, timeout=SECONDS):
        person.sweep.views.range_chosen.emit(finer)
    assert person.outcomes.sweep == replace(whole, varied=finer)
    assert person.sweep.form.sweep == person.outcomes.sweep


def test_plus_trains_the_half_around_the_cursor_as_finely(person: Person) -> None:
    person.small_map()
    whole = person.train().sweep
    plot = person.sweep.views.main.plot
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Plus)  # without a cursor
    assert not person.window.sweeps.training.busy
    QTest.keyClick(plot, Qt.Key.Key_Right)
    best = person.outcomes.best
    assert best is not None
    finer = []
    for one, at in zip(whole.varied, divmod(best, 9), strict=True):
        low, high = at - (one.count - 1) / 4, at + (one.count - 1) / 4
        first, last = max(math.floor(low), 0), min(math.ceil(high), one.count - 1)
        finer.append(replace(one, first=one.values[first], last=one.values[last]))
    with person.qtbot.waitSignal(person.window.sweeps.training.ended, timeout=SECONDS):
        QTest.keyClick(plot, Qt.Key.Key_Plus)
    assert person.outcomes.sweep == replace(whole, varied=tuple(finer))


def test_a_broken_loop_is_refused_where_the_person_looks(person: Person) -> None:
    broken = replace(DEFAULT_EXPERIMENT, loop=Loop(zero_grad=False))
    person.window.documents.show(RunSpec(broken), Path("any.gradgui"))
    person.qtbot.waitUntil(lambda: person.sweep.form.sweep is None)
    problem = person.sweep.form.findChild(QLabel, "problem")
    assert problem is not None
    assert problem.text() == "A sweep trains the loop as it should be: mend the loop first."
    assert not person.driver.find(QPushButton, "sweep_start").isEnabled()


def test_what_is_wrong_is_told_and_what_is_right_is_trained(person: Person) -> None:
    person.enter("varied_first", "0")
    problem = person.sweep.form.findChild(QLabel, "problem")
    assert problem is not None
    assert problem.text() == "Learning_rate: a logarithmic range cannot reach 0; begin above it, or make it linear."
    person.choose("varied_scale", "equal steps")
    assert problem.text() == "Learning_rate: it must be above 0."
    person.enter("varied_first", "0.5")
    assert not problem.isVisible()


def test_made_up_data_have_a_seed_and_noise(person: Person, qtbot: QtBot) -> None:
    person.choose("sweep_data", "noisy line")
    person.choose("varied", "seed")
    person.choose("varied_too", "noise")
    person.enter("varied_too_count", "3")
    outcomes = person.train()
    assert outcomes.sweep.shape == (16, 3)
    assert outcomes.sweep.varies_data
    person.choose("sweep_data", "those of the experiment")
    qtbot.waitUntil(lambda: person.driver.find(QComboBox, "varied").currentText() != "seed")


def test_sweeps_are_kept(person: Person, tmp_path: Path) -> None:
    folder, box = person.window.sweeps.training.folder, person.driver.find(QComboBox, "earlier_sweeps")
    assert not earlier_sweeps(folder)
    first = person.train()
    person.qtbot.waitUntil(lambda: box.count() == 1)
    person.enter("varied_count", "70")
    second = person.train()
    person.qtbot.waitUntil(lambda: box.count() == 2)
    assert len(earlier_sweeps(folder)) == 2
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert person.outcomes.sweep == first.sweep
    np.testing.assert_array_equal(person.outcomes.loss, first.loss)
    box.activated.emit(0)
    np.testing.assert_array_equal(person.outcomes.loss, second.loss)
    earlier_sweeps(folder)[0][1].write_bytes(b"broken")
    box.activated.emit(0)
    assert person.state().endswith("is no sweep of this program.")
    np.testing.assert_array_equal(person.outcomes.loss, second.loss)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("csv", "a.csv"), ("long_csv", "a.csv"), ("script", "a.py"), ("picture", "a.png"), ("curves", "a.svg")],
)
def test_everything_is_exported(
    person: Person, kind: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.train()
    path = tmp_path / name
    monkeypatch.setattr("gradgui.ui.window.exports.ask_where_to_save", lambda *_args: (path, ""))
    with person.qtbot.waitSignal(person.window.exporter.ended, timeout=SECONDS):
        action = person.sweep.findChild(QWidget, "sweep_export")
        assert action is not None
        person.sweep.export_wanted.emit(kind)
    assert person.state().startswith("Saved ")
    content = path.read_bytes()
    starts = {
        "csv": b"run,learning_rate,epochs",
        "long_csv": b"run,learning_rate,epoch,loss",
        "script": b'"""Train 64',
    }
    assert content.startswith(starts.get(kind, b"\x89PNG" if name.endswith("png") else b"<?xml"))
    if kind in {"csv", "long_csv"}:
        assert content.count(b"\r\n") == 1 + (64 if kind == "csv" else person.outcomes.epochs.sum())


def test_what_is_to_be_predicted_is_not_swept_before(person: Person) -> None:
    person.window.run.gate = "First your prediction, in the lesson."
    person.push("sweep_start")
    assert person.state() == "First your prediction, in the lesson."
    assert not person.window.sweeps.training.busy
    person.window.run.gate = ""


@pytest.mark.parametrize("rate", [1e-323, 1e307, 3e38])
@pytest.mark.parametrize("start", [1e308, 1e-320])
def test_of_numbers_at_the_end_of_all_numbers_something_is_offered(person: Person, rate: float, start: float) -> None:
    odd = replace(
        DEFAULT_EXPERIMENT, learning_rate=rate, parameters=(Parameter("w", start),), model="w/x", dtype="float64"
    )
    person.window.documents.show(RunSpec(odd), Path("any.gradgui"))
    person.qtbot.waitUntil(lambda: person.window.run.experiment == odd)
    for name in ("learning_rate", "start.w"):
        person.choose("varied", name)
        assert person.sweep.form.sweep is not None
        person.train()
    person.choose("varied_too", "learning_rate")
    person.train()


def test_a_picture_has_its_legend_once(person: Person) -> None:
    person.train()
    views = person.sweep.views
    for canvas in (views.main, views.curves):
        person.qtbot.waitUntil(lambda canvas=canvas: len(canvas.legend.texts) > 0)  # type: ignore[misc]
        with canvas.every_axis_named():
            assert canvas.legend.texts == []
            assert canvas.legend.whole_height > 0
        assert canvas.legend.texts
