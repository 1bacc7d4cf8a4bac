"""Whatever is done with the window: nothing goes wrong, nothing stops it, and the lesson comes out afterwards.

RANDOM_ACTIONS and RANDOM_SEED in the environment ask for more, or for other ones.
"""

import logging
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from gradgui.app import create_main_window
from gradgui.numbers import printed
from gradgui.record.views import Forecast
from gradgui.ui.lessons.live_lesson import LiveLesson
from gradgui.worker.status import State
from tests.e2e.random_person import RandomPerson, name_of
from tests.ui.driver import Driver

ACTIONS = int(os.environ.get("RANDOM_ACTIONS", "3000"))
SEED = int(os.environ.get("RANDOM_SEED", "1"))
LOOK_EVERY = 50
OFTEN = 10
"""Looks after which what was in sight must have been touched, and what was enabled done."""
LONGEST_STOP = 1.0
"""Seconds that the event loop may stand still."""
LISTING = Path(__file__).parents[1] / "data" / "notebook_first_listing.txt"

logger = logging.getLogger(__name__)


@pytest.fixture
def person(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RandomPerson]:
    """Somebody at the window on the lesson; whatever it asks is answered at random."""
    language = QLocale()
    window = create_main_window()
    person = RandomPerson(window, qtbot, SEED, tmp_path)
    monkeypatch.setattr(QMessageBox, "question", person.answer)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", person.choose_to_open)
    monkeypatch.setattr(QPrintDialog, "exec", lambda _dialog: QPrintDialog.DialogCode.Rejected)  # no printer is here
    monkeypatch.setattr(QFileDialog, "getSaveFileName", person.choose_to_save)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda *_: False)
    monkeypatch.setitem(pg.CONFIG_OPTIONS, "mouseRateLimit", 0)  # it drops moves that come faster than a hand's
    window.show()
    qtbot.waitUntil(lambda: window.run.status.state is State.READY, timeout=60_000)
    qtbot.waitUntil(lambda: window.run.view(Forecast) is not None, timeout=60_000)  # has loaded what it needs
    yield person
    QLocale.setDefault(language)
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Discard)
    for _ in range(2):  # an export is waited for when the window is closed once
        window.close()
    window.deleteLater()


@pytest.mark.timeout(60 + ACTIONS // 10)
def test_nothing_that_is_done_does_harm(
    person: RandomPerson, faults: list[str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = person.window
    window.training.worker.failed.connect(faults.append)
    known: Counter[str] = Counter()
    in_sight: Counter[type[QWidget]] = Counter()
    person.heart.begin()
    for count in range(ACTIONS):
        try:
            person.act()
        except Exception as error:  # noqa: BLE001 - QTest hands on what a key has raised; it is told with all else
            faults.append(repr(error))
        logger.info("%d: %s", count, person.last[-1] if person.last else "")
        if count % LOOK_EVERY == 0 and count < 0.9 * ACTIONS:  # there must be time left to come across it
            known.update({name_of(action) for action in person.actions if action.isEnabled()})
            in_sight.update({type(one) for one in window.findChildren(QWidget) if can_be_reached(one)})
        if faults or person.heart.longest_stop > LONGEST_STOP:
            done = "\n".join(person.last)
            stop = person.heart.longest_stop
            pytest.fail(f"seed {SEED}, action {count}: {faults}, longest stop {stop:.2f} s, after\n{done}")
    assert {name for name, looks in known.items() if looks >= OFTEN} - set(person.triggered) == set()
    often = {kind for kind, looks in in_sight.items() if looks >= OFTEN}
    assert {kind.__name__ for kind in often - set(person.touched)} == set()
    assert_the_lesson_comes_out(Driver(window, qtbot), monkeypatch)


def can_be_reached(widget: QWidget) -> bool:
    """Tell whether a widget takes part in what a person does."""
    takes_focus = widget.focusPolicy() != Qt.FocusPolicy.NoFocus
    return takes_focus and widget.isVisible() and widget.isEnabled() and not widget.objectName().startswith("qt_")


def assert_the_lesson_comes_out(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with the lesson again and train it: every number is the notebook's."""
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Discard)
    for dialog in driver.window.findChildren(QDialog):
        dialog.close()
    window = driver.window
    lesson = window.findChild(LiveLesson)
    assert lesson is not None
    lesson.leave()  # which may wait for a prediction
    window.sweeps.training.cancel()
    driver.action("new_experiment").trigger()
    driver.qtbot.waitUntil(lambda: not window.run.is_awaited)
    driver.wait_for(State.READY, 0)
    assert window.run.gate == ""
    driver.run_to_end(20)
    log = driver.window.run.log
    lines = [
        f"epoch {epoch}: w = {printed(log.value('w', epoch))}, loss = {printed(log.value('loss', epoch))}"
        for epoch in range(1, 21)
    ]
    assert lines == LISTING.read_text(encoding="utf-8").splitlines()[1:-1]
    assert "w = 1.922" in lines[-1]
    driver.qtbot.waitUntil(lambda: driver.text("parameters_label") == "w 1.922")
