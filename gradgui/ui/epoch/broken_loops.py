"""What goes wrong in a broken loop, and why, in plain words."""

from msgspec import Struct

from gradgui.experiment.training_loop import Fault, Loop, Phase


class Breakage(Struct, frozen=True):
    """One way to break the loop.

    Attributes
    ----------
    name
        The field of `Loop` that it switches off, and the switch's ``objectName``; of a fault its value.
    label
        What the switch says, or what is said of the fault.
    tooltip
        What it does to the mathematics.
    explanation
        Why PyTorch objects, or why the numbers go wrong, and what to write instead.
    """

    name: str
    label: str
    tooltip: str
    explanation: str


BREAKAGES = (
    Breakage(
        "zero_grad",
        "forget zero_grad()",
        "Leaves the gradients in place, so that the next backward pass adds to them.",
        "backward() adds to .grad, it does not replace it: that lets a gradient be gathered over several batches. "
        "Without zero_grad() each update follows the sum of all gradients so far, and the parameter overshoots. "
        "Write w.grad.zero_() or optimizer.zero_grad() once an epoch.",
    ),
    Breakage(
        "no_grad",
        "forget no_grad()",
        "Runs the update while PyTorch records operations for the next backward pass.",
        "Every operation on a tensor with requires_grad=True is recorded, and a leaf that is overwritten in place "
        "would change what was recorded. The update is no part of the model: write it inside "
        "“with torch.no_grad():”.",
    ),
    Breakage(
        "in_place",
        "w = w − …, not in place",
        "Makes a new tensor for the parameter instead of changing the old one.",
        "w = w − … gives a new tensor, the result of an operation: it is no leaf of the graph any more, and PyTorch "
        "keeps .grad only for leaves, so its .grad is None. The leaf you made is still there, but nobody has it. "
        "Write w -= … inside “with torch.no_grad():”, which changes the leaf itself.",
    ),
    Breakage(
        "backward_once",
        "backward() twice",
        "Goes back through the same graph a second time.",
        "The backward pass frees the tensors that the graph had saved as soon as it has used them, to save memory. "
        "The second pass finds them gone. One loss.backward() an epoch is enough: the next forward pass builds a "
        "new graph.",
    ),
)


FAULTS = (
    Breakage(
        Fault.WRONG_SIGN.value,
        "w += …, the wrong sign",
        "Follows the slope upwards.",
        "The gradient points to where the loss grows. The update has to go against it: with + every epoch climbs, "
        "and the loss grows from the first one on, however small the learning rate is. Write w -= learning_rate * "
        "w.grad.",
    ),
    Breakage(
        Fault.TARGET_AS_INPUT.value,
        "the prediction from y",
        "Gives the model the targets as its input.",
        "The model is to predict y from x. Here it is given y itself, which it will not have when it is used: what "
        "it learns fits the loop, and not the points. PyTorch cannot know which tensor was meant, as both have the "
        "same shape. Write x in the forward pass.",
    ),
    Breakage(
        Fault.SWAPPED_LOSS.value,
        "y and y_pred swapped",
        "Treats the target as the prediction, and the prediction as the target.",
        "This loss is not the same for too much as for too little: with y and y_pred swapped it punishes the wrong "
        "side. A symmetric loss, such as the square, would hide that. Keep to the order in which the loss was "
        "written.",
    ),
    Breakage(
        Fault.COMPARED_WITH_INPUT.value,
        "y_pred compared with x",
        "Measures how far the prediction is from the input.",
        "The loss is to say how far the prediction is from the target. Compared with x it teaches the model to "
        "repeat its input: the loss may fall to nothing, and no point is met. Write y in the loss.",
    ),
    Breakage(
        Fault.SUM.value,
        "sum() in place of mean()",
        "Adds the points' losses up and does not divide by their number.",
        "The sum is as many times the mean as there are points, and so is its gradient: every step is that much "
        "longer, and a learning rate that was safe may diverge. Write .mean(), or divide the learning rate by "
        "their number.",
    ),
    Breakage(
        Fault.ZEROED_EARLY.value,
        "zero_grad() before the update",
        "Wipes the gradients before anybody has used them.",
        "backward() leaves its result in .grad, and the update is what uses it. Set to zero in between, the update "
        "follows 0 and the gradient has nothing to say. Set the gradients to zero after the update, or before "
        "backward().",
    ),
    Breakage(
        Fault.DETACHED.value,
        "y_pred.detach()",
        "Cuts the prediction off from the graph.",
        "detach() gives a tensor with the same numbers that remembers nothing of how it came about. The loss made "
        "of it has no way back to the parameters, so backward() has nowhere to begin. Leave detach() out of the "
        "forward pass.",
    ),
    Breakage(
        Fault.NOT_UPDATED.value,
        "one parameter is never updated",
        "Leaves the last parameter where it began.",
        "Every parameter needs its own line in the update. One that is left out stays at its start value, whatever "
        "its gradient says, and the others make up for it as far as they can. Write an update for each.",
    ),
    Breakage(
        Fault.NOT_ZEROED.value,
        "one gradient is never zeroed",
        "Lets the last parameter's gradients add up.",
        "backward() adds to .grad, and every parameter has its own. One that is not set to zero gathers all "
        "gradients so far, and its parameter overshoots while the others go the right way. Set each of them to "
        "zero.",
    ),
    Breakage(
        Fault.OTHER_GRADIENT.value,
        "the update with another gradient",
        "Moves the last parameter by the slope along the first.",
        "w.grad is the slope along w alone. A parameter that follows another one's gradient goes where that one "
        "should: a line that was copied and changed in one place only. Each parameter takes its own .grad.",
    ),
)
"""Beside the switches, in the order of `Fault`."""


def breakages_of(loop: Loop) -> tuple[Breakage, ...]:
    """Give the ways in which a loop is broken."""
    switched = (breakage for breakage in BREAKAGES if not getattr(loop, breakage.name))
    return (*switched, *(fault for fault in FAULTS if loop.fault is not None and fault.name == loop.fault.value))


def broken_names(loop: Loop) -> tuple[str, ...]:
    """Give the names of the ways in which a loop is broken."""
    return tuple(breakage.name for breakage in breakages_of(loop))


def explanation_for(loop: Loop, failed: Phase | None) -> str:
    """Explain what is wrong with a loop.

    Parameters
    ----------
    loop
        As it is written.
    failed
        The phase that raised, None when none did.
    """
    culprits = {
        Phase.BACKWARD: (Fault.DETACHED.value, "backward_once", "in_place"),
        Phase.UPDATE: ("in_place", "no_grad"),
        Phase.ZERO_GRAD: ("in_place",),
    }
    broken = broken_names(loop)
    suspected = [name for name in culprits.get(failed, ()) if name in broken] if failed else []
    chosen = suspected[:1] or list(broken)
    return "\n\n".join(breakage.explanation for breakage in breakages_of(loop) if breakage.name in chosen)
