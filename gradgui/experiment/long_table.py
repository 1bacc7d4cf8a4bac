"""The layout of one table that has the epochs of several runs: a column more, which says whose row it is."""

from collections.abc import Iterable

from gradgui.experiment.columns import LEARNING_RATE, LOSS, Columns


def long_columns(layouts: Iterable[Columns]) -> tuple[str, ...]:
    """Give the names of the columns behind ``run`` and ``epoch``.

    Parameters
    ----------
    layouts
        Of the runs, in order.

    Returns
    -------
    tuple of str
        The loss, every parameter and gradient that any of them has in the order in which they first come, and the
        learning rate.
    """
    names = dict.fromkeys(name for columns in layouts for name in columns.in_file)
    between = [name for name in names if name not in {LOSS.name, LEARNING_RATE.name}]
    return (LOSS.name, *between, LEARNING_RATE.name)


def long_header(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Give the header of the table; ``RUN`` comes first where there is a parameter ``run``."""
    return ("RUN" if "run" in columns else "run", "epoch", *columns)
