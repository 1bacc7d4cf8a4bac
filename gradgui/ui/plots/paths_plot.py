"""A landscape with the paths on it: where the run has been, and where other runs have."""

from collections.abc import Sequence

import pyqtgraph as pg

from gradgui.numbers import write_count
from gradgui.record.training_log import TrainingLog
from gradgui.record.views import Landscape
from gradgui.ui.app.theme import Theme
from gradgui.ui.plots.canvas import Canvas
from gradgui.ui.plots.compared_paths import ComparedPaths, Path, notes
from gradgui.ui.plots.items import Dots, Line
from gradgui.ui.runs.compared_runs import ComparedRun

PATH_POINTS = 600
DOTS = 100
"""Up to so many epochs of the path have a dot each."""


class PathsPlot(Canvas):
    """A landscape with paths, and a note on what it is made of and does not show.

    Parameters
    ----------
    name
        ``objectName`` of the plot.
    y_label
        Name of the axis that goes up.

    Attributes
    ----------
    path, dots
        What is drawn of the run.
    compared
        The paths of other runs.
    """

    def __init__(self, name: str, y_label: str) -> None:
        super().__init__(name, "Loss landscape", "w", y_label)
        self._landscape: Landscape | None = None
        self._path_shown: tuple[TrainingLog | None, int, int] = (None, 0, 0)
        self._reasons: tuple[str, ...] = ()
        self.compared = ComparedPaths()
        self.path = Line()
        self.dots = Dots(4)
        self._note = pg.TextItem(anchor=(1, 1))

    def _add(self, *items: pg.GraphicsObject) -> None:
        """Put items into the plot, each over the one before, and nothing to be seen of them yet."""
        for item in items:
            self.plot.getViewBox().addItem(item, ignoreBounds=True)
            item.setVisible(False)

    @property
    def note(self) -> str:
        """What is said of the data that the ground is made from; empty when these are all."""
        return str(self._note.toPlainText())

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        self._note.setColor(theme.muted)

    def _path(self, landscape: Landscape, log: TrainingLog, epoch: int, starts: tuple[float, ...]) -> Path:
        """Give the path of a run up to an epoch, from its start on."""
        raise NotImplementedError

    def _is_shown(self, log: TrainingLog, epoch: int) -> bool:
        """Tell whether the path up to an epoch looks as the one that is drawn, if nothing else has changed."""
        # A run that has settled stays where it is.
        return (log, log.revision, epoch) == self._path_shown or epoch > self._path_shown[2] > DOTS

    def show_compared(self, runs: Sequence[ComparedRun], reasons: Sequence[str], theme: Theme) -> None:
        """Draw the paths of other runs.

        Parameters
        ----------
        runs
            Those whose landscape this is as well.
        reasons
            Why the others have another one, one for each.
        theme
            The colours.
        """
        landscape = self._landscape
        if landscape is None:
            return
        self._reasons = tuple(reasons)
        self.compared.show_runs(
            runs,
            landscape.parameters,
            lambda log, starts: self._path(landscape, log, len(log), starts),
            theme,
        )
        self._show_note(landscape)

    def _show_note(self, landscape: Landscape) -> None:
        points, used = landscape.points, landscape.points_used
        texts = [f"from {write_count(used)} of {write_count(points)} points"] if used < points else []
        texts += notes(self._reasons, self.compared.outside(self.plot.getViewBox()))
        self._note.setVisible(bool(texts))
        self._note.setText("\n".join(texts))
        self._place_note(landscape)

    def _place_note(self, landscape: Landscape) -> None:
        """Put the note where it hides nothing."""
        raise NotImplementedError

    def _show_path(self, epoch: int, path: Path) -> None:
        self.path.setVisible(epoch > 0)
        self.path.draw(*path)
        self.dots.setVisible(0 < epoch <= DOTS)
        if epoch <= DOTS:
            self.dots.draw(*path)
