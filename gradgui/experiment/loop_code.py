"""The training loop as short, idiomatic Python, as it really is for an experiment."""

from dataclasses import dataclass

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.formula import Binary, Negative, parse_formula, to_python
from gradgui.experiment.optimizers import GradientDescent
from gradgui.experiment.training_loop import Loop, Phase


@dataclass(frozen=True)
class CodeLine:
    """One line of the loop.

    Attributes
    ----------
    text
        Python.
    phase
        The phase that runs it; a line that only leads to the next has the phase of that.
    """

    text: str
    phase: Phase


def loop_code(experiment: Experiment, loop: Loop) -> tuple[CodeLine, ...]:
    """Write the loop's lines.

    Parameters
    ----------
    experiment
        Whose model, loss, optimizer and schedule.
    loop
        How it is written at present; broken lines are written as they are run.
    """
    model = to_python(parse_formula(experiment.model).tree)
    lines = [CodeLine(f"y_pred = {model}", Phase.FORWARD), CodeLine(_loss_line(experiment), Phase.LOSS)]
    lines += [CodeLine("loss.backward()", Phase.BACKWARD)] * (1 if loop.backward_once else 2)
    names = experiment.parameter_names
    if isinstance(experiment.optimizer, GradientDescent):
        lines += _written_out(names, loop)
        zero = [f"{name}.grad.zero_()" for name in names]
    else:
        lines.append(CodeLine("optimizer.step()", Phase.UPDATE))
        lines += [CodeLine("scheduler.step()", Phase.UPDATE)] if experiment.schedule else []
        zero = ["optimizer.zero_grad()"]
    comment = "" if loop.zero_grad else "# "
    return (*lines, *(CodeLine(comment + line, Phase.ZERO_GRAD) for line in zero))


def _loss_line(experiment: Experiment) -> str:
    tree = parse_formula(experiment.loss, ("y", "y_pred")).tree
    text = to_python(tree)
    return f"loss = ({text}).mean()" if isinstance(tree, Binary | Negative) else f"loss = {text}.mean()"


def _written_out(names: tuple[str, ...], loop: Loop) -> list[CodeLine]:
    if not loop.in_place:
        return [CodeLine(f"{name} = {name} - learning_rate * {name}.grad", Phase.UPDATE) for name in names]
    updates = [f"{name} -= learning_rate * {name}.grad" for name in names]
    if not loop.no_grad:
        return [CodeLine(update, Phase.UPDATE) for update in updates]
    return [
        CodeLine("with torch.no_grad():", Phase.UPDATE),
        *(CodeLine(f"    {update}", Phase.UPDATE) for update in updates),
    ]
