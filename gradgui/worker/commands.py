"""What can be asked of the training loop, as values, and what means something when: one table."""

from msgspec import Struct

from gradgui.experiment.changes import Intervention
from gradgui.experiment.early_stopping import StopRules
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import Phase
from gradgui.worker.status import State, Status


class Command(Struct, frozen=True):
    """One thing asked of the training loop."""


class Load(Command, frozen=True):
    """Begin an experiment, or take a run up that was kept.

    Attributes
    ----------
    run_spec
        What to train.
    number
        Comes back in every status, so that what was sent of an earlier experiment can be told.
    kept
        The run that is taken up at its last epoch, by its number in the file of runs; 0 to begin at epoch 0.
    checkpoints
        States of that run in the order of their epochs, from the last of which on it is trained again.
    """

    run_spec: RunSpec
    number: int = 0
    kept: int = 0
    checkpoints: tuple[bytes, ...] = ()


class Run(Command, frozen=True):
    """Train on to the target; from the target on, as many epochs more."""


class Pause(Command, frozen=True):
    """Stop before the next epoch."""


class StepEpoch(Command, frozen=True):
    """Train one epoch, or what is left of the one in work."""


class StepPhase(Command, frozen=True):
    """Run one phase; the last one of an epoch gives that epoch."""


class StepBack(Command, frozen=True):
    """Go back to the beginning of the epoch in work, or else of the one before."""


class StepBackPhase(Command, frozen=True):
    """Go back by one phase; from the beginning of an epoch to the last phase of the one before."""


class GoTo(Command, frozen=True):
    """Go to an epoch trained before; outside of those nothing happens.

    Attributes
    ----------
    epoch
        Epochs finished there.
    phases
        How many phases of the epoch after it are run as well, 0 to 4.
    """

    epoch: int
    phases: int = 0


class Return(Command, frozen=True):
    """Take up a run again that was left for another one; it is where it was.

    Attributes
    ----------
    number
        Of the command that loaded it.
    """

    number: int


class Branch(Command, frozen=True):
    """Leave the present run where it is, and go on with a change in one that has its past in common with it.

    Attributes
    ----------
    number
        Of the new run, as that of a `Load`.
    change
        What is changed in it.
    logged
        So many epochs of it the window has already.
    """

    number: int
    change: Intervention
    logged: int


class Keep(Command, frozen=True):
    """Of the runs that were left, keep these, and forget the others.

    Attributes
    ----------
    numbers
        Of the commands that loaded them.
    """

    numbers: frozenset[int]


class Change(Command, frozen=True):
    """Change something from the next epoch on.

    Attributes
    ----------
    change
        What; its epoch is set to the present one when the loop takes it.
    """

    change: Intervention


class SetEpochs(Command, frozen=True):
    """Set how many epochs a Run trains; a Run that is under way or paused gets its new target at once."""

    epochs: int


class SetStopRules(Command, frozen=True):
    """Choose when a Run ends before its last epoch; acts from now on."""

    rules: StopRules


class SetSpeed(Command, frozen=True):
    """Set the speed in epochs a second, infinite for as fast as it goes."""

    speed: float


class Look(Command, frozen=True):
    """Work out from now on what is in sight, and only that.

    Attributes
    ----------
    epoch
        Whether an epoch opened up is in sight.
    gradients
        Whether its gradients three ways are.
    landscape_of
        The parameter along which the loss landscape is cut, or the two, across and up, over which it is a map; empty
        for none.
    point_shares
        Whether each point's share of the gradient is.
    forecast
        Whether the forecast is.
    wanted_loss
        The loss that the forecast counts the epochs to, None for none.
    """

    epoch: bool = False
    gradients: bool = False
    landscape_of: tuple[str, ...] = ()
    point_shares: bool = False
    forecast: bool = False
    wanted_loss: float | None = None


class TrainOn(Command, frozen=True):
    """The window has painted what it was sent; the loop need not wait for it."""


class SendNext(Command, frozen=True):
    """Send what was trained since the last batch.

    Asked for at speeds that nobody can follow: a window that has much to paint is sent less, not late.
    """


class SendAgain(Command, frozen=True):
    """Send all epochs from one on again: what was sent before never came to the window."""

    first_epoch: int


Commands = frozenset[type[Command]]

_FORWARD: Commands = frozenset({Run, StepEpoch, StepPhase})
_BACK: Commands = frozenset({StepBack, StepBackPhase, GoTo})
_CHANGE: Commands = frozenset({Change})
_WHILE_RUNNING: Commands = frozenset({Pause})
_ALWAYS: Commands = frozenset({SetEpochs, SetStopRules})

ALLOWED: dict[State, Commands] = {
    State.LOADING: frozenset(),
    State.READY: _ALWAYS | _FORWARD | _BACK | _CHANGE,
    State.RUNNING: _ALWAYS | _CHANGE | _WHILE_RUNNING,
    State.FINISHED: _ALWAYS | _FORWARD | _BACK | _CHANGE,
    State.DIVERGED: _ALWAYS | _BACK,
    State.FAILED: _ALWAYS | _BACK | _CHANGE,
}
"""What means something in which state; the other commands are for the thread, and always do."""


def allowed_commands(status: Status) -> Commands:
    """Give what a person may do now; the window enables just that, and the loop ignores the rest."""
    allowed = ALLOWED[status.state]
    if status.epoch == 0 and status.next_phase is Phase.FORWARD:
        allowed -= {StepBack, StepBackPhase}
        if status.horizon == 0:
            allowed -= {GoTo}
    return allowed
