"""What goes wrong in a broken loop, and why, in plain words."""

from msgspec import Struct

from gradgui.experiment.training_loop import Loop, Phase


class Breakage(Struct, frozen=True):
    """One way to break the loop.

    Attributes
    ----------
    name
        The field of `Loop` that it switches off, and the switch's ``objectName``.
    label
        What the switch says.
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


def broken_names(loop: Loop) -> tuple[str, ...]:
    """Give the ways in which a loop is broken."""
    return tuple(breakage.name for breakage in BREAKAGES if not getattr(loop, breakage.name))


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
        Phase.BACKWARD: ("backward_once", "in_place"),
        Phase.UPDATE: ("in_place", "no_grad"),
        Phase.ZERO_GRAD: ("in_place",),
    }
    broken = broken_names(loop)
    suspected = [name for name in culprits.get(failed, ()) if name in broken] if failed else []
    chosen = suspected[:1] or list(broken)
    return "\n\n".join(breakage.explanation for breakage in BREAKAGES if breakage.name in chosen)
