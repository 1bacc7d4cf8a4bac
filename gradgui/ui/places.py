"""Where the program keeps what nobody opens by hand."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths


def log_folder() -> Path:
    """Give the folder of the logs: on Linux ``~/.local/state/GradGUI``, elsewhere what the platform has for it."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.StateLocation))
