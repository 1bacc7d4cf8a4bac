"""Which file data is imported from, and who takes it."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from gradgui.experiment.data import Data
from gradgui.ui.app.settings import Settings
from gradgui.ui.data.data_editor import DataEditor

if TYPE_CHECKING:
    from gradgui.ui.data.import_dialog import ImportDialog

SUFFIXES = (".csv", ".tsv", ".txt", ".dat", ".data")
FILTER = f"Tables ({' '.join(f'*{suffix}' for suffix in SUFFIXES)});;All files (*)"


class DataImport(QObject):
    """Ask for a file and for its columns, and take the points.

    Parameters
    ----------
    window
        The dialogs' parent.
    settings
        Remembers the folder.
    editor
        Takes the points.
    """

    def __init__(self, window: QWidget, settings: Settings, editor: DataEditor) -> None:
        super().__init__(window)
        self._window, self._settings, self._editor = window, settings, editor

    @Slot()
    def ask(self) -> None:
        """Ask for a file."""
        self.prepare()
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Import data", self._settings.folder, FILTER)
        if chosen:
            self._settings.folder = str(Path(chosen).parent)
            self.open_path(Path(chosen))

    def prepare(self) -> None:
        """Load the dialog's modules, which takes a moment, before something else that takes a moment as well."""
        _dialog_type()

    def open_path(self, path: Path) -> None:
        """Ask for the columns of a file."""
        dialog = _dialog_type()(path, self._window)
        dialog.imported.connect(self._take)
        dialog.open()

    @Slot(Data)
    def _take(self, data: Data) -> None:
        self._editor.replace(data, f"import of {len(data.x)} points")


def _dialog_type() -> "type[ImportDialog]":
    from gradgui.ui.data.import_dialog import ImportDialog  # noqa: PLC0415 - nobody imports before the first frame

    return ImportDialog
