"""From a checked formula to a Python function."""

from collections.abc import Callable, Sequence
from types import CodeType, FunctionType
from typing import Any

from gradgui.experiment.formula.names import is_name
from gradgui.experiment.formula.nodes import Formula, names_in
from gradgui.experiment.formula.source import to_python


def compile_formula(
    formula: Formula, arguments: Sequence[str], torch_module: object, *, mean: bool = False
) -> Callable[..., Any]:
    """Make the function that computes a formula, as fast as if it were written by hand.

    What is compiled is written anew from the checked tree, never the text that was typed.

    Parameters
    ----------
    formula
        From `parse_formula`.
    arguments
        The function's arguments in order; every name of the formula is among them. It is called with tensors.
    torch_module
        ``torch``, which only the caller can import.
    mean
        Whether the function gives the mean over the tensor's elements instead, in the same call.

    Returns
    -------
    callable
        ``model(<arguments>)``. It gives a tensor, or a plain number when there is no name in the formula.

    Raises
    ------
    ValueError
        When a name of the formula is not among the arguments, or the arguments are not all names, not all
        different, or one is ``torch``.
    """
    missing = [name for name in names_in(formula.tree) if name not in arguments]
    if missing:
        raise ValueError(f"the arguments lack {', '.join(missing)}")
    for argument in arguments:
        if not is_name(argument) or argument == "torch":
            raise ValueError(f"{argument!r} cannot be the name of an argument")
    if len(set(arguments)) < len(arguments):
        raise ValueError(f"the arguments {', '.join(arguments)} are not all different")
    source = f"def model({', '.join(arguments)}): return ({to_python(formula.tree)}){'.mean()' if mean else ''}"
    module = compile(source, "<formula>", "exec", dont_inherit=True)
    code = next(constant for constant in module.co_consts if isinstance(constant, CodeType))
    return FunctionType(code, {"torch": torch_module, "__builtins__": {}}, "model")
