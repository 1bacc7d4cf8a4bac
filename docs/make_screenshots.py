"""Take the pictures of the documentation: the real window, light and dark, in two sizes.

Run by ``make screenshots`` under Xvfb. Each picture is a grab of the whole window, as a person sees it. With a folder
on the command line it takes only the first and the last page of each lesson, for looking at, into that folder.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

from docs.kept_runs import keep_runs, three_rates, two_hundred
from docs.lesson_pictures import take_course, take_finished, take_list, take_prediction
from docs.photographer import PICTURES, SMALL, WIDE, Photographer, photograph
from docs.sweep_pictures import take_sweeps
from gradgui.experiment.changes import LearningRateChange
from gradgui.experiment.data import Data
from gradgui.experiment.run_spec import SUFFIX, read_run_spec
from gradgui.experiment.training_loop import PHASES
from gradgui.record.gradient_check import GradientChecks
from gradgui.record.point_shares import PointShares
from gradgui.resources import resource_path
from gradgui.ui.app.theme import Appearance
from gradgui.ui.data.import_dialog import ImportDialog
from gradgui.ui.runs.runs_panel import RunsPanel
from gradgui.worker.jobs.run_recorder import RunRecorder
from gradgui.worker.status import State


def take_lesson(photographer: Photographer, suffix: str) -> None:
    """Take the lesson after its 20 epochs."""
    photographer.press("run")
    photographer.wait_for(State.FINISHED)
    photographer.save(f"lesson-{suffix}")


def take_phases(photographer: Photographer, suffix: str) -> None:
    """Take each phase of the second epoch."""
    photographer.step_phases(len(PHASES))
    for phase in PHASES:
        photographer.step_phases(1)
        photographer.save(f"phase-{phase.value}-{suffix}")


def take_presentation(photographer: Photographer, suffix: str) -> None:
    """Take Presentation in the midst of the second epoch."""
    photographer.press("presentation")
    photographer.step_phases(len(PHASES) + 2)
    photographer.save(f"presentation-{suffix}")
    photographer.press("presentation")


def take_broken(photographer: Photographer, suffix: str) -> None:
    """Take PyTorch's error for a second backward pass."""
    photographer.press("step_epoch")
    photographer.wait_until(lambda: photographer.window.run.epoch == 1)
    switch = photographer.window.findChild(QCheckBox, "break_backward_once")
    if switch is not None:
        switch.click()
    photographer.press("step_epoch")
    photographer.wait_for(State.FAILED)
    photographer.save(f"broken-{suffix}")


def take_gradient(photographer: Photographer, suffix: str) -> None:
    """Take the gradient three ways after some epochs."""
    photographer.raise_panel("gradient_panel")
    photographer.press("step_epoch")
    run = photographer.window.run
    photographer.wait_until(
        lambda: run.epoch == 1 and run.view(GradientChecks) is not None and run.view(GradientChecks).epoch == 1
    )
    photographer.save(f"gradient-{suffix}")


def take_pulls(photographer: Photographer, suffix: str) -> None:
    """Take each point's share of the gradient, where two points are far from the line."""
    window = photographer.window
    photographer.press("who_pulls")
    take_example("06", "fit_panel", "pulls")(photographer, suffix)
    photographer.wait_until(
        lambda: (shares := window.run.view(PointShares)) is not None and shares.epoch == window.run.epoch + 1
    )
    photographer.save(f"pulls-{suffix}")
    photographer.press("who_pulls")


def take_data(photographer: Photographer, suffix: str) -> None:
    """Take the data's table after a point was changed on the way, and the mark of that in the plots."""
    photographer.press("run")
    photographer.wait_for(State.FINISHED)
    window = photographer.window
    window.data_editor.change(Data((1.0, 2.0, 3.0, 4.0), (2.0, 4.0, 6.0, 5.0)), "change of a point")
    photographer.wait_until(lambda: len(window.run.status.interventions) == 1)
    window.run.change(LearningRateChange(window.run.epoch, 0.05))
    photographer.wait_until(lambda: len(window.run.status.interventions) == 2)
    photographer.press("run")
    photographer.wait_until(lambda: window.run.epoch == 40)
    photographer.save(f"changes-{suffix}")
    photographer.raise_panel("data_panel")
    photographer.save(f"data-{suffix}")


