"""What a script is written from: a run with names that Python has no other use for."""

from collections.abc import Collection, Mapping

from msgspec import Struct

from gradgui.experiment.changes import Intervention, LearningRateChange, LoopChange, with_change
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.program.program import Program, code_names, make_program
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import Loop

OWN_NAMES = frozenset(
    {"all", "ctypes", "csv_path", "epochs_since_lowest", "file", "first", "float", "forward", "len", "lowest"}
    | {
        "map",
        "next",
        "open",
        "optimizer",
        "print",
        "printed",
        "probe",
        "range",
        "repr",
        "row",
        "scheduler",
        "shortest",
    }
    | {"str", "sys", "texts"}
)
"""What the script calls its own things, apart from the names that no parameter can have."""


class Script(Struct, frozen=True):
    """A run as it is written.

    Attributes
    ----------
    experiment
        As it is when the first epoch begins.
    names
        What each parameter is called in the script, by its name in the model.
    changes
        The interventions after that, in order.
    loops
        How the loop is written, by the first epoch that is run so, in order.
    first_rate
        The learning rate that was set by hand before the first update where a schedule goes on from there: what the
        schedule takes as its own first rate is still the experiment's.
    epochs
        How many epochs are trained at most.
    ends_early
        Whether the stop rules, or a number that is not finite, end it before. A run that was trained has its number
        of epochs instead, whatever ended it.
    """

    experiment: Experiment
    names: Mapping[str, str]
    changes: tuple[Intervention, ...]
    loops: Mapping[int, Loop]
    first_rate: float | None
    epochs: int
    ends_early: bool

    def program(self, loop: Loop) -> Program:
        """Give the program as it is for one way to write the loop."""
        return make_program(self.experiment, loop, self.names)


def make_script(run_spec: RunSpec, own_names: Collection[str] = OWN_NAMES) -> Script:
    """Plan what is written for a run.

    Parameters
    ----------
    run_spec
        The run. What was changed after its last epoch is left out.
    own_names
        What cannot be a parameter's name, for it is used otherwise.
    """
    start = run_spec.experiment
    epochs = run_spec.trained or start.epochs
    first_rate = None
    for change in run_spec.interventions:
        if change.epoch:
            continue
        if isinstance(change, LearningRateChange) and start.schedule:
            first_rate = change.learning_rate
        else:
            start = with_change(start, change)
    changes = tuple(change for change in run_spec.interventions if 0 < change.epoch <= epochs)
    loops = {1: start.loop} | {change.epoch + 1: change.loop for change in changes if isinstance(change, LoopChange)}
    names = code_names(start.parameter_names, own_names)
    return Script(start, names, changes, loops, first_rate, epochs, not run_spec.trained)
