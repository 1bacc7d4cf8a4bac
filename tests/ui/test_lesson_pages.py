"""Every page of the course in a window of 1280 x 800: nothing is cut, and what is lit is what is meant."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from gradgui.lessons.course import course
from gradgui.lessons.lesson import Lesson
from gradgui.ui.lessons.live_lesson import LiveLesson
from gradgui.ui.lessons.spotlight import MARGIN, Spotlight
from gradgui.ui.window.main_window import MainWindow
from gradgui.worker.status import State
from tests.ui.driver import Driver

COURSE = course()
LOWEST = 250
"""Pixels that a plot below another one has at least."""


def options_of(driver: Driver) -> list[QRadioButton]:
    return [one for one in driver.window.findChildren(QRadioButton) if one.objectName() and one.isVisible()]


def is_whole(option: QRadioButton) -> bool:
    label = option.findChild(QLabel)
    assert label is not None
    return label.height() >= label.heightForWidth(label.width())


def surrounds_target(spotlight: Spotlight, window: MainWindow) -> bool:
    target = spotlight.target
    assert target is not None
    if not target.isVisible():
        return not spotlight.isVisible()
    part = target.visibleRegion().boundingRect()  # what is lit is scrolled to
    place = QRect(target.mapTo(window, part.topLeft()), part.size()).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
    return not part.isEmpty() and spotlight.isVisible() and spotlight.geometry() == place.intersected(window.rect())


@pytest.mark.parametrize("lesson", COURSE, ids=[lesson.path.name.partition(".")[0] for lesson in COURSE])
def test_a_page_shows_all_that_is_on_it(lesson: Lesson, driver: Driver, qtbot: QtBot) -> None:
    window, live = driver.window, driver.content(LiveLesson)
    window.resize(1280, 800)
    window.lessons.open_path(lesson.path)
    for place in range(len(lesson.steps)):
        live.go_to(place)
        qtbot.waitUntil(lambda: not window.run.is_awaited and window.run.status.state is not State.LOADING)
        qtbot.waitUntil(lambda: all(is_whole(option) for option in options_of(driver)))
        spotlight = window.lessons.stage.spotlight
        if spotlight.target is not None:
            qtbot.waitUntil(lambda spotlight=spotlight: surrounds_target(spotlight, window))  # type: ignore[misc]
        seen = [name for name in ("fit_panel", "landscape_panel") if driver.find(QWidget, name).isVisible()]
        qtbot.waitUntil(lambda seen=seen: all(driver.find(QWidget, name).height() > LOWEST for name in seen))  # type: ignore[misc]


def test_the_words_of_an_answer_can_be_clicked(driver: Driver, qtbot: QtBot) -> None:
    driver.window.lessons.open_path(COURSE[0].path)
    qtbot.waitUntil(lambda: len(options_of(driver)) == 3)
    answer = driver.find(QRadioButton, "option_1")
    QTest.mouseClick(answer, Qt.MouseButton.LeftButton, pos=answer.rect().center())
    assert answer.isChecked()
