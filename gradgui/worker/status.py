"""The state of the training loop, and what a person may do in each state: one table."""

from dataclasses import dataclass
from enum import Enum

from gradgui.experiment.changes import Intervention
from gradgui.experiment.experiment import Data, Experiment
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
    ERROR = "the loop raised an error"


class Action(Enum):
    """What a person can ask of the training loop."""

    RUN = "run"
    PAUSE = "pause"
    STEP_EPOCH = "step_epoch"
    STEP_PHASE = "step_phase"
    STEP_BACK = "step_back"
    GO_TO = "go_to"
    RESET = "reset"
    INTERVENE = "intervene"


_FORWARD = frozenset({Action.RUN, Action.STEP_EPOCH, Action.STEP_PHASE})
_BACK = frozenset({Action.STEP_BACK, Action.GO_TO, Action.RESET})

ALLOWED: dict[State, frozenset[Action]] = {
    State.LOADING: frozenset(),
    State.READY: _FORWARD | _BACK | {Action.INTERVENE},
    State.RUNNING: frozenset({Action.PAUSE, Action.RESET, Action.INTERVENE}),
    State.FINISHED: _FORWARD | _BACK | {Action.INTERVENE},
    State.DIVERGED: _BACK,
    State.FAILED: _BACK | {Action.INTERVENE},
}


@dataclass(frozen=True)
class Status:
    """What the window needs to know of the training loop at one moment.

    Attributes
    ----------
    state
        Where the loop is.
    experiment
        What is trained; None while loading.
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
    loop
        How the loop is written at present.
    data
        What the next update is fitted to, None while loading: the very object as long as it does not change, so that
        ``is`` tells whether it did, however many points it has.
    interventions
        What was changed on the way.
    ending
        Why training stopped last, None before it ever did.
    message
        One sentence for the person when the run diverged or failed, else empty.
    """

    state: State = State.LOADING
    experiment: Experiment | None = None
    epoch: int = 0
    next_phase: Phase = Phase.FORWARD
    target: int = 0
    horizon: int = 0
    learning_rate: float = 0.0
    parameters: tuple[float, ...] = ()
    loop: Loop = CORRECT_LOOP
    data: Data | None = None
    interventions: tuple[Intervention, ...] = ()
    ending: FinishReason | None = None
    message: str = ""


@dataclass(frozen=True)
class Failure:
    """An error of the program itself, not of the loop.

    Attributes
    ----------
    sentence
        What went wrong and what can be done, for the person; the log has the traceback.
    """

    sentence: str


def allowed_actions(status: Status) -> frozenset[Action]:
    """Give what a person may do now; the window enables just that, and the loop ignores the rest."""
    actions = ALLOWED[status.state]
    if status.epoch == 0 and status.next_phase is Phase.FORWARD:
        actions -= {Action.STEP_BACK}
        if status.horizon == 0:
            actions -= {Action.GO_TO}
    return actions
