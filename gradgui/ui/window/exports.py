"""What leaves the window as a file besides experiments: the log, the run as code, pictures."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from gradgui.numbers import write_count
from gradgui.record.csv_file import DECIMAL_COMMA, PLAIN, csv_chunks, data_chunks
from gradgui.ui.app.settings import Settings
from gradgui.ui.graph.graph_view import GraphView
from gradgui.ui.plots.canvas import Canvas
from gradgui.ui.plots.picture import graph_picture, plot_picture
from gradgui.ui.window.actions import Actions
from gradgui.ui.window.documents import Documents
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.save_dialog import ask_where_to_save
from gradgui.worker.jobs.export import Export, Exporter, ExportResult

STYLES = {"CSV (*.csv)": PLAIN, "CSV with ; and decimal comma, for spreadsheets (*.csv)": DECIMAL_COMMA}
"""By the filter that is chosen in the dialog."""


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
        Writes files in a thread of its own.

    Signals
    -------
    told(str)
        One sentence for the person.
    ended(ExportResult)
        A file was written, or was not.
    """

    told = Signal(str)
    ended = Signal(ExportResult)

    def __init__(
        self, window: QWidget, settings: Settings, documents: Documents, run: LiveRun, exporter: Exporter
    ) -> None:
        super().__init__(window)
        self._window, self._settings, self._documents = window, settings, documents
        self._run, self._exporter = run, exporter
        exporter.ended.connect(self.ended)

    def follow(self, actions: Actions) -> None:
        """Export what the window's actions ask for."""
        for export in (self.export_csv, self.export_data, self.export_script, self.export_notebook):
            actions[export.__name__].triggered.connect(export)

    @Slot()
    def export_csv(self) -> None:
        """Save the log."""
        snapshot = self._run.log.snapshot()
        epochs = len(snapshot)
        chosen = self.ask("Export log as CSV", f"gradgui-log-{epochs}-epochs.csv", ";;".join(STYLES))
        if chosen is not None:
            path, style = chosen[0], STYLES.get(chosen[1], PLAIN)
            saved = f"Saved {epochs} epochs to {path}."
            self._exporter.begin(Export(path, partial(csv_chunks, snapshot, style), saved, epochs))

    @Slot()
    def export_data(self) -> None:
        """Save the points."""
        data = self._run.status.data or self._run.experiment.data
        chosen = self.ask("Export data as CSV", f"{self.name}.csv", ";;".join(STYLES))
        if chosen is not None:
            path, style = chosen[0], STYLES.get(chosen[1], PLAIN)
            saved = f"Saved {write_count(len(data))} points to {path}."
            self._exporter.begin(Export(path, partial(data_chunks, data, style), saved, len(data)))

    @Slot()
    def export_script(self) -> None:
        """Save the run as a Python script."""
        path = self._ask_for_path("Export as Python script", f"{self.name}.py", "Python (*.py)")
        if path is not None:
            from gradgui.experiment.program.script import script_text  # noqa: PLC0415 - not before the first frame

            self.write(path, partial(script_text, self._run.run_spec))

    @Slot()
    def export_notebook(self) -> None:
        """Save the run as a Jupyter notebook."""
        path = self._ask_for_path("Export as Jupyter notebook", f"{self.name}.ipynb", "Jupyter notebooks (*.ipynb)")
        if path is not None:
            from gradgui.experiment.program.notebook import notebook_text  # noqa: PLC0415 - nor this

            self.write(path, partial(notebook_text, self._run.run_spec))

    @Slot(QWidget)
    def save_picture(self, pictured: QWidget) -> None:
        """Save a picture of a plot or of the graph, as it is now."""
        title = pictured.title if isinstance(pictured, Canvas) else "Autograd graph"
        name = f"gradgui-{title.lower().replace(' ', '-')}.png"
        path = self._ask_for_path(f"Save picture of {title}", name, "PNG (*.png);;SVG (*.svg)")
        if path is None:
            return
        if isinstance(pictured, GraphView):
            self.write(path, graph_picture(pictured, path.suffix))
        elif isinstance(pictured, Canvas):
            self.write(path, plot_picture(pictured, path.suffix))

    def begin(self, export: Export) -> None:
        """Have a file written."""
        self._exporter.begin(export)

    @property
    def folder(self) -> str:
        """Where the person saved last."""
        return self._settings.folder

    @property
    def title(self) -> str:
        """What the experiment is called."""
        return self._documents.title

    @property
    def name(self) -> str:
        """What files of the experiment are called, without an ending."""
        return self.title.lower().replace(" ", "_")

    def write(self, path: Path, content: Callable[[], str | bytes]) -> None:
        """Have a file written; its content is made in the exporter's thread."""

        def pieces() -> Iterator[tuple[str | bytes, int]]:
            yield content(), 1

        self._exporter.begin(Export(path, pieces, f"Saved {path}."))

    def _ask_for_path(self, title: str, name: str, filters: str) -> Path | None:
        chosen = self.ask(title, name, filters)
        return None if chosen is None else chosen[0]

    def ask(self, title: str, name: str, filters: str, parent: QWidget | None = None) -> tuple[Path, str] | None:
        """Ask where a file is to be written, before the main window or another one.

        Returns
        -------
        tuple of Path and str
            The path and the filter; None for nowhere.
        """
        if self._exporter.busy:
            self.told.emit("An export is being written; wait for it or cancel it first.")
            return None
        chosen = ask_where_to_save(parent or self._window, title, Path(self._settings.folder) / name, filters)
        if chosen is not None:
            self._settings.folder = str(chosen[0].parent)
        return chosen
