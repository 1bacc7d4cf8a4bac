"""The paths of compared runs in a landscape, where it is theirs as well."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QGraphicsItem

from gradgui.experiment.changes import DataChange
from gradgui.experiment.data import Data
from gradgui.experiment.differences import same_points
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.training_log import TrainingLog
from gradgui.ui.app.theme import Theme
from gradgui.ui.plots.curves import Values
from gradgui.ui.plots.items import Dots, Line
from gradgui.ui.runs.compared_runs import ComparedRun

Path = tuple[Values, Values]
PathOf = Callable[[TrainingLog, tuple[float, ...]], Path]
"""Gives the path of a log from start values on."""


def reason_apart(spec: RunSpec, experiment: Experiment, data: Data) -> str:
    """Say why a landscape is not that of another run: ``another model``; empty where it is."""
    other = spec.experiment
    if other.model != experiment.model:
        return "another model"
    if other.loss != experiment.loss:
        return "another loss"
    changed = (change.data for change in spec.interventions if isinstance(change, DataChange))
    return "" if all(same_points(data, one) for one in (other.data, *changed)) else "other data"


class ComparedPaths:
    """Draw the paths of those runs whose landscape is the one that is shown, each with its end as a dot.

    Attributes
    ----------
    item
        What they are part of: where it stands among a plot's items, they stand.
    drawn
        The points of each path, by the run's number.
    """

    def __init__(self) -> None:
        self.item = Line()
        self.drawn: dict[int, Path] = {}
        self._children: list[QGraphicsItem] = []

    def show_runs(self, runs: Sequence[ComparedRun], names: Sequence[str], path_of: PathOf, theme: Theme) -> None:
        """Draw the paths of runs.

        Parameters
        ----------
        runs
            The runs, of the landscape's model.
        names
            The parameters that vary.
        path_of
            Gives the points.
        theme
            The colours.
        """
        for child in self._children:
            child.setParentItem(None)  # type: ignore[arg-type]
            if child.scene() is not None:
                child.scene().removeItem(child)
        self._children = []
        self.drawn = {}
        for run in runs:
            starts = {one.name: one.start for one in run.spec.experiment.parameters}
            path = path_of(run.log, tuple(starts[name] for name in names))
            self.drawn[run.id] = path
            line, end = Line(), Dots(5)
            pen = run.look.pen(theme)
            pen.setWidth(2)
            line.setPen(pen)
            line.draw(*path)
            end.set_colour(run.look.colour(theme))
            end.draw(path[0][-1:], path[1][-1:])
            for child in (line, end):
                child.setParentItem(self.item)
                self._children.append(child)
        self.item.setVisible(bool(self.drawn))

    def outside(self, box: pg.ViewBox) -> int:
        """Count the paths that are not wholly in sight."""
        (left, right), (bottom, top) = box.viewRange()
        return sum(bool(np.any((x < left) | (x > right) | (y < bottom) | (y > top))) for x, y in self.drawn.values())


def notes(reasons: Sequence[str], outside: int) -> Iterator[str]:
    """Say which paths are not shown, and why.

    Parameters
    ----------
    reasons
        Of every run that is not drawn.
    outside
        How many of those drawn are not wholly in sight.
    """
    for reason in dict.fromkeys(reasons):
        count = reasons.count(reason)
        yield f"{count} path{'s' if count > 1 else ''} not drawn: {reason}"
    if outside:
        yield f"{outside} path{'s go' if outside > 1 else ' goes'} beyond the edge"