def take_example(number: str, panel: str, name: str) -> Callable[[Photographer, str], None]:
    """Give what takes an example of the File menu, trained, with a panel in front."""

    def take(photographer: Photographer, suffix: str) -> None:
        path = next(resource_path("lessons").glob(f"{number}-*{SUFFIX}"))
        window = photographer.window
        window.documents.open_example(path)
        photographer.wait_until(lambda: window.run.experiment == read_run_spec(path).experiment)
        window.speed.set_position(100)
        photographer.press("run")
        photographer.wait_for(State.FINISHED)
        photographer.raise_panel(panel)
        photographer.save(f"{name}-{suffix}")

    return take


def take_import(photographer: Photographer, suffix: str) -> None:
    """Take the import of a table with two bad cells."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "measured.csv"
        path.write_text("time;way;name\n0,5;1,2;a\n1,0;abc;b\n1,5;3,3;c\n2,0;;d\n2,5;5,1;e\n", "utf-8")
        dialog = ImportDialog(path, photographer.window)
        dialog.open()
        problems = dialog.findChild(QWidget, "import_problems")
        photographer.wait_until(lambda: problems is not None and problems.isVisible())
        dialog.grab().save(str(PICTURES / f"import-{suffix}.png"))
        dialog.close()


def take_runs(photographer: Photographer, suffix: str) -> None:
    """Take three kept runs, one of which is opened and compared with the two others, and two hundred."""
    window = photographer.window
    with tempfile.TemporaryDirectory() as folder:
        for count, experiments in ((3, three_rates()), (200, two_hundred())):
            path = Path(folder) / f"{count}.sqlite"
            keep_runs(path, experiments)
            recorder = RunRecorder(window.training.worker, path, window)
            window.kept_runs.follow(recorder, path)
            if count == 3:
                window.kept_runs.open(1)
                photographer.wait_for(State.FINISHED)
                for run in (2, 3):
                    window.compared_runs.tick(run, True)
                photographer.wait_until(lambda: len(window.compared_runs.runs) == 2)
            photographer.press("kept_runs")
            panel = window.findChild(RunsPanel)
            photographer.wait_until(lambda panel=panel, count=count: panel.model.count == count)
            photographer.save(f"runs-{count}-{suffix}")
            if count == 3:
                photographer.raise_panel("compare_panel")
                photographer.save(f"compare-{suffix}")
                window.compared_runs.clear()
            window.kept_runs.close()
            recorder.shut_down()


def main() -> None:
    """Take every picture, or the course's pages into the folder that was named."""
    QMessageBox.question = lambda *_: QMessageBox.StandardButton.Discard  # type: ignore[method-assign, assignment]
    if len(sys.argv) > 1:
        photograph(SMALL, Appearance.LIGHT, take_course(Path(sys.argv[1])))
        return
    for appearance in (Appearance.LIGHT, Appearance.DARK):
        photograph(SMALL, appearance, take_lesson)
        photograph(WIDE, appearance, take_lesson)
        photograph(SMALL, appearance, take_phases)
        photograph(SMALL, appearance, take_broken)
        photograph(SMALL, appearance, take_presentation)
        photograph(SMALL, appearance, take_runs)
        photograph(SMALL, appearance, take_sweeps)
    for take in (
        take_gradient,
        take_pulls,
        take_data,
        take_import,
        take_prediction,
        take_list,
        take_example("04", "graph_panel", "contour"),
        take_example("10", "graph_panel", "model"),
        take_example("14", "buffer_panel", "optimizer"),
    ):
        photograph(SMALL, Appearance.LIGHT, take)
    photograph(SMALL, Appearance.DARK, take_finished)


if __name__ == "__main__":
    sys.exit(main())
