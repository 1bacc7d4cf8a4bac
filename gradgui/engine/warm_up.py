"""What PyTorch does on first use, done before anyone waits for it."""

import torch

from gradgui.engine.trainer import Trainer
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.loop import THE_RIGHT_LOOP

MANY_POINTS = 100_000
"""From here on an epoch is long enough for a second thread to pay."""


def warm_up(experiment: Experiment) -> None:
    """Set PyTorch up for an experiment and train two epochs of it that nobody sees.

    Parameters
    ----------
    experiment
        What will be trained. With up to `MANY_POINTS` points one thread is fastest.
    """
    torch.set_num_threads(1 if len(experiment.data.x) <= MANY_POINTS else torch.get_num_interop_threads())
    trainer = Trainer(experiment)
    for _ in range(2 if experiment.loop == THE_RIGHT_LOOP else 0):
        trainer.finish_epoch()
