"""Run, pause, step, reset, speed: the lesson in the real window."""

import numpy as np
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from gradgui.app import create_main_window
from gradgui.experiment.run_spec import read_run_spec
from gradgui.record.batch import EpochBatch
from gradgui.record.trace import EpochTrace
from gradgui.record.views import Forecast, Landscape
from gradgui.resources import resource_path
from gradgui.worker.commands import Command, Load
from gradgui.worker.status import State
from tests.ui.driver import Driver


def notebook(epochs: int, learning_rates: list[float] | None = None) -> list[tuple[np.float32, ...]]:
    """Train the notebook's loop; one ``(loss, w, w_grad)`` an epoch, in float32."""
    x, y = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([2.0, 4.0, 6.0, 8.0])
    w = torch.tensor(0.0, requires_grad=True)
    rows = []
    for epoch in range(epochs):
        loss = ((y - w * x) ** 2).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        assert w.grad is not None
        with torch.no_grad():
            w -= (learning_rates[epoch] if learning_rates else 0.01) * w.grad
        rows.append(tuple(map(np.float32, (loss.item(), w.item(), w.grad.item()))))
        w.grad.zero_()
    return rows


def as_rows(driver: Driver) -> list[tuple[np.float32, ...]]:
    """Read ``(loss, w, w_grad)`` from the log table."""
    return [tuple(np.float32(cell) for cell in row[1:4]) for row in driver.rows]


def test_opens_on_the_lesson_ready_to_step(driver: Driver) -> None:
    driver.qtbot.waitUntil(lambda: driver.text("prediction_label") == "f(5) = 0.000")
    assert driver.text("epoch_label") == "epoch 0 of 20"
    assert driver.find(QLineEdit, "model_formula").text() == "w * x"
    driver.action("step_epoch").trigger()
    driver.qtbot.waitUntil(lambda: driver.text("epoch_label") == "epoch 1 of 20")
    assert driver.text("loss_label") == "loss 30.000"
    assert driver.text("parameters_label") == "w 0.300"
    assert driver.text("prediction_label") == "f(5) = 1.500"


def test_twenty_epochs_and_a_hundred_more_are_the_notebook(driver: Driver) -> None:
    driver.run_to_end(20)
    driver.qtbot.waitUntil(lambda: driver.text("prediction_label") == "f(5) = 9.612")
    assert as_rows(driver) == notebook(20)
    driver.enter("epochs", "100")
    driver.action("run").trigger()
    driver.wait_for(State.FINISHED, 120)
    driver.qtbot.waitUntil(lambda: len(driver.rows) == 120)
    assert as_rows(driver) == notebook(120)


def test_the_default_speed_shows_every_epoch_by_itself(driver: Driver) -> None:
    batches: list[EpochBatch] = []
    driver.window.training.worker.epochs_finished.connect(batches.append)
    driver.enter("epochs", "6")
    driver.action("run").trigger()
    driver.wait_for(State.FINISHED, 6)
    assert [(batch.first_epoch, len(batch)) for batch in batches] == [(epoch, 1) for epoch in range(1, 7)]


def test_run_turns_into_pause_and_back(driver: Driver) -> None:
    driver.enter("epochs", "1000000")
    driver.set_speed(100)
    run = driver.action("run")
    run.trigger()
    driver.wait_for(State.RUNNING)
    assert run.text() == "&Pause"
    driver.qtbot.waitUntil(lambda: driver.window.run.epoch > 100)
    run.trigger()
    driver.wait_for(State.READY)
    assert run.text() == "&Run"
    assert driver.text("state_label") == "Paused"
    epoch = driver.window.run.epoch
    assert len(driver.window.run.log) == epoch == driver.window.run.status.epoch


def test_space_runs_and_pauses_and_f10_steps(driver: Driver) -> None:
    driver.enter("epochs", "1000000")
    table = driver.find(QLabel, "epoch_label").window()
    QTest.keyClick(table, Qt.Key.Key_Space)
    driver.wait_for(State.RUNNING)
    QTest.keyClick(table, Qt.Key.Key_Space)
    driver.wait_for(State.READY)
    epoch = driver.window.run.epoch
    QTest.keyClick(table, Qt.Key.Key_F10)
    driver.wait_for(State.READY, epoch + 1)


def test_reset_is_the_very_same_start(driver: Driver) -> None:
    driver.run_to_end(20)
    first = as_rows(driver)
    driver.action("reset").trigger()
    driver.wait_for(State.READY, 0)
    assert driver.rows == []
    driver.qtbot.waitUntil(lambda: driver.text("prediction_label") == "f(5) = 0.000")
    driver.run_to_end(20)
    assert as_rows(driver) == first


