"""The state of the training loop, as the window needs to know it."""

from enum import Enum

from msgspec import Struct

from gradgui.experiment.changes import Intervention
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.training_loop import CORRECT_LOOP, Loop, Phase


class State(Enum):
    """Where the training loop is.

    ::

        LOADING ──▶ READY ──run──▶ RUNNING ──target──▶ FINISHED ──run──▶ RUNNING
                      ▲               │ ├──not finite──▶ DIVERGED
                      └─────pause─────┘ └──error───────▶ FAILED

    Step, step back, go to and reset lead from every state but LOADING to READY or, at the target, to FINISHED.
    """

    LOADING = "loading"
    READY = "ready"
    RUNNING = "running"
    FINISHED = "finished"
    DIVERGED = "diverged"
    FAILED = "failed"


class FinishReason(Enum):
    """Why training stopped."""

    PAUSED = "paused"
    TARGET_REACHED = "all epochs trained"
    STOP_RULE = "a stop rule"
    NOT_FINITE = "a number is not finite"
    UNDEFINED = "the loss or its slope is undefined"
    ERROR = "the loop raised an error"


class Status(Struct, frozen=True):
    """What the window needs to know of the training loop at one moment.

    Attributes
    ----------
    state
        Where the loop is.
    number
        The number of the `Load` or `Branch` that began this run.
    parent, branch_epoch
        The number of the run that it left by a `Branch`, and the epochs that they have in common; 0 for none.
    kept
        The number in the file of runs of the run that was taken up, 0 for none.
    experiment
        What is trained, with the epochs and stop rules of the next Run; None while loading.
    epoch
        Epochs finished.
    next_phase
        The phase that runs next; another than ``FORWARD`` in the midst of an epoch.
    target
        The epoch at which the present Run ends.
    horizon
        The furthest epoch trained on this way; beyond `epoch` after going back.
    learning_rate
        Step size of the next update.
    parameters
        Present values in model order.
    began_with
        The parameters and the learning rate with which the epoch in work began; those above when none is in work.
    loop
        How the loop is written at present.
    data
        What the next update is fitted to, None while loading: the very object as long as it does not change, so that
        ``is`` tells whether it did, however many points it has.
    interventions
        What was changed on the way.
    finish_reason
        Why training stopped last, None before it ever did.
    message
        One sentence for the person when the run diverged or failed, else empty.
    failed_line
        The place among the loop's lines of the one that raised, None when none did.
    """

    state: State = State.LOADING
    number: int = 0
    parent: int = 0
    branch_epoch: int = 0
    kept: int = 0
    experiment: Experiment | None = None
    epoch: int = 0
    next_phase: Phase = Phase.FORWARD
    target: int = 0
    horizon: int = 0
    learning_rate: float = 0.0
    parameters: tuple[float, ...] = ()
    began_with: tuple[tuple[float, ...], float] = ((), 0.0)
    loop: Loop = CORRECT_LOOP
    data: Data | None = None
    interventions: tuple[Intervention, ...] = ()
    finish_reason: FinishReason | None = None
    message: str = ""
    failed_line: int | None = None


class Checkpoint(Struct, frozen=True):
    """A state between two epochs, from which a run can be trained again to the same bits.

    Attributes
    ----------
    number
        As in `Status`.
    epoch
        Epochs finished.
    state
        What the engine wrote of it; the points are not in it.
    """

    number: int
    epoch: int
    state: bytes
