"""Runs of a sweep side by side in the live plots: they go as far as the present run goes."""

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Slot

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.sweep.sweep import Sweep
from gradgui.record.batch import EpochBatch
from gradgui.record.training_log import TrainingLog
from gradgui.ui.runs.compared_runs import ComparedRuns
from gradgui.ui.window.live_run import LiveRun
from gradgui.worker.jobs.companion_training import CompanionRows, CompanionSweep, CompanionTraining

MOST_TOGETHER = 16
LATE_MILLISECONDS = 250
"""Between two frames with runs that are behind the present one."""


class TrainTogether(QObject):
    """Follow the present run with the other runs of a sweep, until another experiment is trained.

    Parameters
    ----------
    run
        The present run, which is the sweep's first.
    compared
        Draws the others.
    """

    def __init__(self, run: LiveRun, compared: ComparedRuns, parent: QObject) -> None:
        super().__init__(parent)
        self._run, self._compared = run, compared
        self._number = 0
        self._leader: Experiment | None = None
        self._specs: list[RunSpec] = []
        self._logs: list[TrainingLog] = []
        self._ended: list[bool] = []
        self._shown = 0
        self.training = CompanionTraining(self)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(run.clock.request)
        self.training.trained.connect(self._take)
        run.figures.connect(self._follow)
        run.frame.connect(self._follow)
        run.experiment_changed.connect(self._look_at)

    def begin(self, sweep: Sweep) -> RunSpec:
        """Train the runs of a sweep together; gives the one that is to be the present run, at its start."""
        first, *others = sweep.cells
        leader = sweep.with_values(first)
        self.end()
        self._number += 1
        experiments = [sweep.with_values(values) for values in others]
        self._specs = [RunSpec(experiment) for experiment in experiments]
        self._logs = [TrainingLog(one.columns, one.dtype) for one in experiments]
        self._ended = [False] * len(others)
        self._shown = 0
        if others:
            self.training.begin(CompanionSweep(self._number, sweep, tuple(others)))
        self._leader = leader
        self._compared.accompany(list(zip(self._specs, self._logs, strict=True)))
        return RunSpec(leader)

    def end(self) -> None:
        """Let the others go."""
        if self._leader is not None:
            self._leader = None
            self.training.end()
            self._compared.accompany([])

    def shut_down(self) -> None:
        """Stop training."""
        self.training.shut_down()

    @Slot(Experiment)
    def _look_at(self, experiment: Experiment) -> None:
        """End with the experiment that the runs have in common."""
        leader = self._leader
        if leader is not None and replace(experiment, epochs=leader.epochs, stop=leader.stop) != leader:
            self.end()

    @Slot()
    def _follow(self) -> None:
        """Train the others as far, and show them as far as the present run is."""
        if self._leader is None:
            return
        self.training.train_to(self._run.epoch)
        shown = min(self._run.epoch, max(map(len, self._logs), default=0))
        if shown != self._shown:
            self._shown = shown
            self._compared.replace_beside(self._shown_logs)

    @Slot(CompanionRows)
    def _take(self, came: CompanionRows) -> None:
        if self._leader is None or came.number != self._number:
            return
        for place, log in enumerate(self._logs):
            rows = came.rows[:, place]
            if self._ended[place]:
                continue
            wrong = np.flatnonzero(~np.isfinite(rows[:, : self._width]).all(axis=1))
            if len(wrong):  # a run ends with the epoch in which its numbers left the finite ones
                rows, self._ended[place] = rows[: wrong[0] + 1], True
            log.append(EpochBatch(came.first_epoch, np.ascontiguousarray(rows)))
        if self._logs and max(map(len, self._logs)) >= self._run.epoch:
            self._run.clock.request()
        elif not self._late.isActive():  # behind the present run there is more to train than to see
            self._late.start(LATE_MILLISECONDS)

    @property
    def _shown_logs(self) -> list[TrainingLog]:
        """The others; behind an epoch that was gone back to, only their past."""
        if all(len(log) <= self._shown for log in self._logs):
            return self._logs
        return [log.until(min(self._shown, len(log))) for log in self._logs]

    @property
    def _width(self) -> int:
        """How many columns of a row every run has: all but what the optimizer remembers."""
        return 0 if self._leader is None else len(self._leader.columns.in_file)