def test_a_learning_rate_changed_while_running_is_in_the_log(driver: Driver) -> None:
    driver.enter("epochs", "1000000")
    driver.set_speed(100)
    driver.action("run").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.epoch > 50)
    driver.enter("learning_rate", "0.02")
    driver.qtbot.waitUntil(lambda: driver.window.run.status.learning_rate == 0.02)
    changed = driver.window.run.status.epoch
    driver.qtbot.waitUntil(lambda: driver.window.run.epoch > changed + 50)
    driver.action("run").trigger()
    driver.wait_for(State.READY)
    rates = driver.window.run.log.column("lr").tolist()
    assert rates == [0.01] * changed + [0.02] * (len(rates) - changed)
    assert as_rows(driver) == notebook(len(rates), rates)


def test_divergence_ends_the_run_and_keeps_the_log(driver: Driver) -> None:
    driver.enter("learning_rate", "0.5")
    driver.enter("epochs", "1000")
    driver.set_speed(100)
    driver.action("run").trigger()
    driver.wait_for(State.DIVERGED)
    oracle = notebook(100, [0.5] * 100)
    diverged = next(e for e, row in enumerate(oracle, 1) if not all(map(np.isfinite, row)))
    driver.qtbot.waitUntil(lambda: len(driver.rows) == diverged)
    assert as_rows(driver) == oracle[:diverged]
    assert f"loss is inf at epoch {diverged}" in driver.text("message_label")
    assert driver.text("state_label") == "Diverged"
    assert not driver.action("run").isEnabled()
    driver.action("reset").trigger()
    driver.wait_for(State.READY, 0)
    assert driver.action("run").isEnabled()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("step"), st.integers(1, 3)),
            st.tuples(st.just("run"), st.sampled_from([40, 55, 75, 100])),
            st.tuples(st.just("speed"), st.integers(0, 100)),
        ),
        max_size=8,
    )
)
def test_any_interleaving_gives_the_same_log(driver: Driver, doings: list[tuple[str, int]]) -> None:
    driver.action("reset").trigger()
    driver.wait_for(State.READY, 0)
    driver.enter("epochs", "1000000")
    run = driver.window.run
    for doing, amount in doings:
        before = run.epoch
        if doing == "step":
            for _ in range(amount):
                driver.action("step_epoch").trigger()
            driver.wait_for(State.READY, before + amount)
        elif doing == "speed":
            driver.set_speed(amount)
        else:
            driver.set_speed(amount)
            driver.action("run").trigger()
            driver.qtbot.waitUntil(lambda before=before: run.epoch >= before + 3, timeout=20_000)  # type: ignore[misc]
            driver.action("run").trigger()
            driver.wait_for(State.READY)
    assert len(run.log) == run.epoch
    straight = np.array(notebook(run.epoch), np.float32).reshape(-1, 3)
    logged = np.stack([run.log.column(name) for name in ("loss", "w", "w_grad")], axis=1)
    assert logged.tobytes() == straight.tobytes()


def test_what_is_in_sight_is_worked_out_of_a_file_that_was_opened_before_the_window(qtbot: QtBot) -> None:
    window = create_main_window()
    window.documents.open_path(resource_path("lessons", "03-just-stable-it-swings.gradgui"))
    window.show()
    for kind in (Landscape, Forecast, EpochTrace):
        qtbot.waitUntil(lambda kind=kind: window.run.view(kind) is not None, timeout=30_000)  # type: ignore[misc]
    window.close()
    window.deleteLater()


def test_torch_is_asked_for_when_the_window_is_seen(qtbot: QtBot) -> None:
    """And for what was opened before that, not for the lesson first."""
    window = create_main_window()
    asked: list[Command] = []
    window.training.commanded.connect(asked.append)
    path = resource_path("lessons", "04-a-line-with-an-intercept.gradgui")
    window.documents.open_path(path)
    QCoreApplication.sendPostedEvents()
    assert asked == []
    window.show()
    qtbot.waitUntil(lambda: window.run.status.state is State.READY, timeout=30_000)
    assert [one.run_spec for one in asked if isinstance(one, Load)] == [read_run_spec(path)]
    window.close()
    window.deleteLater()


def test_epochs_that_were_lost_on_their_way_are_sent_again(driver: Driver) -> None:
    window = driver.window
    driver.enter("epochs", "2000")
    driver.set_speed(100)
    driver.action("run").trigger()
    driver.qtbot.waitUntil(lambda: len(window.run.log) > 100)
    window.training.worker.epochs_finished.disconnect(window.run.take_epochs)
    known = len(window.run.log)
    driver.qtbot.waitUntil(lambda: window.run.status.state is State.FINISHED, timeout=30_000)
    assert len(window.run.log) == known
    window.training.worker.epochs_finished.connect(window.run.take_epochs)
    driver.enter("epochs", "5")
    driver.action("run").trigger()
    driver.qtbot.waitUntil(lambda: len(window.run.log) == 2005)
    log = window.run.log
    rows = list(zip(*(log.column(name).tolist() for name in ("loss", "w", "w_grad")), strict=True))
    assert rows == [tuple(map(float, row)) for row in notebook(2005)]
    assert window.run.epoch == 2005
