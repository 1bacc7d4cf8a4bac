"""Labels that wrap in the width they get, instead of asking for more."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy


def wrapping_label(name: str, text: str = "") -> QLabel:
    """Make a label that breaks its lines where its place ends, and asks for the height it then needs.

    Parameters
    ----------
    name
        Its ``objectName``.
    text
        What it says first.
    """
    label = QLabel(text)
    label.setObjectName(name)
    label.setWordWrap(True)
    policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
