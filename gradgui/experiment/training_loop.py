"""The five phases of an epoch, and the switches that break the loop on purpose."""

from enum import Enum

from msgspec import Struct


class Phase(Enum):
    """One of the five phases of an epoch, always run in this order."""

    FORWARD = "forward"
    LOSS = "loss"
    BACKWARD = "backward"
    UPDATE = "update"
    ZERO_GRAD = "zero_grad"

    @property
    def following(self) -> "Phase":
        """The phase after this one; after ``ZERO_GRAD`` the next epoch's ``FORWARD``."""
        return PHASES[(PHASES.index(self) + 1) % len(PHASES)]


PHASES: tuple[Phase, ...] = tuple(Phase)


class Loop(Struct, frozen=True, forbid_unknown_fields=True):
    """How the training loop is written; the defaults are the right way.

    Attributes
    ----------
    zero_grad
        Whether the gradients are set to zero after the update. Without it they add up.
    no_grad
        Whether the update runs under ``torch.no_grad()``. Without it PyTorch refuses to change a leaf in place.
    in_place
        Whether the update writes into the parameter (``w -= …``). Otherwise ``w = w - …``, written without
        ``torch.no_grad()`` as people do who make this mistake, gives a new tensor that is no leaf of the graph.
    backward_once
        Whether ``loss.backward()`` is called once an epoch. A second call finds its graph freed.
    """

    zero_grad: bool = True
    no_grad: bool = True
    in_place: bool = True
    backward_once: bool = True


CORRECT_LOOP = Loop()
"""With nothing broken."""
