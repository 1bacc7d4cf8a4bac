"""A dock with a title bar of the program's own, into which a panel can put its buttons."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QMainWindow, QToolButton, QVBoxLayout, QWidget

from gradgui.ui.theme import SPACING

TITLE_HEIGHT = 32


class Panel(QDockWidget):
    """A part of the window that can be hidden, moved and floated.

    Parameters
    ----------
    name
        ``objectName``, by which its place is remembered.
    title
        As shown.
    content
        What is in it.
    window
        Where it is docked.
    """

    def __init__(self, name: str, title: str, content: QWidget, window: QMainWindow) -> None:
        super().__init__(title, window)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._title = QWidget()
        self._title.setObjectName("panel_title")
        self._title.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._bar = QHBoxLayout(self._title)
        self._bar.setContentsMargins(SPACING + 2, 3, 4, 3)
        self._bar.addStrut(TITLE_HEIGHT - 6)  # a dock asks for its title's size hint, whatever its minimum height
        self._bar.setSpacing(2)
        label = QLabel(title)
        label.setObjectName("panel_name")
        self._bar.addWidget(label, 1)
        self.setTitleBarWidget(self._title)
        body = QWidget()
        body.setObjectName("panel")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(1, 0, 1, 1)
        layout.addWidget(content)
        self.setWidget(body)

    def add_button(self, action: QAction) -> QToolButton:
        """Put a button for an action into the title bar.

        Parameters
        ----------
        action
            Its icon, tooltip and menu, if it has one, are the button's.
        """
        button = QToolButton()
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setAccessibleName(action.text().replace("&", "").rstrip("…"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if action.menu() is not None:
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._bar.addWidget(button)
        return button
