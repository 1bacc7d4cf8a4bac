"""The front door with a window."""

import logging
import sys
from pathlib import Path
from threading import Thread
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from gradgui import __version__
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment
from gradgui.file_lock import remove_left
from gradgui.logs import Logs, log_folder
from gradgui.record.atomic_file import PARTS
from gradgui.ui.app.application import create_application
from gradgui.ui.app.ending_signals import EndingSignals
from gradgui.ui.window.autosave import Autosave, autosave_folder
from gradgui.ui.window.main_window import MainWindow
from gradgui.worker.jobs.run_recorder import RunRecorder, run_store_path

logger = logging.getLogger(__name__)


class ErrorReporter(QObject):
    """Take exceptions that reach nobody, from any thread: the log gets the traceback, the window one sentence.

    Signals
    -------
    reported(str)
        The sentence.
    """

    reported = Signal(str)

    def report(self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        """Stand in for ``sys.excepthook``, which slots in every thread report to."""
        logger.critical("unexpected error", exc_info=(kind, error, traceback))
        self.reported.emit(f"GradGUI met an unexpected error ({kind.__name__}); what was trained is still here.")


def create_main_window(experiment: Experiment = DEFAULT_EXPERIMENT) -> MainWindow:
    """Make a window that is ready to be shown, without entering the event loop.

    Parameters
    ----------
    experiment
        What it opens on.
    """
    create_application()
    # Half the worst pause of the window while training runs, at no cost to it (the default is 5 ms).
    sys.setswitchinterval(0.001)
    return MainWindow(experiment)


def run_window(path: Path | None = None, run: int | None = None) -> int:
    """Show the window and stay until it is closed.

    Parameters
    ----------
    path
        The file that it opens on, None for the lesson; what is wrong with it is said in the window.
    run
        The kept run that it opens on, None for none.

    Returns
    -------
    int
        The exit code.
    """
    application = create_application()
    logs = Logs(log_folder())
    logger.info("GradGUI %s started", __version__)
    reporter = ErrorReporter()
    sys.excepthook = reporter.report
    window = create_main_window()
    tell = window.status_line.tell
    reporter.reported.connect(tell)
    logs.tell = reporter.reported.emit
    application.file_opened.connect(window.documents.open_path)
    autosave = Autosave(window, window.documents, window.run, tell, autosave_folder())
    recorder = RunRecorder(window.training.worker, run_store_path(), window)
    window.kept_runs.follow(recorder, run_store_path())
    signals = EndingSignals(window)
    signals.received.connect(autosave.keep_typed)  # first: what the closing waits for may take long
    signals.received.connect(window.end)
    if logs.crash is not None:
        tell(f"GradGUI crashed the last time; what is known of it is in {logs.crash}.")
    elif logs.problem:
        print(logs.problem, file=sys.stderr)  # noqa: T201 - there is no log to say it in
        tell(logs.problem)
    # In a thread: a network folder may answer late.
    Thread(target=_remove_parts, args=(window.documents.folders,), name="left files", daemon=True).start()
    if path is not None:
        window.documents.open_path(str(path))
    if run is not None:
        window.kept_runs.open(run)
    window.show()
    if path is None and run is None:
        window.lessons.offer()
    autosave.offer()
    code = application.exec()
    window.kept_runs.close()
    recorder.shut_down()
    signals.stop()
    autosave.end(keep=window.ended_unasked)
    sys.excepthook = sys.__excepthook__
    logs.close()
    return code


def _remove_parts(folders: set[Path]) -> None:
    """Remove what a save left that was killed."""
    for folder in folders:
        remove_left(folder, PARTS)
