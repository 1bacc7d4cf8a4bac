"""Python's garbage collection, in the window's own thread only."""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

from gradgui.ui.window.live_run import LiveRun
from gradgui.worker.status import State

PERIOD_MILLISECONDS = 500
ENOUGH = 5_000
"""Objects made and not freed since the last time, for which it is worth looking."""
LOOKS_A_SWEEP = 120
"""The oldest objects are looked at once in so many times: once a minute."""


class GarbageScheduler(QObject):
    """Collect while the window has nothing to do, instead of in whatever thread makes an object too many.

    A widget that lost its last owner in a ring of references would else be destroyed in the training thread, which Qt
    does not survive; and a collection in the midst of an import there was seen to end the interpreter.

    Parameters
    ----------
    run
        While it runs only young objects are collected, which takes no time.
    parent
        The window.
    """

    def __init__(self, run: LiveRun, parent: QObject) -> None:
        super().__init__(parent)
        self._run = run
        self._looks = 0
        self._frozen = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(PERIOD_MILLISECONDS)
        gc.disable()

    @Slot()
    def look(self) -> None:
        """Collect what is young, and now and then everything."""
        state = self._run.status.state
        if state is State.LOADING:
            return
        if not self._frozen:
            self._frozen = True
            gc.freeze()  # torch's own objects stay: to look at them each time takes longer than a frame
        self._looks += 1
        if self._looks % LOOKS_A_SWEEP == 0 and state is not State.RUNNING:
            gc.collect()
        elif gc.get_count()[0] > ENOUGH:
            gc.collect(1)

    def stop(self) -> None:
        """Collect no more; Python does not either, as threads that keep runs are still to end."""
        self._timer.stop()
        gc.unfreeze()
