"""What the program remembers from one start to the next."""

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from gradgui.ui.app.theme import Appearance
from gradgui.ui.app.type_scale import SIZES

MOST_RECENT = 8
LONGEST_PATH = 4096
"""Characters; no system opens a longer one."""
LARGEST_NUMBER = 10**9
FOLLOWED = (20, 100, 1_000, 10_000, 100_000)
"""Numbers of last epochs that plots can follow."""
PRESENTATION_SIZE = 150
"""Per cent, before the person chose another."""
LAYOUT_VERSION = 5
"""Raised when the panels change, so that an old layout is not put over new ones."""


class Settings:
    """The person's settings, in a file of the platform's own place; in it a value that cannot be is as none."""

    def __init__(self) -> None:
        self._store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "GradGUI", "GradGUI")

    @property
    def appearance(self) -> Appearance:
        """Light, dark, or as the desktop."""
        known = {appearance.value: appearance for appearance in Appearance}
        return known.get(self._text("appearance"), Appearance.SYSTEM)

    @appearance.setter
    def appearance(self, appearance: Appearance) -> None:
        self._store.setValue("appearance", appearance.value)

    @property
    def speed(self) -> int | None:
        """Place of the speed slider, None when it was never moved."""
        return self._integer("speed")

    @speed.setter
    def speed(self, position: int) -> None:
        self._store.setValue("speed", position)

    @property
    def last_epochs(self) -> int | None:
        """How many epochs the plots follow, None for all."""
        epochs = self._integer("last_epochs")
        return epochs if epochs in FOLLOWED else None

    @last_epochs.setter
    def last_epochs(self, epochs: int | None) -> None:
        self._store.setValue("last_epochs", epochs or "")

    @property
    def log_axis(self) -> bool:
        """Whether the loss has a log axis."""
        return self._text("log_axis") != "no"

    @log_axis.setter
    def log_axis(self, logarithmic: bool) -> None:
        self._store.setValue("log_axis", "yes" if logarithmic else "no")

    @property
    def who_pulls(self) -> bool:
        """Whether each point's share of the gradient is shown."""
        return self._text("who_pulls") == "yes"

    @who_pulls.setter
    def who_pulls(self, shown: bool) -> None:
        self._store.setValue("who_pulls", "yes" if shown else "no")

    @property
    def most_room(self) -> float | None:
        """How much room kept runs may take, in GB; None for as much as there is."""
        try:
            room = float(self._text("most_room"))
        except ValueError:
            return None
        return room if 0 < room < LARGEST_NUMBER else None

    @most_room.setter
    def most_room(self, gigabytes: float | None) -> None:
        self._store.setValue("most_room", "" if gigabytes is None else repr(gigabytes))

    @property
    def type_size(self) -> int:
        """Per cent of the desktop's size of type."""
        return self._size("type_size", SIZES[0])

    @type_size.setter
    def type_size(self, size: int) -> None:
        self._store.setValue("type_size", size)

    @property
    def presentation_size(self) -> int:
        """The same in Presentation."""
        return self._size("presentation_size", PRESENTATION_SIZE)

    @presentation_size.setter
    def presentation_size(self, size: int) -> None:
        self._store.setValue("presentation_size", size)

    @property
    def recent(self) -> list[str]:
        """Experiment files opened or saved before, the last one first."""
        lines = self._text("recent").split("\n", MOST_RECENT)[:MOST_RECENT]
        return [line for line in lines if _is_path(line)]

    @recent.setter
    def recent(self, paths: list[str]) -> None:
        self._store.setValue("recent", "\n".join(paths[:MOST_RECENT]))

    @property
    def folder(self) -> str:
        """Where the person saved last; their documents to begin with."""
        folder = self._text("folder")
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return folder if _is_path(folder) else documents

    @folder.setter
    def folder(self, folder: str) -> None:
        self._store.setValue("folder", folder)
        self._store.sync()  # before something is written there: a start after a crash looks there for what is left

    @property
    def layout(self) -> tuple[QByteArray, QByteArray] | None:
        """Size of the window and places of the panels, None when there are none that fit this version."""
        geometry, state = self._store.value("geometry"), self._store.value("panels")
        if self._integer("layout_version") != LAYOUT_VERSION:
            return None
        if not (isinstance(geometry, QByteArray) and isinstance(state, QByteArray)):
            return None
        return geometry, state

    @layout.setter
    def layout(self, layout: tuple[QByteArray, QByteArray]) -> None:
        geometry, state = layout
        self._store.setValue("geometry", geometry)
        self._store.setValue("panels", state)
        self._store.setValue("layout_version", LAYOUT_VERSION)
        self._store.sync()

    def _text(self, key: str) -> str:
        value = self._store.value(key, "")
        return value if isinstance(value, str) else ""

    def _size(self, key: str, usual: int) -> int:
        size = self._integer(key)
        return size if size in SIZES else usual

    def _integer(self, key: str) -> int | None:
        value = self._store.value(key, "")
        text = str(value) if isinstance(value, str | int) else ""
        if not (text.isascii() and text.isdecimal() and len(text) < len(str(LARGEST_NUMBER))):
            return None
        return int(text)


def _is_path(text: str) -> bool:
    return 0 < len(text) <= LONGEST_PATH and min(text) >= " "
