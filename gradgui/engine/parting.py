"""Two loops run side by side through one epoch, until a number differs."""

import struct
from collections.abc import Iterator

from gradgui.engine.state import gradient_of
from gradgui.engine.trainer import Trainer
from gradgui.experiment.training_loop import PHASES, Phase
from gradgui.record.first_difference import FirstDifference

Numbers = Iterator[tuple[str, float | None]]


def find_parting(first: Trainer, second: Trainer) -> FirstDifference | None:
    """Run the epoch that both are before, phase by phase, and tell what differs first.

    Parameters
    ----------
    first, second
        Loops of one model at the beginning of the same epoch; they are left where they part.

    Returns
    -------
    FirstDifference or None
        None when every number of the epoch is equal.
    """
    epoch = first.epoch + 1
    for phase in (None, *PHASES):
        errors = ("", "") if phase is None else (_error_of(first), _error_of(second))
        if any(errors):
            return None if errors[0] == errors[1] else FirstDifference(epoch, phase, errors=errors)
        numbers, others = dict(_numbers(first, phase)), dict(_numbers(second, phase))
        names = [name for name in numbers | others if phase or name in numbers.keys() & others.keys()]
        for name in names:  # before the first phase without what only one optimizer remembers
            if _bits(numbers.get(name)) != _bits(others.get(name)):
                return FirstDifference(epoch, phase, name, numbers.get(name), others.get(name))
    return None


def _error_of(trainer: Trainer) -> str:
    """Run the next phase, and give what PyTorch raised."""
    try:
        trainer.run_phase()
    except (RuntimeError, TypeError, AttributeError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _numbers(trainer: Trainer, phase: Phase | None) -> Numbers:
    """Give what a phase has made, in the order in which it is looked at."""
    gradients = ((f"{name}.grad", gradient_of(tensor)) for name, tensor in trainer.parameters.items())
    match phase:
        case None:
            yield from zip(trainer.parameters, trainer.values, strict=True)
            yield from trainer.state().buffers.items()
            yield from gradients
        case Phase.FORWARD if trainer.y_pred is not None:
            for place, value in enumerate(trainer.y_pred.detach().reshape(-1).tolist(), 1):
                yield f"y_pred of point {place}", value
        case Phase.LOSS if trainer.loss is not None:
            yield "loss", trainer.loss.item()
        case Phase.UPDATE:
            yield from zip(trainer.parameters, trainer.values, strict=True)
            yield "learning rate", trainer.learning_rate
        case Phase.BACKWARD | Phase.ZERO_GRAD:
            yield from gradients


def _bits(value: float | None) -> bytes:
    return b"" if value is None else struct.pack("<d", value)
