"""Prediction and truth side by side, and whether a step is done: functions of what is known, and of nothing else."""

from msgspec import structs

from gradgui.lessons.lesson import Step
from gradgui.lessons.prediction import Choice, Prediction, gap_between
from gradgui.lessons.progress import StepResult
from gradgui.numbers import readable, significant
from gradgui.record.training_log import TrainingLog

DRAWN = "drawn beside it"
"""The truth of a curve, in words."""
DIGITS = 6
"""Of a number that was worked out."""


def bound_of(prediction: Prediction | Choice | None) -> float | None:
    """Give how near a prediction has to come, None where any will do."""
    return prediction.right_within if isinstance(prediction, Prediction) else None


def compared(prediction: Prediction | Choice, result: StepResult, log: TrainingLog, *, rest_done: bool) -> StepResult:
    """Put the truth beside a prediction, as soon as it is known.

    Parameters
    ----------
    prediction
        What was asked.
    result
        With what was predicted.
    log
        Of the present run.
    rest_done
        Whether everything else that the step asks for is done: the answer to a question is told then.

    Returns
    -------
    StepResult
        The same one as long as nothing more is known.
    """
    if not result.predicted or result.truth:
        return result
    if isinstance(prediction, Choice):
        right = prediction.options[prediction.right]
        return structs.replace(result, truth=right, is_right=result.predicted == right) if rest_done else result
    truth = prediction.truth(log)
    if truth is None:
        return result
    bound = prediction.right_within
    near = bound is not None and bool(result.values) and abs(result.values[0] - truth[0]) <= bound
    if bound is not None and not near:  # one may try again, and the truth would tell
        return structs.replace(result, is_right=False)
    if near:  # what is within the bound was worked out right, and has no gap
        answer, right = (significant(one, DIGITS) for one in (result.values[0], truth[0]))
        return structs.replace(result, predicted=answer, truth=right, is_right=True)
    words = DRAWN if len(truth) > 2 else written(truth)
    gap = gap_between(result.values, truth) if result.values else ""
    return structs.replace(result, truth=words, gap=gap, is_right=None)


def is_done(step: Step, result: StepResult, *, rest_done: bool) -> bool:
    """Tell whether a step is done.

    Parameters
    ----------
    step
        What it asks for.
    result
        What was predicted, and what is known of that.
    rest_done
        Whether everything else that it asks for is done.
    """
    if not step.asks or not rest_done:
        return False
    if step.prediction is None:
        return True
    return bool(result.truth) and (bound_of(step.prediction) is None or result.is_right is True)


def written(values: tuple[float, ...]) -> str:
    """Write one number, or the place of a ball."""
    return " and ".join(significant(one, 15) if one.is_integer() else readable(one) for one in values)
