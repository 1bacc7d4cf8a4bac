"""What's This: every control of the window and of its dialogs has one, with links, by key and by click."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QWhatsThisClickedEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QWhatsThis, QWidget

from gradgui.lessons.course import course
from gradgui.lessons.lesson import Lesson
from gradgui.ui.help.book import find_page
from gradgui.ui.help.help_window import HelpWindow
from gradgui.ui.help.whats_this import explain_all, explanation, is_interactive, whats_this_html
from gradgui.ui.lessons.curve_sketch import CurveSketch
from gradgui.ui.lessons.live_lesson import LiveLesson
from gradgui.ui.sweeps.sweep_window import SweepWindow
from gradgui.ui.window.view import Dock
from tests.ui.driver import Driver

LEAST = 24
"""Letters of a sentence that says more than a name."""


def _controls(window: QWidget) -> list[QWidget]:
    found = [one for one in window.findChildren(QWidget) if is_interactive(one) and one.window() is window]
    return [one for one in found if one.isVisible()]


def _links(text: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', text)


def test_every_control_in_sight_says_what_it_is_for(driver: Driver) -> None:
    driver.window.resize(1920, 1080)
    seen: set[str] = set()
    for dock in driver.window.findChildren(Dock):
        dock.show()
        dock.raise_()
        driver.qtbot.waitUntil(lambda dock=dock: dock.view is not None and dock.in_sight)  # type: ignore[misc]
        explain_all(driver.window)
        for control in _controls(driver.window):
            text = control.whatsThis()
            said = re.sub("<[^>]+>", "", text.partition("<p>More: ")[0])
            assert len(said) >= LEAST, f"{control.objectName()} {control.accessibleName()} {control}: {text}"
            assert says_more_than_its_name(control), text
            assert all(find_page(link) is not None for link in _links(text)), text
            seen.add(control.objectName())
        assert f"guide:{dock.property('guide_section')}" in _links(dock.whatsThis())
    assert {"run_button", "learning_rate", "speed", "log_table", "loss_plot", "graph_canvas"} <= seen


def says_more_than_its_name(control: QWidget) -> bool:
    text = re.sub("<[^>]+>", "", control.whatsThis().partition("<p>More: ")[0])
    name = control.accessibleName()
    return not name or text.replace(" ", "") != name.replace(" ", "")


@pytest.mark.parametrize("lesson", course(), ids=lambda lesson: lesson.path.name.partition(".")[0])
def test_every_control_of_a_lesson_and_of_a_sweep_says_what_it_is_for(driver: Driver, lesson: Lesson) -> None:
    live = driver.content(LiveLesson)
    driver.action("sweep").trigger()
    driver.window.lessons.show_lessons()
    assert live.open(lesson)
    for place, step in enumerate(lesson.steps):
        live.go_to(place)
        driver.qtbot.waitUntil(lambda: not driver.window.run.is_awaited)
        for window in (driver.window, driver.content(SweepWindow)):
            explain_all(window)
            for control in _controls(window):
                assert control.whatsThis(), control.objectName()
                assert says_more_than_its_name(control), f"{step.heading}: {control.objectName()}"
        sketches = [one for one in driver.window.findChildren(CurveSketch) if one.isVisible()]
        for sketch in sketches:
            assert "by keys" in explanation(sketch)


def test_every_action_says_what_it_does(driver: Driver) -> None:
    explain_all(driver.window)
    for action in driver.window.findChildren(QAction):
        if action.text() and action.objectName():
            assert action.whatsThis(), action.objectName()
            assert all(find_page(link) is not None for link in _links(action.whatsThis()))


@pytest.mark.parametrize("action", ["keys", "about", "go_back", "guide"])
def test_every_control_of_a_dialog_says_what_it_is_for(driver: Driver, action: str) -> None:
    driver.action(action).trigger()
    driver.qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QDialog))
    dialog = QApplication.activeWindow()
    assert isinstance(dialog, QDialog)
    explain_all(dialog)
    controls = _controls(dialog)
    assert controls
    for control in controls:
        assert control.whatsThis(), f"{control.objectName()} {control.accessibleName()} {control}"
    dialog.close()


def test_the_key_says_what_the_control_is_for_that_tab_led_to(driver: Driver) -> None:
    line = driver.find(QLineEdit, "learning_rate")
    line.setFocus(Qt.FocusReason.TabFocusReason)
    driver.qtbot.waitUntil(line.hasFocus)
    QTest.keyClick(line, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    driver.qtbot.waitUntil(lambda: driver.window.findChild(HelpWindow) is not None)
    window = driver.content(HelpWindow)
    assert not QWhatsThis.inWhatsThisMode()
    said = window.page.toPlainText()
    tip = line.toolTip().split("\n")
    assert all(" ".join(part.split()) in " ".join(said.split()) for part in tip)
    driver.qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window.page, Qt.Key.Key_Tab)
    QTest.keyClick(window.page, Qt.Key.Key_Return)
    page = find_page(window.page.source().toString())
    assert page is not None
    QTest.keyClick(window, Qt.Key.Key_Escape)
    driver.qtbot.waitUntil(lambda: not window.isVisible())


def test_from_elsewhere_the_key_waits_for_a_click(driver: Driver) -> None:
    driver.window.setFocus()
    driver.action("whats_this").trigger()
    assert QWhatsThis.inWhatsThisMode()
    QWhatsThis.leaveWhatsThisMode()
    assert not QWhatsThis.inWhatsThisMode()


def test_a_link_in_a_whats_this_opens_the_help(driver: Driver) -> None:
    line = driver.find(QLineEdit, "learning_rate")
    QApplication.sendEvent(line, QWhatsThisClickedEvent("glossary:loss"))
    window = driver.content(HelpWindow)
    assert window.page.source().toString() == "glossary:loss"


def test_a_modal_dialog_has_a_help_that_takes_keys(driver: Driver) -> None:
    driver.action("keys").trigger()
    dialog = driver.find(QDialog, "keys_dialog")
    driver.qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClick(dialog, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    driver.qtbot.waitUntil(lambda: dialog.findChild(HelpWindow) is not None or QWhatsThis.inWhatsThisMode())
    QWhatsThis.leaveWhatsThisMode()
    dialog.close()


def test_a_caption_says_what_its_field_does(driver: Driver) -> None:
    explain_all(driver.window)
    (caption,) = [one for one in driver.window.findChildren(QLabel) if one.text() == "Learning rate"]
    assert explanation(caption) == explanation(driver.find(QLineEdit, "learning_rate"))


def test_a_tooltip_becomes_a_text_with_links() -> None:
    text = whats_this_html("Step (F11)\nOne epoch & its <update>.", "the-lesson")
    assert "<b>Step (F11)</b>" in text
    assert '<a href="glossary:epoch">epoch</a> &amp; its &lt;' in text
    assert 'More: <a href="guide:the-lesson">The lesson</a>' in text
