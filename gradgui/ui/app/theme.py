"""Colours, light and dark, and the style sheet made of them."""

from enum import Enum
from string import Template

from msgspec import Struct
from msgspec.structs import asdict
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from gradgui.resources import resource_path
from gradgui.ui.app.type_scale import apply_type_size, scaled_style

HALF_LIGHT = 128
SPACING = 8
"""Pixels of the spacing grid; other distances are halves and multiples of it."""


class Appearance(Enum):
    """What the person chose: to follow the desktop, or one of the two."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(Struct, frozen=True):
    """One set of colours, as ``#rrggbb``.

    The series are those of Okabe and Ito (2008), "Color Universal Design", which colour-blind people can tell
    apart; on the light ground darker, as names are written in them, and indigo in place of sky blue. Text has a
    contrast of at least 4.5 : 1, and lines that carry meaning of 3 : 1 (WCAG 2.2, 1.4.3 and 1.4.11).

    Attributes
    ----------
    dark
        Whether the ground is dark.
    window, surface, field
        Ground of the window, of panels and plots, and of fields.
    text, muted
        Text, and secondary text.
    outline, border
        Lines that carry meaning, such as the edge of a field, and lines that only part things.
    accent, accent_text
        What is active, and text on it.
    error, warning
        What is wrong, and what deserves a look.
    loss, data, fit
        Colours of the loss curve, the data points and the fitted curve.
    parameters
        Colours of the parameters in model order, used again from the first when there are more: then dashed.
    """

    dark: bool
    window: str
    surface: str
    field: str
    text: str
    muted: str
    outline: str
    border: str
    accent: str
    accent_text: str
    error: str
    warning: str
    loss: str
    data: str
    fit: str
    parameters: tuple[str, ...]

    def parameter(self, index: int) -> str:
        """Give the colour of the parameter at a place in model order."""
        return self.parameters[index % len(self.parameters)]

    def is_dashed(self, index: int) -> bool:
        """Whether the lines of the parameter at a place in model order are dashed."""
        return index // len(self.parameters) % 2 == 1


LIGHT = Theme(
    dark=False,
    window="#eef1f5",
    surface="#ffffff",
    field="#ffffff",
    text="#1a2330",
    muted="#586475",
    outline="#76808d",
    border="#d3dae3",
    accent="#0072b2",
    accent_text="#ffffff",
    error="#b3261e",
    warning="#8a5a00",
    loss="#b35000",
    data="#1a2330",
    fit="#007a59",
    parameters=("#0072b2", "#8a6000", "#a8487a", "#007a59", "#5b4bb5", "#b35000"),
)

DARK = Theme(
    dark=True,
    window="#12161c",
    surface="#1a2029",
    field="#232b36",
    text="#e7ecf3",
    muted="#9aa7b8",
    outline="#7d8a9b",
    border="#303a47",
    accent="#56b4e9",
    accent_text="#0b1118",
    error="#ff8a80",
    warning="#f0c05a",
    loss="#ff7f2a",
    data="#e7ecf3",
    fit="#2fc79a",
    parameters=("#56b4e9", "#e69f00", "#e39ac4", "#2fc79a", "#4d9de0", "#ff7f2a"),
)


def theme_for(appearance: Appearance) -> Theme:
    """Give the colours for a choice, asking the desktop where the person left it to that."""
    if appearance is Appearance.SYSTEM:
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return DARK if dark else LIGHT
    return DARK if appearance is Appearance.DARK else LIGHT


def theme_of(palette: QPalette) -> Theme:
    """Tell which theme a palette is of, or is like."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < HALF_LIGHT else LIGHT


