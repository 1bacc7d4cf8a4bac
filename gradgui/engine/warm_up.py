"""What PyTorch does on first use, done before anyone waits for it."""

from contextlib import suppress

import torch

from gradgui.engine.trainer import Trainer
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.training_loop import CORRECT_LOOP


def warm_up(experiment: Experiment) -> None:
    """Set PyTorch up for an experiment and train two epochs of it that nobody sees.

    Parameters
    ----------
    experiment
        What will be trained.
    """
    torch.set_num_threads(1)
    if experiment.loop == CORRECT_LOOP:
        with suppress(RuntimeError):  # what cannot be trained, as a rate too large for float32, says so when it is
            Trainer(experiment).train([], 2)
