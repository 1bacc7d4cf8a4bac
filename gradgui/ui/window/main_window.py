"""The window: it wires actions, panels and the training thread together."""

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.run_spec import RunSpec
from gradgui.ui.app.application import FirstPaint
from gradgui.ui.app.gc_scheduler import GarbageScheduler
from gradgui.ui.app.settings import Settings
from gradgui.ui.app.theme import Appearance, apply_theme
from gradgui.ui.data.data_editor import DataEditor
from gradgui.ui.data.data_import import DataImport
from gradgui.ui.handout.handouts import Handouts
from gradgui.ui.lessons.bug_hunt import BugHunt
from gradgui.ui.lessons.lessons import Lessons
from gradgui.ui.lessons.live_lesson import LiveLesson
from gradgui.ui.log.log_panel import LogPanel
from gradgui.ui.plots.epoch_panels import LossPanel
from gradgui.ui.runs.kept_runs import KeptRuns
from gradgui.ui.runs.run_exports import RunExports
from gradgui.ui.sweeps.sweeps import Sweeps
from gradgui.ui.window.actions import ActionLog, Actions
from gradgui.ui.window.arrangement import Arrangement
from gradgui.ui.window.docks import Docks
from gradgui.ui.window.documents import Documents
from gradgui.ui.window.drops import Drops
from gradgui.ui.window.exports import Exports
from gradgui.ui.window.help import Help
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.menus import Menus
from gradgui.ui.window.panels import view_makers
from gradgui.ui.window.presentation import Presentation
from gradgui.ui.window.reading_order import move_focus
from gradgui.ui.window.remembered_choice import RememberedChoice
from gradgui.ui.window.status_line import StatusLine
from gradgui.ui.window.toolbar import DEFAULT, Toolbar
from gradgui.worker import commands
from gradgui.worker.jobs.export import Exporter, ExportOutcome, ExportResult
from gradgui.worker.status import Status
from gradgui.worker.training_thread import TrainingThread

SIZE = QSize(1280, 800)
FRAME = QSize(8, 40)
"""What a desktop puts around a window, at most; how much it is, is known only when it is shown."""


