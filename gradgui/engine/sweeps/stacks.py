"""All runs of a sweep: as one graph where every run then has the bits that it has alone, else one after another."""

import math
from collections.abc import Iterator

import numpy as np

from gradgui.engine.forecast import Forecaster, is_quadratic
from gradgui.engine.sweeps.stack import Stack, points_of
from gradgui.experiment.sweep.exactness import inexact_part
from gradgui.experiment.sweep.sweep import Sweep
from gradgui.record.sweep_outcomes import LossCurves, SweepOutcomes

MOST_PREDICTIONS = 2**17
"""Predictions of one graph: so many fit into a processor's cache. Of more, several graphs take turns."""
MOST_STACKS = 64
"""Graphs that take turns epoch by epoch; more are trained one after another."""
MOST_LOSSES = 2**22
"""Losses that are kept of all runs together."""


class Stacks:
    """Train a sweep.

    Parameters
    ----------
    sweep
        What is trained.

    Attributes
    ----------
    total
        Steps of `train`: epochs of all runs, or of one graph after another.
    """

    def __init__(self, sweep: Sweep) -> None:
        self._sweep, self._cells = sweep, sweep.cells
        points = len(sweep.data_of(self._cells[0]))
        self._runs_of_stack = 1 if inexact_part(sweep) else max(1, MOST_PREDICTIONS // points)
        self._places = range(0, sweep.runs, self._runs_of_stack)
        self._take_turns = self._runs_of_stack > 1 and len(self._places) <= MOST_STACKS
        self.total = sweep.epochs * (1 if self._take_turns else len(self._places))
        self._points = None if sweep.varies_data else points_of(sweep, self._cells)
        every = -(-sweep.runs * sweep.epochs // MOST_LOSSES)
        self._kept = [*range(1, sweep.epochs, every), sweep.epochs]
        dtype, runs = np.dtype(sweep.experiment.dtype), sweep.runs
        self._curvature = _curvature(sweep)
        self._present: dict[int, Stack] = {}
        self._epochs = np.zeros(runs, np.int64)
        self._final = np.full((runs, 1 + len(sweep.experiment.parameters)), np.nan, dtype)
        self._lowest = np.full(runs, np.inf, dtype)
        self._when = {name: np.zeros(runs, np.int64) for name in ("lowest_epoch", "diverged_epoch", "reached_epoch")}
        self._losses = np.full((len(self._kept), runs), np.nan, dtype)

    def train(self) -> Iterator[int]:
        """Train, and give after each epoch how many of the `total` steps are done; runs that ended are left out."""
        if self._take_turns:
            yield from self._train_together(list(self._places))
            return
        for place, first in enumerate(self._places):
            for epoch in self._train_together([first]):
                yield place * self._sweep.epochs + epoch
            self._put_away()

    def outcomes(self) -> SweepOutcomes:
        """Give what became of the runs up to now."""
        for place, stack in self._present.items():
            self._read(place, stack)
        rows = int(np.searchsorted(self._kept, self._epochs.max(initial=0), side="right"))
        return SweepOutcomes(
            sweep=self._sweep,
            epochs=self._epochs.copy(),
            loss=self._final[:, 0].copy(),
            parameters=self._final[:, 1:].copy(),
            lowest_loss=self._lowest.copy(),
            lowest_epoch=self._when["lowest_epoch"].copy(),
            diverged_epoch=self._when["diverged_epoch"].copy(),
            reached_epoch=self._when["reached_epoch"].copy(),
            curves=LossCurves(np.array(self._kept[:rows], dtype=np.int64), self._losses[:rows].copy()),
            curvature=self._curvature,
        )

    def _train_together(self, places: list[int]) -> Iterator[int]:
        stop = self._runs_of_stack
        self._present = {
            place: Stack(self._sweep, self._cells[place : place + stop], self._points) for place in places
        }
        row = 0
        for epoch in range(1, self._sweep.epochs + 1):
            keeps = epoch == self._kept[row]
            for place, stack in self._present.items():
                stack.train_epoch()
                if keeps:
                    losses = stack.loss[:, 0].numpy()
                    self._losses[row, place : place + len(losses)] = losses
            row += keeps
            yield epoch
            if all(stack.all_ended for stack in self._present.values()):
                return

    def _put_away(self) -> None:
        """Keep what became of the present runs, and let go of their tensors."""
        for place, stack in self._present.items():
            self._read(place, stack)
        self._present = {}

    def _read(self, place: int, stack: Stack) -> None:
        if not stack.epoch:
            return
        final = stack.column("final").numpy()
        runs = slice(place, place + len(final))
        self._final[runs] = final
        self._lowest[runs] = stack.column("lowest_loss").numpy()[:, 0]
        for name, values in self._when.items():
            if name != "reached_epoch" or self._sweep.wanted_loss is not None:
                values[runs] = stack.column(name).numpy()[:, 0]
        diverged = self._when["diverged_epoch"][runs]
        self._epochs[runs] = np.where(diverged > 0, diverged, stack.epoch)
        losses = self._losses[:, runs]  # of epochs behind a run's last one there are none
        losses[np.array(self._kept)[:, None] > self._epochs[runs]] = np.nan


def _curvature(sweep: Sweep) -> float:
    """Give the largest eigenvalue of the Hessian where that is constant, and the data are those of all runs."""
    experiment = sweep.with_values(sweep.cells[0])
    if sweep.varies_data or not is_quadratic(experiment):
        return math.nan
    starts = tuple(parameter.start for parameter in experiment.parameters)
    return max(Forecaster(experiment).forecast(starts, experiment.learning_rate).eigenvalues)
