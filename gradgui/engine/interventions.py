"""What a person changes on the way, done to the loop."""

from gradgui.engine.trainer import Trainer
from gradgui.experiment.changes import (
    DataChange,
    Intervention,
    LearningRateChange,
    LoopChange,
    ParameterChange,
)


def check_change(trainer: Trainer, change: Intervention) -> None:
    """See that a change can be made now.

    Raises
    ------
    ValueError
        When its epoch is not the present one, or it names a parameter that the model does not have.
    """
    if change.epoch != trainer.epoch:
        raise ValueError(f"an intervention at epoch {trainer.epoch} was expected, not at {change.epoch}")
    if isinstance(change, ParameterChange) and change.name not in trainer.parameters:
        raise ValueError(f"the model has no parameter {change.name}")


def apply_change(trainer: Trainer, change: Intervention) -> None:
    """Make a change between two epochs; made twice it is the same as once."""
    match change:
        case LearningRateChange(learning_rate=rate):
            trainer.learning_rate = rate
        case ParameterChange(name=name, value=value):
            trainer.set_parameter(name, value)
        case LoopChange(loop=loop):
            trainer.set_loop(loop)
        case DataChange(data=data):
            trainer.set_data(data)
