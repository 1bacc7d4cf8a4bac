"""Sweeps, put together: the window, the thread that trains them, their files, and the runs that are opened."""

import logging
import math
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMainWindow

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.sweep.sweep import Sweep
from gradgui.numbers import significant, write_count
from gradgui.platform import data_folder
from gradgui.record.sweep_csv import long_sweep_csv_chunks, sweep_csv_chunks
from gradgui.record.sweep_file import SUFFIX, SweepFileError, kept_sweeps, read_sweep
from gradgui.record.sweep_outcomes import SweepOutcomes
from gradgui.ui.app.theme import LIGHT, Theme
from gradgui.ui.plots.picture import plot_picture
from gradgui.ui.runs.compared_runs import ComparedRuns
from gradgui.ui.sweeps.train_together import TrainTogether
from gradgui.ui.window.actions import Actions
from gradgui.ui.window.documents import Documents
from gradgui.ui.window.exports import Exports
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.toolbar import SpeedSlider
from gradgui.worker import commands
from gradgui.worker.jobs.export import Export, ExportResult
from gradgui.worker.jobs.sweep_training import SweepTraining
from gradgui.worker.status import State, Status

if TYPE_CHECKING:
    from gradgui.ui.sweeps.sweep_window import SweepWindow

logger = logging.getLogger(__name__)


