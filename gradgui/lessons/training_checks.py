"""Checks of what was trained, and what became of it."""

import numpy as np

from gradgui.experiment.columns import Role
from gradgui.experiment.training_loop import Phase
from gradgui.lessons.check import Check, EpochCount, Positive
from gradgui.lessons.evidence import Evidence
from gradgui.numbers import readable, significant, write_count
from gradgui.worker import commands
from gradgui.worker.status import State

OTHER_PROBLEM = "Model, loss, points and start values must be those of this step: begin the step again."


class TrainEpochs(Check, frozen=True):
    """So many epochs were trained since the step began."""

    form = "train {epochs} epochs"
    example = "train 20 epochs"
    epochs: EpochCount

    def missing(self, evidence: Evidence) -> str:
        """Count those of the present run."""
        done = evidence.trained
        return "" if done >= self.epochs else f"{_counted(done)} of {write_count(self.epochs)} trained."


class StepPhases(Check, frozen=True):
    """So many single phases were run."""

    form = "step {phases} phases"
    example = "step 5 phases"
    phases: EpochCount

    def missing(self, evidence: Evidence) -> str:
        """Count the steps by the phase."""
        done = evidence.count(commands.StepPhase)
        return "" if done >= self.phases else f"{done} of {self.phases} phases stepped."


class StepThrough(Check, frozen=True):
    """A phase was run by itself, and the loop rests behind it."""

    form = "step through {phase}"
    example = "step through backward"
    phase: Phase

    def missing(self, evidence: Evidence) -> str:
        """Ask where the loop stands now, and whether it was stepped there."""
        stepped = bool(evidence.commands) and isinstance(evidence.commands[-1], commands.StepPhase)
        if (
            stepped
            and evidence.status.next_phase is self.phase.following
            and evidence.status.state is not State.FAILED
        ):
            return ""
        return f"The {self.phase.value} phase was not the one stepped last."


class StepEpochs(Check, frozen=True):
    """So many epochs were stepped one at a time."""

    form = "step {epochs} epochs"
    example = "step 3 epochs"
    epochs: EpochCount

    def missing(self, evidence: Evidence) -> str:
        """Count the steps, and see that they were trained."""
        done = min(evidence.count(commands.StepEpoch), evidence.trained)
        return "" if done >= self.epochs else f"{_counted(done)} of {self.epochs} stepped one at a time."


class GoBack(Check, frozen=True):
    """The loop was taken back in time."""

    form = "go back"
    example = "go back"

    def missing(self, evidence: Evidence) -> str:
        """Ask for any way back; going to an epoch is one as long as epochs trained before lie ahead."""
        back = (commands.StepBack, commands.StepBackPhase)
        stepped = any(isinstance(one, back) for one in evidence.commands)
        status = evidence.status
        went = evidence.count(commands.GoTo) > 0 and status.epoch < max(status.horizon, len(evidence.log))
        return "" if stepped or went else "Nothing was taken back yet."


class Diverge(Check, frozen=True):
    """A number left the finite ones."""

    form = "diverge within {epochs} epochs"
    example = "diverge within 10 epochs"
    epochs: EpochCount

    def missing(self, evidence: Evidence) -> str:
        """Ask the run that was trained since."""
        if not evidence.trained:
            return "Nothing was trained yet."
        if evidence.status.state is not State.DIVERGED:
            return "Every number is still finite."
        if evidence.status.epoch > self.epochs:
            return f"It took {write_count(evidence.status.epoch)} epochs, not {write_count(self.epochs)}."
        return ""


class GrowLoss(Check, frozen=True):
    """The loss grew in every one of the last epochs."""

    form = "see the loss grow for {epochs} epochs"
    example = "see the loss grow for 5 epochs"
    epochs: EpochCount

    def missing(self, evidence: Evidence) -> str:
        """Compare the losses one after the other; of infinite and undefined ones none is larger."""
        if evidence.trained <= self.epochs:
            return f"{_counted(evidence.trained)} trained; it takes {self.epochs + 1} to see it grow."
        last = evidence.column(Role.LOSS)[-self.epochs - 1 :]
        return (
            ""
            if bool(np.all(last[1:] > last[:-1]))
            else f"In the last {self.epochs + 1} epochs the loss did not always grow."
        )


class ReachLoss(Check, frozen=True):
    """The loss fell below a bound in so many epochs, by training alone."""

    form = "reach a loss below {loss} within {epochs} epochs"
    example = "reach a loss below 0.01 within 15 epochs"
    loss: float
    epochs: EpochCount

    def missing(self, evidence: Evidence) -> str:
        """Ask a run of the step's own problem."""
        if not evidence.is_same_problem:
            return OTHER_PROBLEM
        if not evidence.trained:
            return "Nothing was trained yet."
        losses = evidence.column(Role.LOSS)[evidence.known : self.epochs]
        if not len(losses):
            return f"The first {write_count(self.epochs)} epochs were trained before: reset, and begin anew."
        if bool(np.any(losses < self.loss)):
            return ""
        finite = losses[np.isfinite(losses)]
        lowest = readable(float(finite.min())) if len(finite) else "no number"
        last = write_count(evidence.known + len(losses))
        again = " Press Ctrl+R before the next try." if len(evidence.log) >= self.epochs else ""
        return f"The lowest loss up to epoch {last} is {lowest}, not below {significant(self.loss)}.{again}"


