"""Files that are written whole or not at all."""

import errno
import os
import stat
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO, Self

from gradgui.file_lock import hold

PARTS = ".gradgui-*.part"
"""Names of files that are being written; one whose process has ended can be removed."""


class AtomicFile:
    """A file that takes the place of an older one only once all of it is safe on the disk.

    To be used in a ``with`` statement. What is written goes to a hidden file in the same folder. If the
    statement ends without an exception, that file replaces the one at ``path``, whose permissions it takes
    over; else it is removed and the older file is untouched. A link is followed. A pipe or a device, such as
    ``/dev/stdout``, cannot be replaced and is written as it is.

    Parameters
    ----------
    path
        The file to write.

    Raises
    ------
    OSError
        On entering, writing or leaving, if the file cannot be written.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.path.realpath(path)
        self._given_path = os.fspath(path)
        self._temporary: str | None = None
        self._file: BinaryIO

    def __enter__(self) -> Self:
        mode = _mode(self._given_path)
        if mode is not None and not stat.S_ISREG(mode):
            # Opened as given: the real path of /dev/stdout may name a pipe, which cannot be opened. A folder is
            # refused by the system here, before anything is written.
            self._file = open(self._given_path, "wb")
            return self
        # The name says nothing of the file's own, which may be as long as the file system allows.
        temporary = os.path.join(os.path.dirname(self._path), f".gradgui-{os.urandom(8).hex()}.part")
        self._file = open(temporary, "xb")
        self._temporary = temporary
        hold(self._file)
        if mode is not None:
            try:
                os.chmod(temporary, stat.S_IMODE(mode))
            except BaseException:
                self._discard()
                raise
        return self

    def write(self, content: str | bytes) -> None:
        """Write text, as UTF-8 with its line ends as they are, or bytes.

        Raises
        ------
        OSError
            If there is no room for it.
        """
        self._file.write(content.encode() if isinstance(content, str) else content)

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if exception_type is None:
                self._finish()
        finally:
            self._discard()

    def _finish(self) -> None:
        if self._temporary is None:
            self._file.close()
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        # Closing is part of writing: some file systems say only then that there was no room.
        self._file.close()
        os.replace(self._temporary, self._path)
        self._temporary = None
        _sync_folder(os.path.dirname(self._path))

    def _discard(self) -> None:
        with suppress(OSError):
            self._file.close()
        if self._temporary is not None:
            with suppress(OSError):
                os.unlink(self._temporary)
            self._temporary = None


def _mode(path: str) -> int | None:
    """Mode of what is at ``path``, None if there is nothing yet.

    Raises
    ------
    OSError
        If it may not be written.
    """
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return None
    # Replacing a file asks only the folder's permission; who protected a file means the file.
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
    return mode


def _sync_folder(folder: str) -> None:
    """Make the new name last through a power cut, where the system can do that for a folder."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the space allowed to you on that disk is used up",
    errno.EFBIG: "the file would be larger than is allowed there",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "writing there is not permitted",
    errno.EPERM: "writing there is not permitted",
    errno.EISDIR: "it is a folder",
    errno.ENOENT: "its folder does not exist",
    errno.ENOTDIR: "a part of the path before it is not a folder",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ELOOP: "its links lead in a circle",
    errno.EIO: "the disk reports a fault",
}


def explain_write_error(error: OSError, path: str | os.PathLike[str]) -> str:
    """Why a file could not be written, in one sentence for a person.

    Parameters
    ----------
    error
        What `AtomicFile` raised.
    path
        The file that was to be written.

    Returns
    -------
    str
        One line that names the file and the reason and, if there is an older file, says that it is unchanged.
    """
    reason = _REASONS.get(error.errno or 0, error.strerror or str(error) or type(error).__name__)
    unchanged = "; the file that was there is unchanged" if os.path.isfile(path) else ""
    return f"Could not write {os.fspath(path)}: {reason}{unchanged}."
