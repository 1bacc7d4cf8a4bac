"""A person who does with the window, at random, whatever can be done with it."""

import shutil
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from random import Random

from PySide6.QtCore import QLocale, QPoint, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QDockWidget,
    QLineEdit,
    QListView,
    QMenu,
    QMessageBox,
    QSlider,
    QTabBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gradgui.resources import resource_path
from gradgui.ui.graph.zoom_view import ZoomView
from gradgui.ui.plots.canvas import Plot
from gradgui.ui.window.main_window import MainWindow
from tests.e2e.hands import NO_BUTTON, NO_KEY, drag, drop_file, turn_wheel
from tests.e2e.heart import Heart
from tests.e2e.random_entries import CLIPBOARDS, KEYS, draw_entry, write_tables

SIZES = tuple(QSize(*size) for size in ((1024, 600), (1280, 800), (1366, 700), (1920, 1080)))
LANGUAGES = (QLocale.Language.English, QLocale.Language.German, QLocale.Language.Arabic, QLocale.Language.Hindi)
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


class RandomPerson:
    """Does one thing after another, and remembers the last ones.

    Parameters
    ----------
    window, qtbot
        What is driven, and by what.
    seed
        Decides what is done.
    folder
        Where files are opened and saved.

    Attributes
    ----------
    triggered, touched
        How often each action was triggered, and things were done with a widget of each class.
    last
        The last things done.
    heart
        Measures the event loop.
    """

    def __init__(self, window: MainWindow, qtbot: QtBot, seed: int, folder: Path) -> None:
        self.window, self._qtbot, self._random, self._folder = window, qtbot, Random(seed), folder
        self.triggered: Counter[str] = Counter()
        self.touched: Counter[type[QWidget]] = Counter()
        self.last: deque[str] = deque(maxlen=15)
        self.heart = Heart()
        for path in resource_path("lessons").glob("*.gradgui"):
            shutil.copy(path, folder)
        write_tables(folder)
        self._deeds: dict[Callable[[], None], int] = {
            self._trigger: 30,
            self._enter: 20,
            self._press_keys: 10,
            self._use_button: 8,
            self._use_mouse: 14,
            self._choose: 8,
            self._slide: 4,
            self._use_table: 8,
            self._move_panel: 4,
            self._use_tab: 2,
            self._change_surroundings: 2,
            self._drop_file: 1,
        }

    def answer(self, *asked: object) -> QMessageBox.StandardButton:
        """Stand in for a question: any of the buttons that are offered."""
        offered = asked[3]
        assert isinstance(offered, QMessageBox.StandardButton)
        return self._random.choice([one for one in QMessageBox.StandardButton if one & offered and one in offered])

    def choose_to_open(self, *_asked: object) -> tuple[str, str]:
        """Stand in for the dialog that asks for a file to open: any, none, or one that does not exist."""
        files = sorted(path for path in self._folder.iterdir() if path.is_file())
        return self._random.choice([*map(str, files), "", str(self._folder / "missing.gradgui")]), ""

    def choose_to_save(self, *asked: object) -> tuple[str, str]:
        """Stand in for the dialog that asks where to save."""
        names = ("a", "b.csv", "c.gradgui", "d.txt", "missing/e")
        return self._random.choice(["", *(str(self._folder / name) for name in names)]), str(asked[3])

    def act(self) -> None:
        """Do one thing."""
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        dialog = self._dialog
        if dialog is not None and self._random.random() < 0.2:
            self._remember(f"reject {dialog.objectName()}")
            dialog.reject()
        else:
            deeds = (
                list(self._deeds)
                if dialog is None
                else [self._enter, self._choose, self._use_button, self._use_table]
            )
            weights = [self._deeds[deed] for deed in deeds]
            self._random.choices(deeds, weights)[0]()
        for _ in range(self._random.choice([1, 1, 1, 2, 5])):
            with self._qtbot.waitSignal(self.heart.timer.timeout, timeout=60_000):
                pass

    @property
    def actions(self) -> list[QAction]:
        """All that can be triggered, but for the end; what is in no menu, as pyqtgraph's own, nobody comes across."""
        found = self.window.findChildren(QAction)
        found = [one for one in found if one.associatedObjects() and one.menu() is None and not one.isSeparator()]
        return [one for one in found if one.objectName() != "quit"]

    @property
    def _dialog(self) -> QDialog | None:
        dialog = QApplication.activeModalWidget()
        return dialog if isinstance(dialog, QDialog) else None

    def _remember(self, deed: str, widget: QWidget | None = None) -> None:
        where = f" in {type(widget).__name__} {widget.objectName()}" if widget is not None else ""
        self.last.append(f"{deed[:80]}{where}")
        if widget is not None:
            self.touched[type(widget)] += 1

    def _one_of(self, *kinds: type[QWidget], for_keys: bool = False) -> QWidget | None:
        """Give any such widget in sight, rather one of a class that was seldom touched; or one that keys reach."""
        root = self._dialog or self.window
        found = [one for one in root.findChildren(QWidget) if isinstance(one, kinds) and one.isVisible()]
        found = [one for one in found if one.isEnabled() and not one.objectName().startswith("qt_")]
        if for_keys:
            found = [one for one in found if one.focusPolicy() != Qt.FocusPolicy.NoFocus]
        if not found:
            return None
        if self._random.random() < 0.3:
            return min(found, key=lambda one: self.touched[type(one)])
        return self._random.choice(found)

    def _trigger(self) -> None:
        actions = [action for action in self.actions if action.isEnabled()]
        if self._random.random() < 0.4:
            action = min(actions, key=lambda one: self.triggered[name_of(one)])
        else:
            action = self._random.choice(actions)
        self._remember(f"trigger {name_of(action)}")
        self.triggered[name_of(action)] += 1
        action.trigger()

    def _enter(self) -> None:
        line = self._one_of(QLineEdit)
        if not isinstance(line, QLineEdit):
            return
        text = draw_entry(self._random, line.objectName())
        self._remember(f"enter {text!r}", line)
        line.setFocus()
        QTest.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        if len(text) > 20 or not (text.isascii() and text.isprintable()):  # which QTest cannot type
            QGuiApplication.clipboard().setText(text)
            QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        else:
            QTest.keyClick(line, Qt.Key.Key_Delete)
            QTest.keyClicks(line, text)
        end = self._random.choices([Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape, None], [8, 2, 1, 1])[0]
        if end is not None:
            QTest.keyClick(line, end)

    def _press_keys(self) -> None:
        widget = self._one_of(QWidget, for_keys=True) if self._random.random() < 0.5 else QApplication.focusWidget()
        widget = widget or self.window
        key, modifiers = self._random.choice(KEYS)
        self._remember(f"press {modifiers.name} {key.name}", widget)
        widget.setFocus()
        QTest.keyClick(widget, key, modifiers)

    def _use_button(self) -> None:
        button = self._one_of(QAbstractButton)
        if not isinstance(button, QAbstractButton):
            return
        action = button.defaultAction() if isinstance(button, QToolButton) else None
        self._remember(f"click {button.text()}", button)
        if action is not None:
            self.triggered[name_of(action)] += 1
        QTest.mouseClick(button, LEFT)

    def _choose(self) -> None:
        combo = self._one_of(QComboBox)
        if not isinstance(combo, QComboBox):
            return
        key = self._random.choice([Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Home, Qt.Key.Key_End])
        combo.setFocus()
        QTest.keyClick(combo, key)
        self._remember(f"choose {combo.currentText()}", combo)

    def _slide(self) -> None:
        slider = self._one_of(QSlider)
        if not isinstance(slider, QSlider):
            return
        held = self._random.random() < 0.5
        values = [self._random.randint(slider.minimum(), slider.maximum()) for _ in range(3)]
        self._remember(f"slide to {values}", slider)
        slider.setSliderDown(held)
        for value in values:
            slider.setValue(value)
        slider.setSliderDown(False)

    def _use_mouse(self) -> None:
        kinds = self._random.choice([(Plot, ZoomView), (Plot, ZoomView), (QWidget,)])
        widget = self._one_of(*kinds)
        if widget is None or isinstance(widget, QMenu):
            return
        target = widget.viewport() if isinstance(widget, Plot | ZoomView | QAbstractItemView) else widget
        ends = [self._place_in(target) for _ in range(4)]
        deed = self._random.choice(["wheel", "drag", "hover", "double-click", "click", "right-click", "right-drag"])
        self._remember(f"{deed} from {ends[0].toTuple()} to {ends[-1].toTuple()}", widget)
        if deed == "wheel":
            turn_wheel(target, ends[0], self._random.choice([-1200, -120, 120, 1200]))
        elif deed == "double-click":
            QTest.mouseDClick(target, LEFT, NO_KEY, ends[0])
        elif deed.endswith("click"):
            QTest.mouseClick(target, RIGHT if deed == "right-click" else LEFT, NO_KEY, ends[0])
        else:
            button = {"drag": LEFT, "right-drag": RIGHT, "hover": NO_BUTTON}[deed]
            drag(target, ends, button)

    def _place_in(self, widget: QWidget) -> QPoint:
        return QPoint(self._random.randrange(max(1, widget.width())), self._random.randrange(max(1, widget.height())))

    def _use_table(self) -> None:
        table = self._one_of(QAbstractItemView)
        model = table.model() if isinstance(table, QAbstractItemView) else None
        if not isinstance(table, QAbstractItemView) or model is None:  # it has nothing to show yet
            return
        columns = 1 if isinstance(table, QListView) else model.columnCount()  # a list has one, and does not say so
        row, column = self._random.randrange(model.rowCount() + 1), self._random.randrange(columns + 1)
        deed = self._random.choice(["select", "type", "type", "copy", "paste", "remove", "jump"])
        self._remember(f"{deed} at {row}, {column}", table)
        table.setFocus()
        table.setCurrentIndex(model.index(row, column))
        if deed == "select":
            table.selectAll()
        elif deed == "type":
            QTest.keyClicks(table, draw_entry(self._random, "").encode("ascii", "replace").decode()[:8])
            editor = QApplication.focusWidget()
            if editor is not None and self._random.random() < 0.8:
                QTest.keyClick(editor, self._random.choice([Qt.Key.Key_Return, Qt.Key.Key_Tab]))
        elif deed == "remove":
            QTest.keyClick(table, Qt.Key.Key_Delete)
        elif deed == "jump":
            QTest.keyClick(table, self._random.choice([Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp]))
        else:
            if deed == "paste" and self._random.random() < 0.7:
                QGuiApplication.clipboard().setText(self._random.choice(CLIPBOARDS))
            key = Qt.Key.Key_C if deed == "copy" else Qt.Key.Key_V
            QTest.keyClick(table, key, Qt.KeyboardModifier.ControlModifier)

    def _move_panel(self) -> None:
        dock = self._random.choice(self.window.findChildren(QDockWidget))
        deed = self._random.choice(["show", "show", "show", "hide", "float", "dock", "dock", "raise"])
        self._remember(deed, dock)
        if deed in {"show", "hide"}:
            dock.setVisible(deed == "show")
        elif deed == "raise":
            dock.raise_()
        else:
            dock.setFloating(deed == "float")

    def _use_tab(self) -> None:
        bar = self._one_of(QTabBar)
        if isinstance(bar, QTabBar):
            self._remember("next tab", bar)
            bar.setCurrentIndex((bar.currentIndex() + 1) % max(1, bar.count()))

    def _change_surroundings(self) -> None:
        size, language = self._random.choice(SIZES), self._random.choice(LANGUAGES)
        self._remember(f"resize to {size.toTuple()} and speak {language.name}", self.window)
        self.window.resize(size)
        QLocale.setDefault(QLocale(language))

    def _drop_file(self) -> None:
        path, _ = self.choose_to_open()
        self._remember(f"drop {path}", self.window)
        drop_file(self.window, path)


def name_of(action: QAction) -> str:
    """Give what an action is called for good: a button that runs and pauses changes its text."""
    return action.objectName() or action.text()
