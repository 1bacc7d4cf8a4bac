"""The panel with the data: the table, and where other points come from."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gradgui.experiment.data import Data
from gradgui.experiment.generators import GENERATORS, MOST_NOISE, MOST_POINTS, generate
from gradgui.numbers import write_count
from gradgui.ui.app.icons import line_icon
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.data.data_editor import DataEditor
from gradgui.ui.data.data_table import DataTable
from gradgui.ui.widgets.labels import wrapping_label
from gradgui.ui.widgets.number_field import NumberField
from gradgui.ui.widgets.number_kind import NumberKind
from gradgui.ui.window.view import View
from gradgui.worker import commands
from gradgui.worker.commands import allowed_commands
from gradgui.worker.status import Status

_BUTTONS = {
    "add_point": ("add", "Add point", "Add a point: type its x and y into the table's last row."),
    "remove_points": ("remove", "Remove points", "Remove the selected points (Delete)."),
}


class DataPanel(QScrollArea, View):
    """Edit, copy, paste and generate points.

    Parameters
    ----------
    editor
        Whose points.
    actions
        What else has a button below the table.

    Attributes
    ----------
    table
        The table.
    """

    name = "data_panel"
    heading = "Data"
    guide = "data-of-your-own"

    def __init__(self, editor: DataEditor, actions: Sequence[QAction]) -> None:
        super().__init__()
        self._editor = editor
        self.table = DataTable(editor)
        self._problem = wrapping_label("problem")
        self._problem.hide()
        self._count = QLabel()
        self._count.setObjectName("hint")
        self._generate = GenerateBox()
        self._buttons = {name: self._make_button(name) for name in _BUTTONS}
        self._row = QHBoxLayout()
        self._row.setSpacing(2)
        self._row.addWidget(self._count, 1)
        for button in self._buttons.values():
            self._row.addWidget(button)
        for action in actions:
            self._add_button(action)
        heading = QLabel("Generate")
        heading.setObjectName("heading")
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        layout.setSpacing(SPACING)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._problem)
        layout.addLayout(self._row)
        layout.addWidget(heading)
        layout.addWidget(self._generate)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._buttons["add_point"].clicked.connect(self.table.add_point)
        self._buttons["remove_points"].clicked.connect(self.table.remove_selected)
        self.table.points.told.connect(self.tell)
        self._generate.generated.connect(self._take)
        editor.changed.connect(self._follow)
        self._follow()

    @property
    def problem(self) -> str:
        """What is wrong with the last entry, empty when nothing is."""
        return self._problem.text()

    def _add_button(self, action: QAction) -> None:
        button = _flat_button()
        button.setDefaultAction(action)
        button.setAccessibleName(action.text().replace("&", "").rstrip("…"))
        self._row.addWidget(button)

    def show_status(self, status: Status) -> None:
        """Let the points be changed, or not."""
        self.setEnabled(commands.Change in allowed_commands(status))

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        self.table.take_type_size()
        self.table.points.error_colour = QColor(theme.error)
        for name, button in self._buttons.items():
            button.setIcon(line_icon(_BUTTONS[name][0], theme.text, theme.muted))

    def _make_button(self, name: str) -> QToolButton:
        button = _flat_button()
        button.setObjectName(name)
        button.setAccessibleName(_BUTTONS[name][1])
        button.setToolTip(_BUTTONS[name][2])
        return button

    @Slot(str)
    def tell(self, problem: str) -> None:
        """Say what is wrong with an entry; nothing for nothing."""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.table.setAccessibleDescription(problem)

    @Slot()
    def _follow(self) -> None:
        count = len(self._editor.data.x)
        self._count.setText("1 point" if count == 1 else f"{write_count(count)} points")
        self.tell("")

    @Slot(Data, str)
    def _take(self, data: Data, kind: str) -> None:
        self._editor.replace(data, f"generating of “{kind}”")


def _flat_button() -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setIconSize(QSize(18, 18))
    return button


MOST_SEED = 999_999_999


class GenerateBox(QWidget):
    """Choose what is generated; the same choice gives the same points on every machine.

    Signals
    -------
    generated(Data, str)
        The points, and what they are called.
    """

    generated = Signal(Data, str)

    def __init__(self) -> None:
        super().__init__()
        self._kind = QComboBox()
        self._kind.setObjectName("generator")
        self._kind.setAccessibleName("Kind of data")
        self._kind.addItems(list(GENERATORS))
        self._kind.currentIndexChanged.connect(self._explain)
        self._points = NumberField("generated_points", "Points", NumberKind(ge=2, le=MOST_POINTS, whole=True))
        self._points.line.setToolTip("Points: how many are generated.")
        self._noise = NumberField("generated_noise", "Noise", NumberKind(ge=0.0, le=MOST_NOISE))
        self._noise.line.setToolTip("Noise: the standard deviation of the normal noise added to y, 0 for none.")
        self._seed = NumberField("generated_seed", "Seed", NumberKind(ge=0, le=MOST_SEED, whole=True))
        self._seed.line.setToolTip("Seed of the random numbers: the same seed gives the same points.")
        for field, value in ((self._points, 20), (self._seed, 0)):
            field.set_value(value)
        self._button = QPushButton("Generate")
        self._button.setObjectName("generate")
        self._button.setAccessibleName("Generate data")
        self._button.setToolTip("Put generated points in place of the data. It can be undone.")
        self._button.clicked.connect(self._generate)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(SPACING - 2)
        form.addRow("Kind", self._kind)
        form.addRow("Points", self._points)
        form.addRow("Noise", self._noise)
        form.addRow("Seed", self._seed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)
        layout.addWidget(self._button)
        self._explain()

    @Slot()
    def _explain(self) -> None:
        generator = GENERATORS[self._kind.currentText()]
        self._kind.setToolTip(f"Kind of data: {generator.meaning}")
        self._noise.set_value(generator.noise)

    @Slot()
    def _generate(self) -> None:
        kind = self._kind.currentText()
        data = generate(kind, int(self._points.value), self._noise.value, int(self._seed.value))
        self.generated.emit(data, kind)