class BringParameter(Check, frozen=True):
    """Training brought a parameter near a value."""

    form = "train {parameter} to within {distance} of {value}"
    example = "train w to within 0.001 of 2"
    parameter: str
    distance: Positive
    value: float

    def missing(self, evidence: Evidence) -> str:
        """Ask a run of the step's own problem where it is."""
        names = evidence.experiment.parameter_names
        if not evidence.is_same_problem or self.parameter not in names:
            return OTHER_PROBLEM
        if not evidence.trained:
            return "Nothing was trained yet."
        now = evidence.status.parameters[names.index(self.parameter)]
        near = abs(now - self.value) <= self.distance
        wanted = f"within {significant(self.distance)} of {significant(self.value)}"
        return "" if near else f"{self.parameter} is {readable(now)}, not {wanted}."


class StandStill(Check, frozen=True):
    """Every parameter kept its bits for so many epochs."""

    form = "see every parameter stand still for {epochs} epochs"
    example = "see every parameter stand still for 10 epochs"
    epochs: EpochCount

    def missing(self, evidence: Evidence) -> str:
        """Compare the last epochs' parameters."""
        if evidence.trained <= self.epochs:
            return f"{_counted(evidence.trained)} trained; it takes {self.epochs + 1} to see that nothing moves."
        for name in evidence.experiment.parameter_names:
            last = evidence.column(Role.PARAMETER, name)[-self.epochs - 1 :]
            if not bool(np.all(last == last[0])):
                return f"{name} still changed in the last {self.epochs} epochs."
        return ""


class ChangeSides(Check, frozen=True):
    """A parameter jumped across its best value in every epoch."""

    form = "see {parameter} change sides for {epochs} epochs"
    example = "see w change sides for 4 epochs"
    parameter: str
    epochs: EpochCount

    def missing(self, evidence: Evidence) -> str:
        """Ask for the sign of its gradient, which changes with the side."""
        if self.parameter not in evidence.experiment.parameter_names:
            return f"The model has no parameter {self.parameter}."
        if not evidence.status.loop.zero_grad:
            return "Gradients that add up do not tell the side: mend the loop first."
        if evidence.trained <= self.epochs:
            return f"{_counted(evidence.trained)} trained; it takes {self.epochs + 1} to see {self.epochs} changes."
        signs = np.sign(evidence.column(Role.GRADIENT, self.parameter)[-self.epochs - 1 :])
        changes = bool(np.all(signs[1:] * signs[:-1] == -1))
        return "" if changes else f"In the last epochs {self.parameter} did not always change sides."


class SeeFailure(Check, frozen=True):
    """PyTorch refused a phase."""

    form = "see the {phase} phase fail"
    example = "see the backward phase fail"
    phase: Phase

    def missing(self, evidence: Evidence) -> str:
        """Ask where the loop was stopped by an error, and that something was asked of it since the step began.

        A loop that is broken in the midst of an epoch raises at once, without a further step.
        """
        status = evidence.status
        still = (commands.SetEpochs, commands.SetStopRules)
        if status.state is not State.FAILED or all(isinstance(one, still) for one in evidence.commands):
            return "PyTorch did not object yet."
        if status.next_phase is not self.phase:
            return f"It was the {status.next_phase.value} phase that failed, not {self.phase.value}."
        return ""


class FinishRun(Check, frozen=True):
    """A Run came to its end."""

    form = "run to the last epoch"
    example = "run to the last epoch"

    def missing(self, evidence: Evidence) -> str:
        """Ask whether it is there now, and was brought there since, by Run or by as many steps."""
        status = evidence.status
        ran = evidence.count(commands.Run) > 0 or evidence.trained >= evidence.experiment.epochs
        at_end = status.state is State.FINISHED and status.epoch >= status.target and evidence.trained > 0
        return "" if ran and at_end else f"At epoch {write_count(status.epoch)} of {write_count(status.target)}."


def _counted(epochs: int) -> str:
    return f"{write_count(epochs)} epoch{'' if epochs == 1 else 's'}"


TRAINING_CHECKS: tuple[type[Check], ...] = (
    TrainEpochs,
    StepPhases,
    StepThrough,
    StepEpochs,
    GoBack,
    Diverge,
    GrowLoss,
    ReachLoss,
    BringParameter,
    StandStill,
    ChangeSides,
    SeeFailure,
    FinishRun,
)
"""All of them, in the order in which a form is looked for."""
