"""What leaves the window as a file besides experiments: the log, the run as code, pictures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from gradgui.experiment.run_spec import RunSpec
from gradgui.record.atomic_file import AtomicFile, explain_write_error
from gradgui.ui.app.settings import Settings
from gradgui.ui.graph.graph_view import GraphView
from gradgui.ui.plots.canvas import Canvas
from gradgui.ui.plots.picture import save_graph_picture, save_picture
from gradgui.ui.window.documents import Documents
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.save_dialog import ask_where_to_save
from gradgui.worker.jobs.csv_export import CsvExporter


class Exports(QObject):
    """Ask where to, and write.

    Parameters
    ----------
    window
        The dialogs' parent.
    settings
        Remembers the folder.
    documents
        Names the experiment.
    run
        What is exported.
    exporter
        Writes the log in a thread of its own.

    Signals
    -------
    told(str)
        One sentence for the person.
    """

    told = Signal(str)

    def __init__(
        self, window: QWidget, settings: Settings, documents: Documents, run: LiveRun, exporter: CsvExporter
    ) -> None:
        super().__init__(window)
        self._window, self._settings, self._documents = window, settings, documents
        self._run, self._exporter = run, exporter

    @Slot()
    def export_csv(self) -> None:
        """Save the log."""
        if self._exporter.busy:
            self.told.emit("An export is being written; wait for it or cancel it first.")
            return
        snapshot = self._run.log.snapshot()
        path = self._ask_for_path("Export log as CSV", f"gradgui-log-{len(snapshot)}-epochs.csv", "CSV (*.csv)")
        if path is not None:
            self._exporter.begin(snapshot, path)

    @Slot()
    def export_script(self) -> None:
        """Save the run as a Python script."""
        name = f"{self._documents.title.lower().replace(' ', '_')}.py"
        path = self._ask_for_path("Export as Python script", name, "Python (*.py)")
        if path is not None:
            from gradgui.experiment.program.script import script_text  # noqa: PLC0415 - not before the first frame

            self._write_code(path, script_text)

    @Slot()
    def export_notebook(self) -> None:
        """Save the run as a Jupyter notebook."""
        name = f"{self._documents.title.lower().replace(' ', '_')}.ipynb"
        path = self._ask_for_path("Export as Jupyter notebook", name, "Jupyter notebooks (*.ipynb)")
        if path is not None:
            from gradgui.experiment.program.notebook import notebook_text  # noqa: PLC0415 - nor this

            self._write_code(path, notebook_text)

    @Slot(QWidget)
    def save_picture(self, pictured: QWidget) -> None:
        """Save a picture of a plot or of the graph."""
        title = pictured.title if isinstance(pictured, Canvas) else "Autograd graph"
        name = f"gradgui-{title.lower().replace(' ', '-')}.png"
        path = self._ask_for_path(f"Save picture of {title}", name, "PNG (*.png);;SVG (*.svg)")
        if path is None:
            return
        with self._telling(path):
            if isinstance(pictured, GraphView):
                save_graph_picture(pictured, path)
            elif isinstance(pictured, Canvas):
                save_picture(pictured, path)

    def _write_code(self, path: Path, write: Callable[[RunSpec], str]) -> None:
        with self._telling(path), AtomicFile(path) as file:
            file.write(write(self._run.run_spec))

    @contextmanager
    def _telling(self, path: Path) -> Iterator[None]:
        """Say what became of writing a file."""
        try:
            yield
        except OSError as error:
            self.told.emit(explain_write_error(error, path))
        else:
            self.told.emit(f"Saved {path}.")

    def _ask_for_path(self, title: str, name: str, filters: str) -> Path | None:
        path = ask_where_to_save(self._window, title, Path(self._settings.folder) / name, filters)
        if path is not None:
            self._settings.folder = str(path.parent)
        return path
