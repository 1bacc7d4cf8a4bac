"""All panels: what makes the content of each."""

from collections.abc import Callable, Mapping

from gradgui.ui.data.data_editor import DataEditor
from gradgui.ui.data.data_panel import DataPanel
from gradgui.ui.epoch.gradient_table import GradientTable
from gradgui.ui.epoch.loop_panel import LoopPanel
from gradgui.ui.experiment.experiment_panel import ExperimentPanel
from gradgui.ui.graph.graph_view import GraphView
from gradgui.ui.lessons.bug_hunt import BugHunt
from gradgui.ui.lessons.lesson_panel import LessonPanel
from gradgui.ui.lessons.live_lesson import LiveLesson
from gradgui.ui.log.log_panel import LogPanel
from gradgui.ui.plots.epoch_panels import BufferPanel, LossPanel, ParameterPanel
from gradgui.ui.plots.fit_plot import FitPlot
from gradgui.ui.plots.landscape_panel import LandscapePanel
from gradgui.ui.runs.compare_panel import ComparePanel
from gradgui.ui.runs.kept_runs import KeptRuns
from gradgui.ui.runs.runs_panel import RunsPanel
from gradgui.ui.window.actions import Actions
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.view import View

Makers = Mapping[type[View], Callable[[], View]]
"""What makes the content of a panel of each kind."""


def view_makers(
    run: LiveRun, editor: DataEditor, actions: Actions, kept: KeptRuns, *, hunt: BugHunt, lesson: LiveLesson
) -> Makers:
    """Say how the content of every panel is made, in the order of the View menu."""
    return {
        ExperimentPanel: lambda: ExperimentPanel(run),
        DataPanel: lambda: DataPanel(editor, [actions[name] for name in ("undo", "redo", "import_data")]),
        LossPanel: LossPanel,
        FitPlot: lambda: FitPlot(editor, actions["who_pulls"]),
        ParameterPanel: ParameterPanel,
        LandscapePanel: lambda: LandscapePanel(run, kept.compared),
        LoopPanel: lambda: LoopPanel(run, hunt),
        GraphView: GraphView,
        GradientTable: GradientTable,
        BufferPanel: BufferPanel,
        ComparePanel: lambda: ComparePanel(kept.compared, run),
        LogPanel: lambda: LogPanel(run),
        RunsPanel: lambda: RunsPanel(kept, run.training),
        LessonPanel: lambda: LessonPanel(lesson, run),
    }
