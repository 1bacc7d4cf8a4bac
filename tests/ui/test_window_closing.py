"""The window closes cleanly in every state; the autouse fixture watches for warnings and threads."""

from collections.abc import Callable

import pytest

from gradgui.ui.window.main_window import MainWindow
from gradgui.worker.status import State
from tests.conftest import running_threads
from tests.ui.driver import Driver


def test_closing_while_it_loads(open_window: Callable[[], MainWindow]) -> None:
    window = open_window()
    assert window.run.status.state is State.LOADING
    assert window.close()
    assert not running_threads()


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