class Sweeps(QObject):
    """Open the window of sweeps, and do what it asks for.

    Parameters
    ----------
    window
        The main window.
    run
        Whose experiment is swept; becomes the run that is opened.
    documents
        Asks about what is not saved before a run is opened.
    exports
        Asks where a file is to be, and has it written.
    actions
        The window's.
    speed
        How fast the loop goes otherwise.
    compared
        Draws runs that are trained together.
    """

    def __init__(
        self,
        window: QMainWindow,
        run: LiveRun,
        documents: Documents,
        exports: Exports,
        *,
        actions: Actions,
        speed: SpeedSlider,
        compared: ComparedRuns,
    ) -> None:
        super().__init__(window)
        self._window, self._run, self._documents, self._exports = window, run, documents, exports
        self._theme: Theme = LIGHT
        self._shown: SweepWindow | None = None
        self._speed = speed
        self._opened = 0
        self.training = SweepTraining(data_folder() / "sweeps", self)
        self.together = TrainTogether(run, compared, self)
        self.training.ended.connect(self._take)
        self.training.failed.connect(self._tell_failure)
        self.training.kept.connect(self._take_kept)
        run.experiment_changed.connect(self._follow)
        run.status_changed.connect(self._follow_run)
        exports.ended.connect(self._tell_export)
        actions["sweep"].triggered.connect(self.show)

    @Slot()
    def show(self) -> None:
        """Show the window of sweeps."""
        if self._shown is None:
            self._shown = self._made()
        self._shown.form.show_experiment(self._experiment)
        self._shown.show()
        self._shown.raise_()
        self._shown.activateWindow()

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        self._theme = theme
        if self._shown is not None:
            self._shown.set_theme(theme)

    def shut_down(self) -> None:
        """Stop training; what is there is kept."""
        self.training.shut_down()
        self.together.shut_down()

    @property
    def _experiment(self) -> Experiment:
        """The experiment as it would begin now; while a bug is hunted, as it is meant."""
        experiment, meant = self._run.as_seen, self._run.meant
        return experiment if meant is None else replace(experiment, loop=meant)

    def _made(self) -> "SweepWindow":
        from gradgui.ui.sweeps.sweep_window import SweepWindow  # noqa: PLC0415 - not before the first frame

        shown = SweepWindow(self._window)
        shown.set_theme(self._theme)
        shown.begin_wanted.connect(self.begin)
        shown.cancel_wanted.connect(self.training.cancel)
        shown.run_wanted.connect(self.open_run)
        shown.together_wanted.connect(self.train_together)
        shown.export_wanted.connect(self.export)
        shown.earlier_wanted.connect(self._show_earlier)
        self.training.progressed.connect(shown.show_progress)
        shown.show_earlier(earlier_sweeps(self.training.folder))
        return shown

    @Slot(Sweep)
    def begin(self, sweep: Sweep) -> None:
        """Train a sweep."""
        if self._shown is None:
            return
        if self._run.gate:
            self._shown.tell(self._run.gate)
            return
        self.training.begin(sweep)
        self._shown.show_busy(True)

    @Slot(Sweep)
    def train_together(self, sweep: Sweep) -> None:
        """Make the first run the present one, and the others its companions."""
        if self._documents.may_leave():
            self.together.end()
            self._documents.show_run(self.together.begin(sweep), f"{sweep.runs} runs together")
            if self._shown is not None:
                self._shown.hide()  # which would be in front of the plots
            self._window.activateWindow()

    @Slot(int)
    def open_run(self, run: int) -> None:
        """Make a run of the sweep the present one, and train it as far as the sweep did."""
        outcomes = None if self._shown is None else self._shown.views.outcomes
        if outcomes is None or not outcomes.epochs[run] or not self._documents.may_leave():
            return
        sweep, values = outcomes.sweep, outcomes.sweep.cells[run]
        experiment = replace(sweep.with_values(values), epochs=int(outcomes.epochs[run]))
        named = ", ".join(f"{one.name} {significant(value)}" for one, value in zip(sweep.varied, values, strict=True))
        self._documents.show_run(RunSpec(experiment), f"Run {run + 1} of a sweep: {named}")
        self._run.do(commands.SetSpeed(math.inf))  # of an epoch that is known already nobody waits for the next
        self._run.do(commands.Run())
        self._opened = self._run.number
        self._say(f"Run {write_count(run + 1)} is the present run now, and trained as far as here.")

    @Slot(str)
    def export(self, kind: str) -> None:
        """Ask where to, and write the sweep that is shown."""
        views = None if self._shown is None else self._shown.views
        if views is None or views.outcomes is None:
            return
        outcomes, runs = views.outcomes, write_count(views.outcomes.sweep.runs)
        if kind in {"picture", "curves"}:
            chosen = self._ask("Save picture", f"gradgui-sweep-{kind}.png", "PNG (*.png);;SVG (*.svg)")
            if chosen is not None:
                canvas = views.main if kind == "picture" else views.curves
                self._exports.write(chosen[0], plot_picture(canvas, chosen[0].suffix))
            return
        if kind == "script":
            self._export_script(replace(outcomes.sweep, epochs=max(1, outcomes.trained)))
            return
        chosen = self._ask("Export sweep as CSV", "gradgui-sweep.csv", "CSV (*.csv)")
        if chosen is not None:
            chunks = sweep_csv_chunks if kind == "csv" else long_sweep_csv_chunks
            saved = f"Saved {runs} runs to {chosen[0]}."
            self._exports.begin(Export(chosen[0], partial(chunks, outcomes), saved, outcomes.sweep.runs))

    def _export_script(self, sweep: Sweep) -> None:
        from gradgui.experiment.program.sweep_script import sweep_script_text  # noqa: PLC0415 - not before the first frame

        try:
            text = sweep_script_text(sweep)
        except ValueError as error:
            self._say(f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return
        chosen = self._ask("Export sweep as Python script", "gradgui_sweep.py", "Python (*.py)")
        if chosen is not None:
            self._exports.write(chosen[0], lambda: text)

    def _ask(self, title: str, name: str, filters: str) -> tuple[Path, str] | None:
        return self._exports.ask(title, name, filters, self._shown)

    @Slot(ExportResult)
    def _tell_export(self, result: ExportResult) -> None:
        if self._shown is not None and self._shown.isVisible():
            self._say(result.message)

    @Slot(SweepOutcomes, bool)
    def _take(self, outcomes: SweepOutcomes, whole: bool) -> None:
        """Show what was trained, and keep it."""
        if self._shown is None:
            return
        self._shown.show_busy(False)
        runs, epochs = write_count(outcomes.sweep.runs), write_count(outcomes.trained)
        how = "Done" if whole else "Cancelled: what was trained is here"
        self._shown.show_outcomes(outcomes, f"{how}. {runs} runs, {epochs} epochs at most.")

    @Slot(str)
    def _take_kept(self, problem: str) -> None:
        if problem:
            self._say(problem)
        if self._shown is not None:
            self._shown.show_earlier(earlier_sweeps(self.training.folder))

    @Slot(Path)
    def _show_earlier(self, path: Path) -> None:
        if self._shown is None or self.training.busy:
            return
        try:
            outcomes = read_sweep(path)
        except SweepFileError as error:
            logger.warning("%s", error, exc_info=True)
            self._say(f"{error}.")
            return
        self._shown.show_outcomes(outcomes, f"{write_count(outcomes.sweep.runs)} runs, kept from before.")

    @Slot(str)
    def _tell_failure(self, sentence: str) -> None:
        if self._shown is not None:
            self._shown.show_busy(False)
        self._say(sentence)

    def _say(self, sentence: str) -> None:
        if self._shown is not None:
            self._shown.tell(sentence)

    @Slot()
    def _follow(self) -> None:
        if self._shown is not None and self._shown.isVisible():
            self._shown.form.show_experiment(self._experiment)

    @Slot(Status)
    def _follow_run(self, status: Status) -> None:
        """Give the loop its own speed back, when the run that was opened has come to its end or was left."""
        is_over = status.epoch > 0 and status.state not in {State.LOADING, State.RUNNING}
        if self._opened and (self._run.number != self._opened or is_over):
            self._opened = 0
            self._run.do(commands.SetSpeed(self._speed.speed))
        self._follow()


def earlier_sweeps(folder: Path) -> list[tuple[str, Path]]:
    """Give the sweeps that are kept, by when they were trained, the newest first."""
    return [(_when(path), path) for path in kept_sweeps(folder)]


def _when(path: Path) -> str:
    text = path.name.removesuffix(SUFFIX)
    return f"{text[:10]}, {text[11:13]}:{text[13:15]}:{text[15:17]}"
