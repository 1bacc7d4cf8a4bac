"""Files that are dropped onto the window."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow

from gradgui.experiment.run_spec import SUFFIX
from gradgui.lessons.lesson import SUFFIX as LESSON_SUFFIX
from gradgui.lessons.lesson import is_lesson
from gradgui.ui.data.data_import import SUFFIXES, DataImport
from gradgui.ui.window.documents import Documents


class Drops(QObject):
    """Open an experiment or a lesson that is dropped, or import a table.

    Parameters
    ----------
    window
        What takes files.
    documents
        Opens experiments and lessons.
    data_import
        Imports tables.

    Signals
    -------
    told(str)
        One sentence for the person.
    """

    told = Signal(str)

    def __init__(self, window: QMainWindow, documents: Documents, data_import: DataImport) -> None:
        super().__init__(window)
        self._documents, self._data_import = documents, data_import
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what can be opened; of several files the first."""
        if isinstance(event, QDropEvent) and event.type() is QEvent.Type.Drop:
            self._take(event)
            return True
        if isinstance(event, QDragEnterEvent):
            path = _dropped_path(event)
            event.setAccepted(path is not None)
            if path is not None and path.suffix.lower() in SUFFIXES:
                self._data_import.prepare()
            return True
        return super().eventFilter(watched, event)

    def _take(self, event: QDropEvent) -> None:
        path, count = _dropped_path(event), len(event.mimeData().urls())
        if path is None:
            return
        if path.suffix.lower() == SUFFIX or is_lesson(path):
            self._documents.open_path(path)
        else:
            self._data_import.open_path(path)
        if count > 1:
            self.told.emit(f"Only {path.name} was taken of the {count} files: drop one at a time.")


def _dropped_path(event: QDropEvent) -> Path | None:
    """Give the first experiment, lesson or table that is dropped, None when there is none."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    known = (SUFFIX, LESSON_SUFFIX, *SUFFIXES)
    return next((path for path in paths if path.name.lower().endswith(known)), None)
