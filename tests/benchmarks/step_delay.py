"""How long it takes from Step epoch to the picture of that epoch."""

from time import perf_counter

from driven_window import DrivenWindow, run_events, wait_until
from figures import Figure, percentile
from PySide6.QtCore import QEventLoop, QObject, Slot

from gradgui.record.trace import EpochTrace
from gradgui.ui.window.live_run import LiveRun

STEPS = 100
REST_SECONDS = 0.15


class _Picture(QObject):
    """Wait until an epoch is painted; made once, as to make a connection takes a tenth of a step."""

    def __init__(self, run: LiveRun) -> None:
        super().__init__()
        self._run, self._epoch, self._loop = run, 0, QEventLoop()
        run.clock.painted.connect(self._look)

    def wait_for(self, epoch: int) -> None:
        """Return when an epoch that was asked for just now is in the log and everything of it is painted."""
        self._epoch = epoch
        self._loop.exec()

    @Slot()
    def _look(self) -> None:
        if self._run.status.epoch == self._epoch == len(self._run.log):
            self._loop.quit()


def measure_step() -> list[Figure]:
    """Press Step epoch again and again, and wait each time until everything is drawn and painted."""
    delays = []
    with DrivenWindow() as driven:
        picture = _Picture(driven.run)
        wait_until(lambda: driven.run.view(EpochTrace) is not None, driven.run.frame)
        for epoch in range(1, STEPS + 1):
            run_events(REST_SECONDS)
            began = perf_counter()
            driven.action("step_epoch").trigger()
            picture.wait_for(epoch)
            delays.append((perf_counter() - began) * 1000)
    note = f"{STEPS} steps, worst {max(delays):.1f}"
    return [
        Figure("trigger → painted, median, ms", percentile(delays, 0.5), at_most=10.0, note=note),
        Figure("trigger → painted, p95, ms", percentile(delays, 0.95), at_most=20.0, note=note),
    ]
