"""The window closes cleanly in every state; the autouse fixture watches for warnings and threads."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gradgui.ui.window.main_window import MainWindow
from gradgui.worker.jobs.export import Export
from gradgui.worker.status import State
from tests.conftest import running_threads
from tests.ui.driver import Driver


def test_closing_while_it_loads(open_window: Callable[[], MainWindow], monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window()
    assert window.run.status.state is State.LOADING
    seen: list[bool] = []
    shut_down = window.training.shut_down

    def look_and_shut_down() -> None:
        seen.append(window.isVisible())
        shut_down()

    monkeypatch.setattr(window.training, "shut_down", look_and_shut_down)
    assert window.close()
    assert seen == [False], "it is out of sight before it waits for the thread that loads PyTorch"
    assert not running_threads()


def test_an_export_that_fails_while_it_closes_keeps_the_window_open(driver: Driver, tmp_path: Path) -> None:
    driver.run_to_end(20)
    window, target = driver.window, tmp_path / "log.csv"

    def pieces() -> Iterator[tuple[str, int]]:
        yield "epoch\r\n", 0
        Path("/dev/full").write_bytes(b"anything")

    window.exporter.begin(Export(target, pieces, "Saved."))
    assert not window.close()
    driver.qtbot.waitUntil(lambda: not window.exporter.busy)
    assert window.isVisible()
    assert driver.text("message_label") == f"Could not write {target}: the disk is full."
    assert not target.exists()
    assert window.close()


@pytest.mark.parametrize("state", [State.READY, State.RUNNING, State.FINISHED, State.DIVERGED])
def test_closing_in_every_state(driver: Driver, state: State) -> None:
    driver.set_speed(100)
    if state is State.DIVERGED:
        driver.enter("learning_rate", "0.5")
    if state in {State.DIVERGED, State.RUNNING}:
        driver.enter("epochs", "1000000")
    if state is not State.READY:
        driver.action("run").trigger()
        driver.wait_for(state)
    assert driver.window.close()
    assert not running_threads()
