"""The five phases of an epoch, and the ways to break the loop on purpose."""

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


class Fault(Enum):
    """A bug of the loop beside its switches: other lines, of which some cannot be written for every experiment.

    ``faults.possible_faults`` tells which can; the others leave the lines as they are.
    """

    WRONG_SIGN = "wrong_sign"
    """The update goes up the slope: ``w += …``. Only where it is written out."""
    TARGET_AS_INPUT = "target_as_input"
    """The prediction is made from the targets: ``w * y``."""
    SWAPPED_LOSS = "swapped_loss"
    """``y`` and ``y_pred`` have changed places in the loss."""
    COMPARED_WITH_INPUT = "compared_with_input"
    """The loss compares the prediction with ``x``."""
    SUM = "sum"
    """The loss is the sum over the points, not their mean."""
    ZEROED_EARLY = "zeroed_early"
    """The gradients are set to zero right after the backward pass. Only where that is written out."""
    DETACHED = "detached"
    """The prediction is cut off from the graph: ``(…).detach()``."""
    NOT_UPDATED = "not_updated"
    """The last of several parameters is never updated. Only where the update is written out."""
    NOT_ZEROED = "not_zeroed"
    """The gradient of the last of several parameters is never zeroed. Only where that is written out."""
    OTHER_GRADIENT = "other_gradient"
    """The last of several parameters follows the first one's gradient. Only where the update is written out."""


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
    fault
        What else is wrong with it; None for nothing.
    """

    zero_grad: bool = True
    no_grad: bool = True
    in_place: bool = True
    backward_once: bool = True
    fault: Fault | None = None


CORRECT_LOOP = Loop()
"""With nothing broken."""
