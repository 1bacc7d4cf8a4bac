"""Garbage is collected in the window's own thread, and nowhere else."""

import gc
import threading
import weakref

from tests.ui.driver import Driver


class Ring:
    """Something that only the collector frees, and that tells in which thread."""

    def __init__(self, freed_in: list[threading.Thread]) -> None:
        self.itself = self
        weakref.finalize(self, lambda: freed_in.append(threading.current_thread()))


def test_rings_are_freed_in_the_windows_thread_while_training_makes_objects(driver: Driver) -> None:
    assert not gc.isenabled()
    driver.qtbot.waitUntil(lambda: gc.get_freeze_count() > 0)  # what torch has brought is left out
    freed_in: list[threading.Thread] = []
    driver.enter("epochs", "1000000")
    driver.set_speed(100)
    driver.action("run").trigger()
    for _ in range(6_000):
        Ring(freed_in)
    driver.qtbot.waitUntil(lambda: len(freed_in) > 1_000, timeout=10_000)
    assert set(freed_in) == {threading.main_thread()}
    driver.action("run").trigger()


def test_a_closed_window_leaves_no_garbage_to_the_threads_that_are_still_to_end(driver: Driver) -> None:
    driver.qtbot.waitUntil(lambda: gc.get_freeze_count() > 0)
    driver.window.close()
    assert not gc.isenabled()
    assert gc.get_freeze_count() == 0
