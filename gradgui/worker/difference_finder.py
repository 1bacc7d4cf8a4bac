"""Finding where two kept runs part, in the training thread and beside what it trains."""

import logging
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gradgui.record.first_difference import FirstDifference
from gradgui.worker.commands import Load

if TYPE_CHECKING:  # torch comes with it
    from gradgui.worker.resumption import Resumption

logger = logging.getLogger(__name__)

SLICE_SECONDS = 0.015
"""How long runs are trained again before something else has its turn."""


class DifferenceQuestion(Struct, frozen=True):
    """Two runs whose rows differ in the epoch after their last one.

    Attributes
    ----------
    first, second
        The runs, trained up to the epoch before.
    """

    first: Load
    second: Load


class DifferenceFinder(QObject):
    """Train two runs again up to where their rows differ, and then phase by phase.

    Signals
    -------
    found(object)
        A `FirstDifference`; None when, trained again, they are equal there.
    failed(str)
        One sentence for the person.
    """

    found = Signal(object)
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._runs: tuple[Resumption, ...] = ()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)

    @Slot(DifferenceQuestion)
    def find(self, question: DifferenceQuestion) -> None:
        """Begin to look; what was looked for before is left."""
        from gradgui.worker.resumption import Resumption  # noqa: PLC0415 - torch is loaded by now

        self._runs = (Resumption(question.first), Resumption(question.second))
        self._timer.start(0)

    @Slot()
    def shut_down(self) -> None:
        """Look for nothing any more."""
        self._timer.stop()
        self._runs = ()

    @Slot()
    def _go_on(self) -> None:
        try:
            for run in self._runs:
                if run.epochs_left > 0:
                    run.go_on(SLICE_SECONDS)
                    return
            found = self._compare(*self._runs)
        except Exception:
            logger.exception("two runs could not be compared")
            self.shut_down()
            self.failed.emit("The two runs could not be trained again, so where they part is not known.")
            return
        self.shut_down()
        self.found.emit(found)

    def _compare(self, first: "Resumption", second: "Resumption") -> FirstDifference | None:
        from gradgui.engine.parting import find_parting  # noqa: PLC0415

        return find_parting(first.run.trainer, second.run.trainer)
