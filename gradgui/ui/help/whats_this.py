"""What's This: what a control is for, from its tooltip, with links to the glossary and to its panel's page."""

from html import escape

from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QComboBox,
    QDialog,
    QDockWidget,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QToolButton,
    QWidget,
)

from gradgui.ui.help.book import find_page, guide_url
from gradgui.ui.help.control_texts import ACTION_SECTIONS, SECTIONS, TEXTS
from gradgui.ui.help.glossary import linked_html

INTERACTIVE = (QAbstractButton, QLineEdit, QComboBox, QAbstractSlider, QAbstractScrollArea, QTabBar)
"""Widgets that a person works with; scroll bars, and what Qt makes inside of others, do not count."""

GENERAL = "gradgui-on-one-page"
TABS = "Tabs\nPanels that share a place: once Tab has led here, the arrow keys bring another one to the front."

_MORE, _OWN = "<p>More: ", "whats_this_own"


def is_interactive(widget: QWidget) -> bool:
    """Tell whether a person works with a widget, or it is only a part of one."""
    if not isinstance(widget, INTERACTIVE) or isinstance(widget, QScrollBar):
        return False
    if isinstance(widget, QScrollArea | QHeaderView) or widget.objectName().startswith("qt_"):
        return False
    return not isinstance(widget.parentWidget(), QComboBox | QLineEdit | QTabBar | QMenu | QAbstractItemView)


def explain_all(window: QWidget) -> None:
    """Give every control of a window, its fields' captions, panels and actions, their What's This.

    The text is its own one, as it was set, or else follows its tooltip, which may have changed.

    Parameters
    ----------
    window
        A window or a dialog.
    """
    for action in window.findChildren(QAction):
        if action.text() or action.toolTip():
            parent = action.parent()
            found = section_of(parent) if isinstance(parent, QWidget) else GENERAL
            _explain(action, ACTION_SECTIONS.get(action.objectName(), found))
    for widget in [window, *window.findChildren(QWidget)]:
        if widget is window or widget.window() is not window:
            continue
        if isinstance(widget, QDockWidget) or is_interactive(widget) or widget.toolTip() or _is_caption(widget):
            _explain(widget, section_of(widget))


def explanation(widget: QWidget) -> str:
    """Give the What's This of a control, or of the first thing around it that has one."""
    around: QWidget | None = widget
    while around is not None:
        if around.whatsThis():
            return around.whatsThis()
        around = None if around.isWindow() else around.parentWidget()
    return ""


def name_of(widget: QWidget) -> str:
    """Give what a person would call a control."""
    text = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
    return text.replace("&", "").rstrip("…") or widget.toolTip().partition("\n")[0].partition(":")[0]


def section_of(widget: QWidget) -> str:
    """Give the guide's section about the panel, bar or dialog that a control is in."""
    action = widget.defaultAction() if isinstance(widget, QToolButton) else None
    if action is not None and action.objectName() in ACTION_SECTIONS:
        return ACTION_SECTIONS[action.objectName()]
    around: QWidget | None = widget
    while around is not None:
        if section := around.property("guide_section") or SECTIONS.get(around.objectName(), ""):
            return str(section)
        around = around.parentWidget()
    return GENERAL


def description(thing: QWidget | QAction) -> str:
    """Say what a thing does: its own tooltip, or that of its field or of what it is in."""
    around: object = thing
    if isinstance(thing, QLabel) and not thing.toolTip() and thing.buddy() is not None:
        around = thing.buddy()
    if isinstance(around, QWidget) and not around.toolTip() and around.focusProxy() is not None:
        around = around.focusProxy()
    while isinstance(around, QWidget) and not around.isWindow():
        if around.toolTip():
            return around.toolTip()
        if isinstance(around, QDockWidget | QDialog):
            return ""
        around = around.parentWidget()
    return thing.toolTip() if isinstance(thing, QAction) else ""


def _is_caption(widget: QWidget) -> bool:
    return isinstance(widget, QLabel) and widget.buddy() is not None


def _explain(thing: QWidget | QAction, section: str) -> None:
    action = thing.defaultAction() if isinstance(thing, QToolButton) else None
    own = (thing if action is None else action).property(_OWN)
    if thing.whatsThis() and _MORE not in thing.whatsThis():
        own = thing.whatsThis()
        thing.setProperty(_OWN, own)
    said = own or TEXTS.get(thing.objectName()) or description(thing)
    if isinstance(thing, QTabBar):
        said = TABS
    elif isinstance(thing, QDockWidget):
        said = f"{thing.windowTitle()}\nA panel: the page about it says what it shows and what can be done there."
    elif not said and isinstance(thing, QWidget):
        said = name_of(thing)
    if said:
        thing.setWhatsThis(whats_this_html(said, section))


def whats_this_html(tooltip: str, section: str) -> str:
    """Make a What's This of a tooltip.

    Parameters
    ----------
    tooltip
        Sentences; the first of several lines is a heading.
    section
        The guide's section that says more.
    """
    head, *lines = tooltip.strip().split("\n")
    texts = [f"<b>{escape(head)}</b>", linked_html("\n".join(lines))] if lines else [linked_html(head)]
    page = find_page(guide_url(section))
    more = "" if page is None else f'{_MORE}<a href="{page.url}">{escape(page.title)}</a></p>'
    return "".join(f"<p>{text}</p>" for text in texts) + more
