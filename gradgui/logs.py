"""The log file in the platform's own place, and the trace that a crash leaves there."""

import faulthandler
import logging
from logging.handlers import RotatingFileHandler
from os import getpid
from pathlib import Path
from typing import TextIO

from PySide6.QtCore import QStandardPaths

LARGEST_LOG = 1_000_000
"""Bytes of a log file; older ones are kept beside it."""
OLD_LOGS = 3
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
    crash
        The trace of an earlier start that crashed and that nobody was told of yet, None without one.
    """

    def __init__(self, folder: Path) -> None:
        self.problem = ""
        self.crash: Path | None = None
        self._trace: TextIO | None = None
        self._trace_path = folder / f"crash-{getpid()}.txt"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._handler = RotatingFileHandler(
                folder / "gradgui.log", maxBytes=LARGEST_LOG, backupCount=OLD_LOGS, encoding="utf-8"
            )
            self.crash = _take_crash(folder)
            self._trace = self._trace_path.open("w", encoding="utf-8")
        except OSError as error:
            self.problem = f"The log cannot be written to {folder}: {error.strerror or error}."
            return
        self._handler.setFormatter(logging.Formatter(FORMAT))
        root = logging.getLogger()
        root.addHandler(self._handler)
        root.setLevel(logging.INFO)
        faulthandler.enable(self._trace)
        if self.crash is not None:
            logger.warning("the start before this one crashed: %s", self.crash)

    def close(self) -> None:
        """End the log; a start that came this far has left no crash."""
        if self._trace is None:
            return
        faulthandler.disable()
        self._trace.close()
        self._trace = None
        self._trace_path.unlink(missing_ok=True)
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()


def _take_crash(folder: Path) -> Path | None:
    """Find traces of crashes and rename them, so that each is told of once; give the newest."""
    told: Path | None = None
    for path in sorted(folder.glob("crash-*.txt"), key=lambda trace: trace.stat().st_mtime):
        if path.stat().st_size:  # the one of a program that runs now is empty
            told = path.rename(path.with_suffix(".log"))
    return told


def log_folder() -> Path:
    """Give the folder of the logs: on Linux ``~/.local/state/GradGUI``, elsewhere what the platform has for it."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.StateLocation))
