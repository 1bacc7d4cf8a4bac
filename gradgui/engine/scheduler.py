"""The schedules of an experiment as the schedulers of ``torch.optim``."""

from torch.optim import Optimizer
from torch.optim.lr_scheduler import CosineAnnealingLR, ExponentialLR, LRScheduler, StepLR

from gradgui.experiment.optimizers import CosineSchedule, ExponentialSchedule, Schedule, StepSchedule


def make_scheduler(schedule: Schedule, optimizer: Optimizer) -> LRScheduler:
    """Make the scheduler of ``torch.optim`` that has these settings.

    Parameters
    ----------
    schedule
        The settings.
    optimizer
        Whose learning rate it changes; the present one is where the schedule begins.
    """
    match schedule:
        case StepSchedule(step_size=step_size, gamma=gamma):
            return StepLR(optimizer, step_size=step_size, gamma=gamma)
        case ExponentialSchedule(gamma=gamma):
            return ExponentialLR(optimizer, gamma=gamma)
        case CosineSchedule(epochs=epochs, lowest=lowest):
            return CosineAnnealingLR(optimizer, T_max=epochs, eta_min=lowest)
