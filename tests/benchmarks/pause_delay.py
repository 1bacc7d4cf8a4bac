"""How long the loop goes on after Pause was pressed."""

import random
from time import perf_counter

from driven_window import DrivenWindow, run_events, wait_until
from figures import Figure, percentile
from PySide6.QtCore import QObject, Qt, Slot

from gradgui.worker.status import State, Status

PRESSES = 100
WANTED_MS = 20.0


class _Ending(QObject):
    """Take the time at which the worker says that it rests, in the worker's own thread."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 0.0

    @Slot(Status)
    def take(self, status: Status) -> None:
        if status.state is not State.RUNNING:
            self.time = perf_counter()


def measure_pause() -> list[Figure]:
    """Press Pause at random moments of a run at full speed.

    A person's press waits for the window's event loop first, and only then for the loop. Both are told: from the
    moment the press was due, and from the moment the action was triggered.
    """
    moments = random.Random(1)
    ending = _Ending()
    from_press, from_action = [], []
    with DrivenWindow() as driven:
        driven.thread.worker.status_changed.connect(ending.take, Qt.ConnectionType.DirectConnection)
        driven.go_full_speed()
        for _ in range(PRESSES):
            driven.start()
            running = moments.uniform(0.1, 0.3)
            due = perf_counter() + running
            run_events(running)
            triggered = perf_counter()
            driven.pause()
            wait_until(lambda: ending.time > 0, driven.run.frame)
            from_press.append((ending.time - min(due, triggered)) * 1000)
            from_action.append((ending.time - triggered) * 1000)
            ending.time = 0.0
    note = f"{PRESSES} presses, worst {max(from_action):.1f}"
    note_press = f"waiting for the window included, worst {max(from_press):.1f}"
    return [
        Figure("action → last epoch p50, ms", percentile(from_action, 0.5), note=note),
        Figure("action → last epoch p99, ms", percentile(from_action, 0.99), at_most=WANTED_MS, note=note),
        Figure("press → last epoch p50, ms", percentile(from_press, 0.5), note=note_press),
        Figure("press → last epoch p99, ms", percentile(from_press, 0.99), note=note_press),
    ]
