"""What is different when the program runs from its own folder (PyInstaller's) and not as a Python package."""

import os
import sys


def is_frozen() -> bool:
    """Tell whether this is the built program."""
    return bool(getattr(sys, "frozen", False))


def is_started_by_icon() -> bool:
    """Tell whether nobody would read what is printed: the built program, started from no terminal."""
    return is_frozen() and (sys.stderr is None or not sys.stderr.isatty())


def give_back_library_path() -> None:
    """Take the program's own folder out of ``LD_LIBRARY_PATH``.

    PyInstaller's starter puts it there on Linux and keeps what was there before under another name. What this program
    starts in turn, such as a file manager, must find the system's libraries, not ours.
    """
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    elif is_frozen():
        os.environ.pop("LD_LIBRARY_PATH", None)
