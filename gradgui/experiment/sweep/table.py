"""The layout of a sweep's table: one row a run."""

from gradgui.experiment.sweep.sweep import Sweep


def sweep_header(sweep: Sweep) -> tuple[str, ...]:
    """Give the names of the columns.

    They are the run's number from 1, the varied values, how many epochs it was trained, its last loss and its
    parameters after that, its lowest loss and when, the epoch at which it diverged, and the first with the wanted
    loss. What is called as a parameter is written in capitals.
    """
    names = sweep.experiment.parameter_names
    before = ["run", *(one.name for one in sweep.varied), "epochs", "loss"]
    after = ["lowest_loss", "lowest_epoch", "diverged_epoch"]
    if sweep.wanted_loss is not None:
        after.append("reached_epoch")

    def own(name: str) -> str:
        return name.upper() if name in names else name

    return (*map(own, before), *names, *map(own, after))
