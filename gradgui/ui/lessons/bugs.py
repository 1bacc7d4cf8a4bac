"""The bugs that can be hunted: each with what is wrong with its line, and which lines that are."""

from textwrap import dedent

from msgspec import Struct

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.optimizers import GradientDescent
from gradgui.experiment.program.faults import possible_faults
from gradgui.experiment.program.program import Line, make_program
from gradgui.experiment.training_loop import CORRECT_LOOP, Fault, Loop, Phase


class Bug(Struct, frozen=True):
    """One thing that can be wrong with the loop.

    Attributes
    ----------
    name
        The switch of `Loop` that it turns off, or the value of its `Fault`.
    saying
        What is wrong with the line that is meant.
    phase
        Of that line.
    last_only
        Whether it is only the last line of its phase.
    loop
        Written so.
    """

    name: str
    saying: str
    phase: Phase
    loop: Loop
    last_only: bool = False

    def is_in(self, place: int, experiment: Experiment) -> bool:
        """Tell whether it is in a line of the loop as it is meant, by its place."""
        places = [number for number, line in enumerate(meant_lines(experiment)) if line.phase is self.phase]
        return place in (places[-1:] if self.last_only else places)

    def true_text(self, experiment: Experiment) -> str:
        """Give the lines that ran in place of those that are meant."""
        if self.name in {"backward_once", Fault.ZEROED_EARLY.value}:  # what is meant, but not there
            phases = {Phase.BACKWARD, Phase.UPDATE}
            return "\n".join(line.text for line in _lines(experiment, self.loop) if line.phase in phases)
        meant, ran = ([line.text for line in _lines(experiment, loop)] for loop in (CORRECT_LOOP, self.loop))
        return dedent("\n".join(text for text in ran if text not in meant))


def _fault(fault: Fault, saying: str, phase: Phase, *, last_only: bool = False) -> Bug:
    return Bug(fault.value, saying, phase, Loop(fault=fault), last_only)


BUGS = (
    Bug("zero_grad", "It never runs: no gradient is ever set to zero", Phase.ZERO_GRAD, Loop(zero_grad=False)),
    Bug("no_grad", "It does not run under torch.no_grad()", Phase.UPDATE, Loop(no_grad=False)),
    Bug("in_place", "It makes a new tensor and does not change the old one", Phase.UPDATE, Loop(in_place=False)),
    Bug("backward_once", "It runs twice in every epoch", Phase.BACKWARD, Loop(backward_once=False)),
    _fault(Fault.WRONG_SIGN, "Its sign is wrong", Phase.UPDATE),
    _fault(Fault.TARGET_AS_INPUT, "It takes y where x is meant", Phase.FORWARD),
    _fault(Fault.SWAPPED_LOSS, "y and y_pred have changed places in it", Phase.LOSS),
    _fault(Fault.COMPARED_WITH_INPUT, "It takes x where y is meant", Phase.LOSS),
    _fault(Fault.SUM, "It adds up and takes no mean", Phase.LOSS),
    _fault(Fault.ZEROED_EARLY, "It runs too early, before the update", Phase.ZERO_GRAD),
    _fault(Fault.DETACHED, "Its result is cut off from the graph", Phase.FORWARD),
    _fault(Fault.NOT_UPDATED, "It never runs, while the other parameters are updated", Phase.UPDATE, last_only=True),
    _fault(Fault.NOT_ZEROED, "It never runs, while the other gradients are zeroed", Phase.ZERO_GRAD, last_only=True),
    _fault(Fault.OTHER_GRADIENT, "It takes another parameter’s gradient", Phase.UPDATE, last_only=True),
)
"""Of every kind, in the order in which they are offered."""

WRITTEN_OUT_ONLY = {"no_grad", "in_place"}
"""Switches that ``torch.optim`` does not leave open."""


def possible_bugs(experiment: Experiment) -> tuple[Bug, ...]:
    """Give those that an experiment's loop can have."""
    faults = possible_faults(experiment)
    written_out = isinstance(experiment.optimizer, GradientDescent)
    return tuple(
        bug
        for bug in BUGS
        if (bug.loop.fault in faults if bug.loop.fault else written_out or bug.name not in WRITTEN_OUT_ONLY)
    )


def meant_lines(experiment: Experiment) -> tuple[Line, ...]:
    """Give the loop as it is meant."""
    return _lines(experiment, CORRECT_LOOP)


def _lines(experiment: Experiment, loop: Loop) -> tuple[Line, ...]:
    return make_program(experiment, loop).lines