class MainWindow(QMainWindow):
    """Everything a person sees.

    Parameters
    ----------
    experiment
        What is trained first.

    Attributes
    ----------
    compared_runs
        Those of them that are drawn beside the present one.
    data_editor
        The data, as a person edits them.
    ended_unasked
        Whether it was closed without the question about what is not saved.
    documents
        Which file the experiment belongs to.
    kept_runs
        All runs that were trained.
    lessons
        The course, and the lesson that is open.
    run
        The run as the window knows it.
    sweeps
        Many runs as one graph.
    speed
        The speed slider with its reading.
    exporter
        What writes files besides experiments.
    status_line
        The line at the bottom.
    training
        The thread in which the loop runs.
    """

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        self.setDockNestingEnabled(True)
        self.resize(SIZE.boundedTo(self.screen().availableSize() - FRAME))
        self._settings = Settings()
        self._closing = self.ended_unasked = False
        self._look_command = commands.Look()
        self.training = TrainingThread(self)
        self.run = LiveRun(self.training, experiment, self)
        self.documents = Documents(self, self._settings, self.run)
        self.kept_runs = KeptRuns(self, self.documents, self.run, self._settings)
        self.compared_runs = self.kept_runs.compared
        self._garbage = GarbageScheduler(self.run, self)
        self._actions = Actions(self, self.run)
        self.data_editor = DataEditor(self.run, self)
        self._data_import = DataImport(self, self._settings, self.data_editor)
        live_lesson = LiveLesson(self.run, self.documents, self)
        self.bug_hunt = BugHunt(self.run, self._actions, self.kept_runs, self)
        runs, hunt = self.kept_runs, self.bug_hunt
        makers = view_makers(self.run, self.data_editor, self._actions, runs, hunt=hunt, lesson=live_lesson)
        self._docks = Docks(self, self.run, makers, self.compared_runs)
        self.speed = Toolbar(self, self._actions, self.run).speed
        self.status_line = StatusLine(self)
        self.setStatusBar(self.status_line)
        self.exporter = Exporter(self)
        self._exports = Exports(self, self._settings, self.documents, self.run, self.exporter)
        self._menus = Menus(self, self._actions, self._docks)
        Help(self, self._actions, self._docks, self.status_line.tell)
        placed = self._arrangement = Arrangement(self, self._docks)
        self._presentation = Presentation(
            self, self._settings, self._actions, self._docks, self.run, arrangement=placed
        )
        Drops(self, self.documents, self._data_import).told.connect(self.status_line.tell)
        ActionLog(self)  # before whatever opens a dialog: an action is logged when it begins
        self.lessons = Lessons(
            self, self._exports, self._docks, self._actions, arrangement=placed, live=live_lesson, hunt=hunt
        )
        self.sweeps = Sweeps(
            self,
            self.run,
            self.documents,
            self._exports,
            actions=self._actions,
            speed=self.speed,
            compared=self.compared_runs,
        )
        self.run.open(RunSpec(experiment))  # before anybody listens: with the theme everything is shown, once
        self._connect_actions()
        self._connect_files_and_run()
        self._restore_settings()
        # The thread imports torch, which holds the interpreter's lock and would hold the window up.
        FirstPaint(self).painted.connect(self.training.start)
        self._show_status(self.run.status)
        self._name()
        self.setFocus()  # and not in the first field, where Space would be typed

    def _connect_actions(self) -> None:
        actions = self._actions
        self.documents.follow(actions)
        self._exports.follow(actions)
        actions["import_data"].triggered.connect(self._data_import.ask)
        actions["reset"].triggered.connect(self.run.reset)
        actions["begin_again"].triggered.connect(self.run.begin_again)
        actions["go_back"].triggered.connect(self._docks.view(LogPanel).go_back)
        actions["kept_runs"].triggered.connect(self._docks.show_runs)
        self.bug_hunt.begun.connect(self._docks.show_loop)
        actions["copy_rows"].triggered.connect(self._docks.view(LogPanel).table.copy_selected)
        actions["log_axis"].toggled.connect(self._set_log_axis)
        actions["default_layout"].triggered.connect(self._docks.put_back)
        actions["quit"].triggered.connect(self.close)
        actions["show_all"].triggered.connect(self._docks.show_all)

    def _connect_files_and_run(self) -> None:
        self.documents.opened.connect(self.run.open)
        log_table = self._docks.view(LogPanel).table
        for teller in (self.documents, self._exports, log_table, self.kept_runs, self.run, self.lessons):
            teller.told.connect(self.status_line.tell)
        self.documents.lesson_wanted.connect(self.lessons.open_path)
        RunExports(self._exports, self.kept_runs)
        Handouts(self._exports, self.run, self.compared_runs, self.data_editor, self._actions)
        self.kept_runs.offered.connect(self.status_line.offer)
        self.lessons.offered.connect(self.status_line.offer)
        self.documents.changed.connect(self._name)
        self._menus.recent_chosen.connect(self.documents.open_path)
        self._menus.example_chosen.connect(self.documents.open_example)
        self._menus.appearance_chosen.connect(self.set_appearance)
        self._presentation.look_changed.connect(self._apply_theme)
        self._menus.last_epochs_chosen.connect(self._follow)
        self._menus.picture_wanted.connect(self._exports.save_picture)
        self.exporter.progressed.connect(self.status_line.show_progress)
        self.exporter.ended.connect(self._finish_export)
        self.status_line.export_cancelled.connect(self.exporter.cancel)
        self.run.status_changed.connect(self._show_status)
        self.run.figures.connect(self._write_figures)
        self._docks.follow_run()
        self.training.worker.failed.connect(self.status_line.tell)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._apply_theme)

    def _restore_settings(self) -> None:
        settings = self._settings
        self._menus.choose_appearance(settings.appearance)
        self._menus.choose_last_epochs(settings.last_epochs)
        self._follow(settings.last_epochs or 0)
        self._actions["log_axis"].setChecked(settings.log_axis)
        self._set_log_axis(settings.log_axis)
        RememberedChoice(self._actions["who_pulls"], settings)
        self._apply_theme()
        self._arrangement.restore(settings.layout)
        self.speed.set_position(DEFAULT if settings.speed is None else settings.speed)

    @Slot()
    def _name(self) -> None:
        self.setWindowTitle(f"{self.documents.title}[*] – GradGUI")
        self.setWindowModified(self.documents.modified)
        self._menus.show_recent(self.documents.recent)

    @Slot()
    def _look(self) -> None:
        """Tell the worker what is in sight, when that has changed."""
        look = self._docks.look
        if look != self._look_command:
            self._look_command = look
            self.run.do(look)

    @Slot(Status)
    def _show_status(self, status: Status) -> None:
        self._actions.show_status(status)
        self._docks.show_status(status)
        self.status_line.show_status(status)
        self.setWindowModified(self.documents.modified)

    @Slot()
    def _write_figures(self) -> None:
        self._docks.show_figures()
        self._look()
        self.status_line.show_run(self.run)
        self._actions["export_csv"].setEnabled(len(self.run.log) > 0)

    @Slot()
    def _apply_theme(self) -> None:
        self._theme = self._presentation.theme
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply_theme(application, self._theme, self._presentation.type_size)
        self._actions.set_theme(self._theme)
        self.sweeps.set_theme(self._theme)
        self._menus.set_theme(self._theme)
        self._docks.set_theme(self._theme)
        self._write_figures()
        self._docks.draw()

    @Slot(Appearance)
    def set_appearance(self, appearance: Appearance) -> None:
        """Choose light, dark, or what the desktop has."""
        self._settings.appearance = appearance
        self._apply_theme()

    @Slot(int)
    def _follow(self, last_epochs: int) -> None:
        self._settings.last_epochs = last_epochs or None
        self._docks.follow(last_epochs or None)

    @Slot(bool)
    def _set_log_axis(self, logarithmic: bool) -> None:
        self._settings.log_axis = logarithmic
        self._docks.view(LossPanel).set_logarithmic(logarithmic)

    @Slot(ExportResult)
    def _finish_export(self, result: ExportResult) -> None:
        self.status_line.show_result(result)
        was_closing, self._closing = self._closing, False
        if was_closing and (self.ended_unasked or result.outcome is not ExportOutcome.FAILED):
            self.close()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        """Go with Tab through what is in sight, in reading order."""
        return move_focus(self, forward=forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Run and pause with Space, wherever no button or field wants the key."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._actions["run"].trigger()
        else:
            super().keyPressEvent(event)

    @Slot()
    def end(self) -> None:
        """Close without a question, as nobody may be there to answer it."""
        self.ended_unasked = True
        for dialog in self.findChildren(QDialog):
            dialog.reject()
        QTimer.singleShot(0, self.close)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop the training thread and wait for it; ask what is not saved, let an export end first."""
        leaves = self._closing or self.ended_unasked or self.documents.may_leave()
        if not leaves and not self.ended_unasked:  # which may have come while it was asked
            event.ignore()
            return
        if self.exporter.busy and not self._closing:
            self._closing = True
            self.status_line.tell("Closing when the export is written; close again to cancel it.")
            event.ignore()
            return
        for dialog in self.findChildren(QDialog):
            dialog.close()
        self._settings.layout = self._presentation.geometry, self._arrangement.places
        self._settings.speed = self.speed.slider.value()
        self.hide()  # at once: while PyTorch is loading, its thread ends only after seconds
        self.exporter.shut_down()
        self.sweeps.shut_down()
        self.training.shut_down()
        self._garbage.stop()
        super().closeEvent(event)
