"""Files that are in use as long as a process lives: a lock dies with it, however it ends."""

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import IO, BinaryIO

try:
    import fcntl
except ImportError:  # on Windows a file that is open cannot be removed, which is all that the lock is for
    fcntl = None  # type: ignore[assignment]


def hold(file: IO[bytes] | IO[str]) -> bool:
    """Mark a file that is open for writing as in use, until it is closed or its process has ended.

    Returns
    -------
    bool
        False where another holds it, if only for the instant in which it looks whether it is held.
    """
    if fcntl is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # some network folders know no locks
    return True


def claim(folder: Path, prefix: str, suffix: str) -> BinaryIO:
    """Make a file of one's own in a folder, in use until it is closed or its process has ended.

    Raises
    ------
    OSError
        If nothing can be written there.
    """
    while True:
        file = (folder / f"{prefix}{token_hex(8)}{suffix}").open("xb")
        if hold(file) and Path(file.name).exists():  # and not removed by another process before it was held
            return file
        file.close()
        Path(file.name).unlink(missing_ok=True)


def remove_left(folder: Path, pattern: str) -> None:
    """Remove the files that processes left behind which have ended; what cannot be removed stays.

    Parameters
    ----------
    folder
        Where to look; subfolders are not looked at.
    pattern
        Their names, as in a shell.
    """
    with suppress(OSError):
        for path in folder.glob(pattern):
            with suppress(OSError):
                if not is_held(path):
                    path.unlink()


def is_held(path: Path) -> bool:
    """Tell whether a file is in use.

    Raises
    ------
    OSError
        If that cannot be found out.
    """
    if fcntl is None:
        try:
            os.rename(path, path)  # refused on Windows while it is open
        except PermissionError:
            return True
        return False
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
