"""What this computer lacks to open a window, said in one sentence.

Qt aborts the whole process when a library or the display is missing, and names at most one of what is missing.
So `find_obstacle` looks first: it loads what Qt will load, and asks for the display as Qt will ask.
"""

import ctypes
import os
import re
import socket
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


_QT_PACKAGES = {
    "libdbus-1.so.3": "libdbus-1-3",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}
"""The system libraries that PySide6.QtWidgets is linked with, and the Debian packages they are in."""

_PLATFORM_PACKAGES = {
    "xcb": {
        "libX11-xcb.so.1": "libx11-xcb1",
        "libxcb.so.1": "libxcb1",
        "libxcb-cursor.so.0": "libxcb-cursor0",
        "libxcb-icccm.so.4": "libxcb-icccm4",
        "libxcb-image.so.0": "libxcb-image0",
        "libxcb-keysyms.so.1": "libxcb-keysyms1",
        "libxcb-randr.so.0": "libxcb-randr0",
        "libxcb-render.so.0": "libxcb-render0",
        "libxcb-render-util.so.0": "libxcb-render-util0",
        "libxcb-shape.so.0": "libxcb-shape0",
        "libxcb-shm.so.0": "libxcb-shm0",
        "libxcb-sync.so.1": "libxcb-sync1",
        "libxcb-util.so.1": "libxcb-util1",
        "libxcb-xfixes.so.0": "libxcb-xfixes0",
        "libxcb-xkb.so.1": "libxcb-xkb1",
        "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    },
    "wayland": {
        "libwayland-client.so.0": "libwayland-client0",
        "libwayland-cursor.so.0": "libwayland-cursor0",
    },
}
"""The same for the plugin with which Qt talks to the display; a platform not listed here needs no display."""

_LOADER_COMPLAINT = re.compile(
    r"(?:\S*/)?(?P<library>[^\s/]+\.so[.\d]*): (?:cannot open shared object file|file too short|invalid ELF header)"
)

_WITHOUT_A_WINDOW = "`gradgui train` works without one"


def find_obstacle() -> str | None:
    """Look whether a window can be opened; call it before PySide6.QtWidgets is imported.

    Returns
    -------
    str or None
        What is in the way and how to mend it, or None when nothing is. Only Linux is looked at: elsewhere Qt
        brings everything along.
    """
    if sys.platform != "linux":
        return None
    platforms = _platforms()
    try:
        import_module("PySide6.QtWidgets")
    except ImportError as error:
        needed = _QT_PACKAGES.copy()
        for platform in platforms[:1]:
            needed |= _PLATFORM_PACKAGES.get(platform, {})
        return _explain(str(error), needed)
    obstacle = None
    for platform in platforms:
        obstacle = _platform_obstacle(platform)
        if obstacle is None:
            return None
    return obstacle


def _platforms() -> list[str]:
    """Say which platforms Qt would try, in its order: what was asked for, else what the session offers."""
    asked = os.environ.get("QT_QPA_PLATFORM")
    if asked:
        return [name.partition(":")[0].partition("-")[0] for name in asked.split(";")]
    session = os.environ.get("XDG_SESSION_TYPE") == "wayland"
    wayland = ["wayland"] if session or "WAYLAND_DISPLAY" in os.environ else []
    xcb = ["xcb"] if "DISPLAY" in os.environ or not wayland else []
    return wayland + xcb


def _platform_obstacle(platform: str) -> str | None:
    """Say what keeps Qt from opening a window on this platform, if anything does."""
    if platform not in _PLATFORM_PACKAGES:
        return None
    is_xcb = platform == "xcb"
    variable = "DISPLAY" if is_xcb else "WAYLAND_DISPLAY"
    display = os.environ.get(variable) or ("" if is_xcb else "wayland-0")
    if not display:
        unset = "DISPLAY is" if os.environ.get("WAYLAND_DISPLAY") else "DISPLAY and WAYLAND_DISPLAY are"
        return f"GradGUI needs a display for its window, but {unset} not set; {_WITHOUT_A_WINDOW}"
    plugin = _plugin(platform)
    if plugin is None:  # a Qt that keeps its plugins elsewhere: it knows better
        return None
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return _explain(str(error), _PLATFORM_PACKAGES[platform])
    if _x_server_answers() if is_xcb else _wayland_answers(display):
        return None
    return (
        f"GradGUI needs a display for its window, but {variable} names {display}, which does not answer or does"
        f" not let this user in; {_WITHOUT_A_WINDOW}"
    )


def _plugin(platform: str) -> Path | None:
    """Find the plugin that Qt would load for a platform."""
    library_info = import_module("PySide6.QtCore").QLibraryInfo
    plugins = Path(library_info.path(library_info.LibraryPath.PluginsPath))
    plugin = plugins / "platforms" / f"libq{platform}.so"
    return plugin if plugin.exists() else None


def _x_server_answers() -> bool:
    """Connect to the X server as Qt will; libxcb is there, or the plugin would not have loaded.

    A connection that succeeds stays open as long as the process: a server without other clients, such as Xvfb,
    starts anew when its last one leaves, and would throw Qt out just as it comes in.
    """
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    return bool(xcb.xcb_connection_has_error(connection) == 0)


def _wayland_answers(display: str) -> bool:
    """Connect to the Wayland compositor's socket, where libwayland will look for it."""
    if "WAYLAND_SOCKET" in os.environ:  # a connection that was handed over: it would not survive being tried
        return True
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent"), display)  # an absolute name stands for itself
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(path))
    except OSError:
        return False
    return True


