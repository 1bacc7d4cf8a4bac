"""Runs that are trained beside another one, epoch by epoch, as one graph."""

import numpy as np
import torch

from gradgui.engine.sweeps.stack import Stack
from gradgui.experiment.columns import Role
from gradgui.experiment.sweep.exactness import inexact_part
from gradgui.experiment.sweep.sweep import Sweep
from gradgui.record.views import Values


class Companions:
    """Train some runs of a sweep, and give all that a log has of their epochs.

    Parameters
    ----------
    sweep
        Whose runs; where a stack would give them other bits, each has a graph of its own.
    cells
        Their varied values.

    Attributes
    ----------
    epoch
        Epochs trained.
    """

    def __init__(self, sweep: Sweep, cells: tuple[tuple[float, ...], ...]) -> None:
        self.epoch = 0
        groups = [[cell] for cell in cells] if inexact_part(sweep) else [list(cells)]
        self._stacks = [Stack(sweep, group) for group in groups]
        columns, count = list(sweep.experiment.columns), len(sweep.experiment.parameters)
        roles = (Role.LOSS, Role.PARAMETER, Role.GRADIENT, Role.LEARNING_RATE)
        self._places = [columns.index(column) for role in roles for column in columns if column.role is role]
        self._width, self._numbers = len(columns), 1 + 2 * count

    def train(self) -> Values:
        """Train one epoch more.

        Returns
        -------
        ndarray
            Rows as the experiment's `Columns` lay them out, shape ``(runs, columns)``, nan for the optimizer's
            buffers.
        """
        self.epoch += 1
        parts = []
        for stack in self._stacks:
            stack.train_epoch()
            parts.append(torch.cat([stack.numbers.double(), stack.rates], 1))
        numbers = torch.cat(parts).numpy()
        rows = np.full((len(numbers), self._width), np.nan)
        rows[:, self._places] = numbers
        return rows
