"""The actions that save and print a handout."""

from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from gradgui.ui.data.data_editor import DataEditor
from gradgui.ui.runs.compared_runs import ComparedRuns
from gradgui.ui.window.actions import Actions
from gradgui.ui.window.exports import Exports
from gradgui.ui.window.live_run import LiveRun


class Handouts(QObject):
    """Save or print the present run, and those it is compared with.

    Parameters
    ----------
    exports
        The window's.
    run, compared
        What is handed out.
    editor
        Has the points.
    actions
        The window's.
    """

    def __init__(
        self, exports: Exports, run: LiveRun, compared: ComparedRuns, editor: DataEditor, actions: Actions
    ) -> None:
        super().__init__(exports)
        self._exports, self._run, self._compared, self._editor = exports, run, compared, editor
        self._actions = actions
        actions["save_handout"].triggered.connect(self.save)
        actions["print_handout"].triggered.connect(self.print)

    @Slot()
    def save(self) -> None:
        """Save it as a PDF, which is made in the exporter's thread."""
        chosen = self._exports.ask("Save handout", f"{self._exports.name}-handout.pdf", "PDF (*.pdf)")
        if chosen is not None:
            from gradgui.ui.widgets.paper import pdf_of  # noqa: PLC0415 - what prints costs the first frame

            html, pictures = self._made()
            title = self._exports.title
            self._exports.write(chosen[0], partial(pdf_of, html, title, pictures, one_page=False))

    @Slot()
    def print(self) -> None:
        """Print it."""
        from gradgui.ui.widgets.paper import print_document  # noqa: PLC0415

        window = self._exports.parent()
        if isinstance(window, QWidget):
            html, pictures = self._made()
            print_document(window, html, self._exports.title, pictures, one_page=False)

    def _made(self) -> tuple[str, dict[str, QImage]]:
        """Give the document, and its pictures by their names in it."""
        from gradgui.ui.handout.pages import handout_html  # noqa: PLC0415 - not before the first frame
        from gradgui.ui.handout.pictures import handout_pictures  # noqa: PLC0415

        logarithmic = self._actions["log_axis"].isChecked()
        pictures = handout_pictures(self._run, self._compared, self._editor, logarithmic=logarithmic)
        html = handout_html(self._exports.title, self._run, self._compared, [one.caption for one in pictures])
        return html, {f"plot{place}": one.image for place, one in enumerate(pictures)}