def apply_theme(application: QApplication, theme: Theme, size: int) -> None:
    """Give the whole application these colours, and type of this size in per cent."""
    apply_type_size(application, size)
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: theme.window,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.surface,
        QPalette.ColorRole.AlternateBase: theme.window,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.Button: theme.surface,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.ToolTipBase: theme.surface,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.accent_text,
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.Mid: theme.border,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        faded = QColor(theme.muted)
        faded.setAlpha(140)
        palette.setColor(QPalette.ColorGroup.Disabled, role, faded)
    application.setPalette(palette)
    colours = {name: value for name, value in asdict(theme).items() if isinstance(value, str)}
    pictures = {name: resource_path("icons", f"{name}.svg").as_posix() for name in ("check", "down")}
    application.setStyleSheet(scaled_style(Template(_STYLE).substitute(colours, **pictures)))


_STYLE = """
QMainWindow, QMainWindow::separator { background: $window; }
QMainWindow::separator { width: 6px; height: 6px; }
QMainWindow::separator:hover { background: $border; }
QToolBar { background: $window; border: none; padding: 4px 8px; spacing: 4px; }
QToolBar QToolButton { padding: 5px 9px; border-radius: 6px; color: $text; }
QToolButton:hover { background: $border; }
QToolButton:pressed, QToolButton:checked { background: $border; }
QToolButton:focus { border: 1px solid $accent; }
QToolButton#run_button { background: $accent; color: $accent_text; font-weight: 600; }
QToolButton#run_button:disabled { background: $border; color: $muted; }
QMenuBar { background: $window; padding: 2px 4px; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $border; }
QMenu { background: $surface; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 24px; border-radius: 4px; }
QMenu::item:selected { background: $accent; color: $accent_text; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QToolTip { background: $surface; color: $text; border: 1px solid $border; padding: 4px; }
QDockWidget > QWidget#panel { background: $surface; border: 1px solid $border; border-top: none;
    border-bottom-left-radius: 8px; border-bottom-right-radius: 8px; }
QWidget#panel_title { background: $surface; border: 1px solid $border; border-bottom: none;
    border-top-left-radius: 8px; border-top-right-radius: 8px; }
QWidget#panel_title QToolButton { padding: 3px; border-radius: 4px; border: 1px solid transparent; }
QWidget#panel_title QToolButton:hover { background: $border; }
QWidget#panel_title QToolButton:focus { border: 1px solid $accent; }
QLabel#panel_name { font-weight: 600; }
QLabel#heading { font-weight: 600; color: $muted; }
QLabel#hint { color: $muted; }
QLabel#lesson_title { color: $muted; }
QLabel#lesson_heading { font-weight: 600; font-size: 12pt; }
QLabel#lesson_state { font-weight: 600; }
QLabel#lesson_state[done="true"] { color: $fit; }
QLabel#lesson_hints { color: $muted; }
QLabel#lesson_explanation { background: $window; border-left: 3px solid $fit; padding: 6px; }
QLabel#prediction_question { font-weight: 600; }
QFrame#prediction_box { background: $window; border: 1px solid $accent; border-radius: 6px; }
QTextBrowser#lesson_text { background: $surface; border: 1px solid transparent; }
QTextBrowser#lesson_text:focus { border: 1px solid $accent; }
QListWidget { background: $surface; border: 1px solid $border; border-radius: 6px; }
QListWidget:focus { border: 1px solid $accent; }
QListWidget::item { padding: 3px; }
QListWidget::item:selected { background: $accent; color: $accent_text; }
QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $muted; border-radius: 8px;
    background: $field; }
QRadioButton::indicator:checked { background: $accent; border: 4px solid $field; width: 8px; height: 8px; }
QRadioButton:focus { border: 1px solid $accent; border-radius: 4px; }
QLabel#problem { color: $error; }
QLabel#import_question { font-weight: 600; }
QFrame#reading { border: 1px solid $border; border-radius: 6px; }
QWidget#panel_title QToolButton#runs_menu { padding: 3px 16px 3px 6px; }
QToolButton#model_examples { background: $field; border: 1px solid $outline; border-radius: 5px; padding: 5px; }
QToolButton#model_examples:focus { border: 1px solid $accent; }
QToolButton#model_examples::menu-indicator { image: none; }
QLabel#warning { color: $warning; }
QLabel#problem_note { background: $surface; color: $error; border: 1px solid $error; border-radius: 4px;
    padding: 3px 5px; }
QLineEdit { background: $field; border: 1px solid $outline; border-radius: 5px; padding: 4px 6px;
    selection-background-color: $accent; selection-color: $accent_text; }
QComboBox { background: $field; border: 1px solid $outline; border-radius: 5px; padding: 4px 6px; color: $text; }
QComboBox:focus { border: 1px solid $accent; }
QComboBox:disabled { color: $muted; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url("$down"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $surface; color: $text; border: 1px solid $border;
    selection-background-color: $accent; selection-color: $accent_text; }
QLineEdit:focus { border: 1px solid $accent; }
QLineEdit:read-only { background: $window; }
QLineEdit[invalid="true"] { border: 2px solid $error; padding: 3px 5px; }
QTableView { background: $surface; alternate-background-color: $window; border: 1px solid $surface;
    gridline-color: $border;
    selection-background-color: $accent; selection-color: $accent_text; }
QHeaderView::section { background: $surface; color: $muted; border: none; border-bottom: 1px solid $border;
    padding: 4px 8px; font-weight: 600; }
QHeaderView { background: $surface; }
QHeaderView::section:vertical { border: none; font-weight: 400; padding: 0 6px; }
QTableCornerButton::section { background: $surface; border: none; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollArea { border: 1px solid transparent; }
QScrollArea:focus { border: 1px solid $accent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $outline; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: none; border: none; width: 0; height: 0; }
QGraphicsView { border: 1px solid transparent; }
QGraphicsView:focus { border: 1px solid $accent; }
QTableView:focus { border: 1px solid $accent; }
QTabBar::tab:focus { border: 1px solid $accent; }
QSlider::groove:horizontal { height: 4px; background: $outline; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { background: $accent; width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; }
QSlider::handle:horizontal:focus { border: 2px solid $text; width: 12px; height: 12px; margin: -6px 0;
    border-radius: 8px; }
QFrame#code_block { border-left: 3px solid transparent; border-radius: 3px; }
QFrame#code_block[look="lit"] { border-left: 3px solid $accent; background: $window; }
QFrame#code_block[look="next"] { border-left: 3px solid $border; background: $window; }
QFrame#code_block[look="failed"] { border-left: 3px solid $error; background: $window; }
QLabel#numbers { color: $muted; }
QFrame#code_block[look="lit"] QLabel#numbers { color: $text; }
QLabel#trace_label { color: $muted; }
QFrame#trouble { background: $window; border: 1px solid $warning; border-radius: 6px; }
QFrame#trouble[failed="true"] { border: 1px solid $error; }
QLabel#trouble_title { font-weight: 600; color: $warning; }
QFrame#trouble[failed="true"] QLabel#trouble_title { color: $error; }
QLabel#trouble_error { font-family: monospace; }
QLabel#forecast_stability { color: $text; }
QTabBar::tab { background: transparent; color: $muted; padding: 5px 8px; border: none;
    border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:hover { color: $text; }
QWidget#zoom_buttons { background: $surface; }
QTabBar { qproperty-drawBase: 0; }
QCheckBox { spacing: 6px; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid $muted; border-radius: 3px; background: $field; }
QCheckBox::indicator:checked { background: $accent; border: 1px solid $accent; image: url("$check"); }
QCheckBox::indicator:focus { border: 1px solid $accent; }
QCheckBox::indicator:disabled { border: 1px solid $border; }
QStatusBar { background: $window; border-top: 1px solid $border; }
QStatusBar::item { border: none; }
QLabel#state_label { font-weight: 600; }
QProgressBar { background: $border; border: none; border-radius: 4px; max-height: 8px; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QPushButton { background: $field; border: 1px solid $outline; border-radius: 5px; padding: 4px 12px; }
QPushButton:hover { border-color: $accent; }
QPushButton:focus { border: 2px solid $accent; padding: 3px 11px; }
QLabel#legend { color: $text; font-size: 8pt; }
"""
