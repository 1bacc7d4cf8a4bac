"""How much room the kept runs take on the disk, and how much they may."""

import math

from PySide6.QtCore import QLocale, Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gradgui.ui.app.settings import Settings
from gradgui.ui.app.theme import SPACING
from gradgui.ui.widgets.labels import wrapping_label
from gradgui.ui.widgets.number_field import NumberField
from gradgui.ui.widgets.number_kind import NumberKind
from gradgui.worker.jobs.run_recorder import RunRecorder

GIGABYTE = 10**9
WIDTH = 420


class RoomDialog(QDialog):
    """Say how much room runs take, bound it, and forget all of them.

    Parameters
    ----------
    window
        The dialog's parent.
    settings
        Remembers the bound.
    recorder
        Keeps the runs.
    """

    def __init__(self, window: QWidget, settings: Settings, recorder: RunRecorder) -> None:
        super().__init__(window)
        self.setObjectName("room_dialog")
        self.setWindowTitle("Room for runs")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings, self._recorder = settings, recorder
        self._told = wrapping_label("room_told", "Looking …")
        self._limit = NumberField("room_limit", "Keep at most, in GB", NumberKind(gt=0, optional=True))
        self._limit.set_value(math.nan if settings.most_room is None else settings.most_room)
        self._limit.entered.connect(self._bound)
        form = QFormLayout()
        form.addRow("Keep at most (GB)", self._limit)
        hint = wrapping_label(
            "hint",
            "Beyond that the oldest runs without a star go, and it is said which. What a window has open stays."
            " Empty: as much as there is.",
        )
        forget = QPushButton("&Forget all runs …")
        forget.setObjectName("room_forget")
        forget.clicked.connect(self._forget)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(forget, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, SPACING)
        layout.setSpacing(SPACING)
        layout.addWidget(self._told)
        layout.addLayout(form)
        layout.addWidget(hint)
        layout.addWidget(buttons)
        self.resize(WIDTH, self.sizeHint().height())
        recorder.room_changed.connect(self._show_room)
        recorder.ask_room()

    @Slot(object)
    def _show_room(self, room: int) -> None:
        size = QLocale.c().formattedDataSize(room, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
        self._told.setText(f"The runs take {size} on the disk.")

    @Slot(float)
    def _bound(self, gigabytes: float) -> None:
        limit = None if math.isnan(gigabytes) else gigabytes
        self._settings.most_room = limit
        self._recorder.keep_at_most(None if limit is None else round(limit * GIGABYTE))
        self._recorder.ask_room()

    @Slot()
    def _forget(self) -> None:
        button = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self,
            "Forget all runs?",
            "All runs go for good, those with a star as well; only what is open in a window stays. Forget them?",
            button.Yes | button.Cancel,
            button.Cancel,
        )
        if answer == button.Yes:
            self._recorder.forget_all()
