"""An action that is checked or not, and stays so from one start to the next."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from gradgui.ui.app.settings import Settings


class RememberedChoice(QObject):
    """Keep an action as a person left it.

    Parameters
    ----------
    action
        Which; the setting that remembers it has its name.
    settings
        Where.
    """

    def __init__(self, action: QAction, settings: Settings) -> None:
        super().__init__(action)
        self._settings, self._name = settings, action.objectName()
        action.setChecked(getattr(settings, self._name))
        action.toggled.connect(self._keep)

    @Slot(bool)
    def _keep(self, chosen: bool) -> None:
        setattr(self._settings, self._name, chosen)
