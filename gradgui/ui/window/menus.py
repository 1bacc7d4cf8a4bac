"""The menus, and the choices that exist only in them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from gradgui.experiment.run_spec import SUFFIX
from gradgui.numbers import write_count
from gradgui.resources import resource_path
from gradgui.ui.app.icons import line_icon
from gradgui.ui.app.settings import FOLLOWED
from gradgui.ui.app.theme import Appearance, Theme
from gradgui.ui.window.actions import Actions
from gradgui.ui.window.docks import Docks


class Menus(QObject):
    """File, Run, View and Help.

    Parameters
    ----------
    window
        Whose menus they are.
    actions
        The window's actions.
    docks
        Its panels, which the View menu shows and hides.

    Signals
    -------
    appearance_chosen(Appearance)
        Light, dark, or as the desktop.
    last_epochs_chosen(int)
        How many epochs the plots follow, 0 for all.
    recent_chosen(str), example_chosen(str)
        The path of the file to open.
    picture_wanted(QWidget)
        A picture of this plot, or of the graph, is to be saved.
    """

    appearance_chosen = Signal(Appearance)
    last_epochs_chosen = Signal(int)
    recent_chosen = Signal(str)
    example_chosen = Signal(str)
    picture_wanted = Signal(QWidget)

    def __init__(self, window: QMainWindow, actions: Actions, docks: Docks) -> None:
        super().__init__(window)
        self._docks = docks
        self._pictures = QMenu("Save pict&ure of", window)
        self._recent = QMenu("Open &recent", window)
        self._examples = QMenu("E&xamples", window)
        self._followed = QMenu("Epochs s&hown", window)
        self._appearances = QMenu("A&ppearance", window)
        self._pictures.menuAction().setWhatsThis("Save picture\nSaves a plot, or the graph, as PNG or SVG.")
        self._followed.menuAction().setWhatsThis(
            "Epochs shown\nHow many of the last epochs the plots follow, or all."
        )
        self._fill_pictures()
        self._fill_examples()
        self.show_recent([])
        self._appearance_group = self._fill(
            self._appearances,
            {"&As the desktop": Appearance.SYSTEM, "&Light": Appearance.LIGHT, "&Dark": Appearance.DARK},
        )
        self._appearance_group.triggered.connect(self._choose_appearance)
        self._followed_group = self._fill(
            self._followed, {"&All": 0} | {f"The last {write_count(n)}": n for n in FOLLOWED}
        )
        self._followed_group.triggered.connect(self._choose_last_epochs)
        self._fill_bar(window, actions)
        self._add_panel_buttons(actions)

    def choose_appearance(self, appearance: Appearance) -> None:
        """Check an appearance without telling."""
        _check(self._appearance_group, appearance)

    def choose_last_epochs(self, last_epochs: int | None) -> None:
        """Check a number of epochs without telling."""
        _check(self._followed_group, last_epochs or 0)

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Offer these files to be opened again."""
        self._recent.clear()
        self._recent.setEnabled(bool(paths))
        for path in paths:
            action = self._recent.addAction(path.name)
            action.setToolTip(str(path))
            action.setStatusTip("")
            action.setData(str(path))
            action.triggered.connect(self._want_recent)

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in these colours."""
        for menu, icon in (
            (self._recent, "open"),
            (self._examples, "table"),
            (self._pictures, "picture"),
            (self._followed, "follow"),
            (self._appearances, "theme"),
        ):
            menu.setIcon(line_icon(icon, theme.text, theme.muted))
        for action in self._pictures.actions():
            action.setIcon(line_icon("picture", theme.text, theme.muted))

    def _fill_bar(self, window: QMainWindow, actions: Actions) -> None:
        bar = window.menuBar()
        file = bar.addMenu("&File")
        file.addAction(actions["new_experiment"])
        file.addAction(actions["open_experiment"])
        file.addMenu(self._recent)
        file.addMenu(self._examples)
        file.addAction(actions["import_data"])
        file.addSeparator()
        file.addAction(actions["save_experiment"])
        file.addAction(actions["save_experiment_as"])
        file.addSeparator()
        file.addAction(actions["export_csv"])
        file.addAction(actions["export_data"])
        file.addAction(actions["export_script"])
        file.addAction(actions["export_notebook"])
        file.addMenu(self._pictures)
        file.addAction(actions["save_handout"])
        file.addAction(actions["print_handout"])
        file.addSeparator()
        file.addAction(actions["quit"])
        run = bar.addMenu("&Run")
        for name in (
            "run",
            "step_epoch",
            "step_phase",
            "step_back",
            "step_back_phase",
            "go_back",
            "reset",
            "begin_again",
            "kept_runs",
            "sweep",
            "find_bug",
        ):
            run.addAction(actions[name])
        run.addSeparator()
        run.addAction(actions["slower"])
        run.addAction(actions["faster"])
        edit = bar.addMenu("&Edit")
        edit.addAction(actions["undo"])
        edit.addAction(actions["redo"])
        edit.addSeparator()
        edit.addAction(actions["copy_rows"])
        view = bar.addMenu("&View")
        view.addAction(actions["log_axis"])
        view.addAction(actions["who_pulls"])
        view.addMenu(self._followed)
        view.addAction(actions["show_all"])
        view.addSeparator()
        view.addMenu(self._appearances)
        for name in ("larger", "smaller", "usual_size", "presentation"):
            view.addAction(actions[name])
        view.addSeparator()
        for dock in self._docks.by_kind.values():
            view.addAction(dock.toggleViewAction())
        view.addAction(actions["default_layout"])
        lessons = bar.addMenu("&Lessons")
        for name in ("lessons", "open_lesson", "new_lesson", "save_results", "print_results"):
            lessons.addAction(actions[name])
        about = bar.addMenu("&Help")
        for name in ("guide", "glossary", "whats_this", "keys", "copy_diagnostics", "open_log_folder", "about"):
            about.addAction(actions[name])

    def _fill_pictures(self) -> None:
        for kind in self._docks.by_kind:
            for place, (name, title) in enumerate(kind.pictures):
                action = self._pictures.addAction(f"{title}…")
                action.setObjectName(f"picture_{name}")
                action.setToolTip(f"Save a picture of {title} (PNG or SVG)")
                action.setData((kind, place))
                action.triggered.connect(self._want_picture)

    def _fill_examples(self) -> None:
        for path in sorted(resource_path("lessons").glob(f"*{SUFFIX}")):
            action = self._examples.addAction(path.stem.partition("-")[2].replace("-", " ").capitalize())
            action.setObjectName(f"example_{path.stem}")
            action.setWhatsThis("Example\nOpens this experiment; it is a file like those that you save.")
            action.setData(str(path))
            action.triggered.connect(self._want_example)

    @Slot()
    def _want_recent(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.recent_chosen.emit(action.data())

    @Slot()
    def _want_example(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.example_chosen.emit(action.data())

    def _add_panel_buttons(self, actions: Actions) -> None:
        """Put into each panel's title the buttons that it asks for, and one for its picture."""
        pictures = {action.objectName(): action for action in self._pictures.actions()}
        for kind, dock in self._docks.by_kind.items():
            for name in kind.buttons:
                dock.add_button(self._followed.menuAction() if name == "last_epochs" else actions[name])
            if kind.buttons and len(kind.pictures) > 1:
                dock.add_button(self._pictures.menuAction())
            elif len(kind.pictures) == 1:
                dock.add_button(pictures[f"picture_{kind.pictures[0][0]}"])

    def _fill(self, menu: QMenu, choices: Mapping[str, object]) -> QActionGroup:
        group = QActionGroup(self)
        for text, data in choices.items():
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setData(data)
            group.addAction(action)
        return group

    @Slot(QAction)
    def _choose_appearance(self, action: QAction) -> None:
        self.appearance_chosen.emit(action.data())

    @Slot(QAction)
    def _choose_last_epochs(self, action: QAction) -> None:
        self.last_epochs_chosen.emit(action.data())

    @Slot()
    def _want_picture(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            kind, place = action.data()
            self.picture_wanted.emit(self._docks.view(kind).pictured[place])


def _check(group: QActionGroup, data: object) -> None:
    for action in group.actions():
        action.setChecked(action.data() == data)
