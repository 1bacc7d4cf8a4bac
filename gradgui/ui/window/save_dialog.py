"""Where to save: one question for every file, and one more before a file is replaced."""

import re
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget


def ask_where_to_save(window: QWidget, title: str, suggestion: Path, filters: str) -> tuple[Path, str] | None:
    """Ask for a file to write.

    Parameters
    ----------
    window
        The dialogs' parent.
    title
        What is saved.
    suggestion
        The name that the dialog begins with.
    filters
        As QFileDialog takes them; the first ending of the chosen one is added to a name that has none.

    Returns
    -------
    path, filter
        The file that is to be written, with its ending; one that exists is to be replaced. And the filter that was
        chosen. None for nothing.
    """
    while True:
        chosen, kind = QFileDialog.getSaveFileName(
            window, title, str(suggestion), filters, "", QFileDialog.Option.DontConfirmOverwrite
        )  # which would ask about the name as it was typed, and not about the file that is written
        if not chosen:
            return None
        kind = kind or filters.partition(";;")[0]  # some desktops' dialogs do not say which filter was chosen
        path = with_ending(Path(chosen), kind)
        if not path.exists() or may_replace(window, path, f"“{path.name}” exists already. Replace it?"):
            return path, kind
        suggestion = path


def may_replace(window: QWidget, path: Path, question: str) -> bool:
    """Ask whether a file may be replaced."""
    button = QMessageBox.StandardButton
    answer = QMessageBox.question(
        window, "Replace the file?", f"{question}\n\n{path}", button.Yes | button.Cancel, button.Cancel
    )
    return answer == button.Yes


def with_ending(path: Path, filters: str) -> Path:
    """Give a path the ending of a filter where it has none; the 2 of ``run-1.2`` is none."""
    ending = re.search(r"\*((?:\.\w+)+)", filters)
    if ending is None or re.fullmatch(r"\.[A-Za-z]\w*", path.suffix):
        return path
    return path.with_name(f"{path.name.rstrip('.')}{ending.group(1)}")
