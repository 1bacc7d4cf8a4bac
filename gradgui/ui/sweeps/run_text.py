"""What is said of one run of a sweep: all its numbers, in full."""

from gradgui.experiment.sweep.varied import Varied
from gradgui.numbers import shown, write_number
from gradgui.record.csv_file import shortest
from gradgui.record.sweep_outcomes import SweepOutcomes
from gradgui.ui.sweeps.quantity import Kind


def varied_text(varied: Varied, value: float) -> str:
    """Write a varied thing with its value."""
    return f"{varied.name} = {shown(write_number(value))}"


def run_text(outcomes: SweepOutcomes, run: int, values: tuple[float, ...]) -> str:
    """Write what a run is and how it ended.

    Parameters
    ----------
    outcomes
        Of the sweep.
    run
        Which one, from 0.
    values
        Its varied values.
    """
    sweep = outcomes.sweep
    parts = [varied_text(one, value) for one, value in zip(sweep.varied, values, strict=True)]
    epochs = int(outcomes.epochs[run])
    head = f"Run {run + 1}: {', '.join(parts)}"
    if not epochs:
        return f"{head}; not trained yet"
    dtype = sweep.experiment.dtype

    def full(value: float) -> str:
        return shown(shortest(float(value), dtype))

    said = [f"last loss {full(outcomes.loss[run])} after {_epochs(epochs)}"]
    if lowest := int(outcomes.lowest_epoch[run]):
        said.append(f"lowest {full(outcomes.lowest_loss[run])} in epoch {lowest}")
    named = zip(sweep.experiment.parameter_names, outcomes.parameters[run], strict=True)
    said.append(", ".join(f"{name} = {full(value)}" for name, value in named))
    if sweep.wanted_loss is not None:
        reached = int(outcomes.reached_epoch[run])
        wanted = f"a loss ≤ {shown(write_number(sweep.wanted_loss))}"
        said.append(f"{wanted} in epoch {reached}" if reached else f"never had {wanted}")
    if diverged := int(outcomes.diverged_epoch[run]):
        said.append(f"left the finite numbers in epoch {diverged}")
    elif outcomes.rose[run]:
        said.append("ended higher than it began")
    return f"{head}; {'; '.join(said)}"


def kind_text(kind: Kind, count: int) -> str:
    """Tell how many runs ended so."""
    return {
        Kind.UNTRAINED: f"{count} not trained yet",
        Kind.WITHOUT: f"{count} never had the wanted loss",
        Kind.ROSE: f"{count} ended higher than {'it' if count == 1 else 'they'} began",
        Kind.DIVERGED: f"{count} left the finite numbers",
        Kind.KNOWN: f"{count} shown",
    }[kind]


def _epochs(count: int) -> str:
    return f"{count} epoch{'s' if count != 1 else ''}"
