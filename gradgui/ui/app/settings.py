"""What the program remembers from one start to the next."""

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from gradgui.ui.app.theme import Appearance

MOST_RECENT = 8
LAYOUT_VERSION = 3
"""Raised when the panels change, so that an old layout is not put over new ones."""


class Settings:
    """The person's settings, in a file of the platform's own place."""

    def __init__(self) -> None:
        self._store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "GradGUI", "GradGUI")

    @property
    def appearance(self) -> Appearance:
        """Light, dark, or as the desktop."""
        known = {appearance.value: appearance for appearance in Appearance}
        return known.get(str(self._store.value("appearance")), Appearance.SYSTEM)

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
        return self._integer("last_epochs")

    @last_epochs.setter
    def last_epochs(self, epochs: int | None) -> None:
        self._store.setValue("last_epochs", epochs or "")

    @property
    def log_axis(self) -> bool:
        """Whether the loss has a log axis."""
        return str(self._store.value("log_axis", "yes")) == "yes"

    @log_axis.setter
    def log_axis(self, logarithmic: bool) -> None:
        self._store.setValue("log_axis", "yes" if logarithmic else "no")

    @property
    def recent(self) -> list[str]:
        """Experiment files opened or saved before, the last one first."""
        return [line for line in str(self._store.value("recent", "")).split("\n") if line]

    @recent.setter
    def recent(self, paths: list[str]) -> None:
        self._store.setValue("recent", "\n".join(paths[:MOST_RECENT]))

    @property
    def folder(self) -> str:
        """Where the person saved last; their documents to begin with."""
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return str(self._store.value("folder", documents))

    @folder.setter
    def folder(self, folder: str) -> None:
        self._store.setValue("folder", folder)

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

    def _integer(self, key: str) -> int | None:
        text = str(self._store.value(key, ""))
        return int(text) if text.isdecimal() else None
