"""The log file in the platform's own place, and the trace that a crash leaves there."""

import faulthandler
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from os import getpid
from pathlib import Path
from typing import TextIO

from PySide6.QtCore import QStandardPaths

from gradgui.file_lock import hold, remove_left

LARGEST_LOG = 1_000_000
"""Bytes of a log file; older ones are kept beside it."""
OLD_LOGS = 3
TRACES = "crash-*.txt"
FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"

logger = logging.getLogger(__name__)


class Logs:
    """Write the program's log, and have a crash of the interpreter leave a trace.

    Parameters
    ----------
    folder
        Where; made when it is not there.

    Attributes
    ----------
    problem
        One sentence when nothing can be written there, else empty; the program runs all the same.
    tell
        Takes that sentence when it comes to that later; may be called in any thread.
    crash
        The trace of an earlier start that crashed and that nobody was told of yet, None without one.
    """

    def __init__(self, folder: Path) -> None:
        self.problem = ""
        self.crash: Path | None = None
        self.tell: Callable[[str], object] = lambda _: None
        self._trace: TextIO | None = None
        self._folder = folder
        self._trace_path = folder / f"crash-{getpid()}.txt"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._handler = _LogFile(folder / "gradgui.log", self._say)
            self.crash = _take_crash(folder)
            remove_left(folder, TRACES)  # empty ones, of programs that were killed
            self._trace = self._trace_path.open("w", encoding="utf-8")
        except OSError as error:
            self._say(error)
            logging.getLogger().addHandler(logging.NullHandler())  # else Python prints warnings, tracebacks and all
            return
        hold(self._trace)
        self._handler.setFormatter(logging.Formatter(FORMAT))
        root = logging.getLogger()
        root.addHandler(self._handler)
        root.setLevel(logging.INFO)
        faulthandler.enable(self._trace)
        if self.crash is not None:
            logger.warning("the start before this one crashed: %s", self.crash)

    def _say(self, error: OSError) -> None:
        """Say once that the log is not written."""
        if not self.problem:
            self.problem = f"The log cannot be written to {self._folder}: {error.strerror or error}."
            self.tell(self.problem)

    def close(self) -> None:
        """End the log; a start that came this far has left no crash."""
        if self._trace is None:
            return
        faulthandler.disable()
        self._trace.close()
        self._trace = None
        self._trace_path.unlink(missing_ok=True)
        logging.getLogger().removeHandler(self._handler)
        with suppress(OSError):  # a full disk was told of when it was met
            self._handler.close()


class _LogFile(RotatingFileHandler):
    """A log file whose faults are handed on; Python's own way prints a traceback for every line."""

    def __init__(self, path: Path, say: Callable[[OSError], None]) -> None:
        super().__init__(path, maxBytes=LARGEST_LOG, backupCount=OLD_LOGS, encoding="utf-8")
        self._say = say

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        error = sys.exc_info()[1]
        if isinstance(error, OSError):
            self._say(error)
        else:
            super().handleError(record)


def _take_crash(folder: Path) -> Path | None:
    """Find traces of crashes and rename them, so that each is told of once; give the newest."""
    told: Path | None = None
    for path in sorted(folder.glob(TRACES), key=lambda trace: trace.stat().st_mtime):
        if path.stat().st_size:  # that of a program that runs now is empty
            told = path.rename(path.with_suffix(".log"))
    return told


def log_folder() -> Path:
    """Give the folder of the logs: on Linux ``~/.local/state/GradGUI``, elsewhere what the platform has for it."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.StateLocation))