def _explain(failure: str, packages: dict[str, str]) -> str:
    """Turn the loader's complaint into what to install.

    Parameters
    ----------
    failure
        What the loader said. It names only the first library that it did not find.
    packages
        The libraries that may be needed too, with their packages: all those that cannot be loaded are named.
    """
    if not _LOADER_COMPLAINT.match(failure):
        return f"GradGUI cannot load Qt: {failure}"
    complaints = {_library_named_by(text): text for text in [failure, *_complaints(packages)]}
    missing = sorted(complaints, key=str.lower)
    known = sorted({packages[library] for library in missing if library in packages})
    unknown = [library for library in missing if library not in packages]
    # A library that is there but damaged would be passed over by a plain `apt install`.
    damaged = any("cannot open shared object file" not in text for text in complaints.values())
    remedies = []
    if known:
        remedies.append(f"install with: sudo apt install {'--reinstall ' if damaged else ''}{' '.join(known)}")
    if unknown:
        remedies.append(f"find the Debian package of {_listed(unknown)} with: apt-file search {' '.join(unknown)}")
    libraries = "library" if len(missing) == 1 else "libraries"
    return f"GradGUI needs the system {libraries} {_listed(missing)}; {'; '.join(remedies)}"


def _complaints(libraries: "Iterable[str]") -> list[str]:
    """Try to load each library; return what the loader said of those that failed."""
    complaints = []
    for library in libraries:
        try:
            ctypes.CDLL(library)
        except OSError as error:
            complaints.append(str(error))
    return complaints


def _library_named_by(complaint: str) -> str:
    """Say which library the loader complains of: the one asked for, or one that it needs in turn."""
    named = _LOADER_COMPLAINT.match(complaint)
    return named["library"] if named else complaint.partition(":")[0]


def _listed(names: list[str]) -> str:
    """Write names as in a sentence: ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def is_frozen() -> bool:
    """Tell whether this is the built program."""
    return bool(getattr(sys, "frozen", False))


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


def data_folder() -> Path:
    """Give where the program keeps what a person made, found without Qt: on Linux ``~/.local/share/GradGUI``."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming", "GradGUI")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "GradGUI"
    place = os.environ.get("XDG_DATA_HOME", "")
    return Path(place if os.path.isabs(place) else Path.home() / ".local" / "share", "GradGUI")
