"""When frames come: gathered, at a bounded rate, and giving way to training."""

from itertools import pairwise
from time import perf_counter

import pytest
from PySide6.QtCore import QObject, QTimer, Slot
from pytestqt.qtbot import QtBot

from gradgui.ui.window.frame_clock import LONGEST_REST, PERIOD, READING_PERIOD, REST_PER_WORK, FrameClock


class Window(QObject):
    """Draw for a while at every frame, and note what the clock says."""

    def __init__(self, work: float) -> None:
        super().__init__()
        self.clock = FrameClock(self)
        self.clock.frame.connect(self.draw)
        self.clock.painted.connect(self.note_painted)
        self.clock.rested.connect(self.note_rested)
        self.notes: list[tuple[str, float]] = []
        self._work = work

    @Slot()
    def draw(self) -> None:
        self.notes.append(("frame", perf_counter()))
        until = perf_counter() + self._work
        while perf_counter() < until:
            pass
        # As painting does, which Qt puts off until the slots are done.
        QTimer.singleShot(0, self.paint)

    @Slot()
    def paint(self) -> None:
        self.notes.append(("paint", perf_counter()))

    @Slot()
    def note_figures(self) -> None:
        self.notes.append(("figures", perf_counter()))

    @Slot()
    def note_painted(self) -> None:
        self.notes.append(("painted", perf_counter()))

    @Slot()
    def note_rested(self) -> None:
        self.notes.append(("rested", perf_counter()))

    @property
    def words(self) -> list[str]:
        return [word for word, _ in self.notes]


def test_frames_that_are_asked_for_all_the_time_do_not_put_a_rest_off(qtbot: QtBot) -> None:
    window = Window(0.02)  # for which it rests longer than until the frame that follows
    window.clock.yields_to_training = True
    window.clock.painted.connect(window.clock.request)
    window.clock.request()
    qtbot.waitUntil(lambda: window.words.count("rested") >= 2)
    assert window.words.count("frame") > 4


def test_any_number_of_requests_makes_one_frame(qtbot: QtBot) -> None:
    window = Window(0.0)
    for _ in range(100):
        window.clock.request()
    qtbot.waitUntil(lambda: "painted" in window.words)
    assert window.words == ["frame", "paint", "painted"]
    assert window.clock.frames == 1


def test_frames_keep_their_distance(qtbot: QtBot) -> None:
    window = Window(0.0)
    window.clock.painted.connect(window.clock.request)
    window.clock.request()
    qtbot.waitUntil(lambda: window.clock.frames >= 4)
    times = [time for word, time in window.notes if word == "frame"]
    # The timer counts in whole milliseconds.
    assert all(later - sooner > PERIOD - 0.002 for sooner, later in pairwise(times))


def test_while_training_runs_the_window_rests_in_proportion_to_its_work(qtbot: QtBot) -> None:
    window = Window(0.01)
    window.clock.yields_to_training = True
    window.clock.request()
    qtbot.waitUntil(lambda: "rested" in window.words)
    times = dict(window.notes)
    worked = times["painted"] - times["frame"]
    wanted = min(REST_PER_WORK * worked, LONGEST_REST)
    assert times["rested"] - times["painted"] > wanted - 0.002
    assert "rested" not in window.words[:3]


def test_a_frame_that_took_long_is_still_followed_by_another(qtbot: QtBot) -> None:
    window = Window(0.2)
    window.clock.yields_to_training = True
    window.clock.request()
    qtbot.waitUntil(lambda: "rested" in window.words)
    times = dict(window.notes)
    assert times["rested"] - times["painted"] < REST_PER_WORK * 0.2


def test_what_comes_unasked_does_not_wait_for_the_rest(qtbot: QtBot) -> None:
    window = Window(0.03)
    window.clock.yields_to_training = True
    window.clock.request()
    qtbot.waitUntil(lambda: "painted" in window.words)
    window.clock.request()
    qtbot.waitUntil(lambda: window.words.count("frame") == 2)
    first, second = (time for word, time in window.notes if word == "frame")
    assert second - first < REST_PER_WORK * 0.03


@pytest.mark.parametrize(("yields_to_training", "batched"), [(True, False), (False, True), (False, False)])
def test_figures_come_before_every_frame_that_can_be_read(
    qtbot: QtBot, yields_to_training: bool, batched: bool
) -> None:
    window = Window(0.0)
    window.clock.yields_to_training, window.clock.batched = yields_to_training, batched
    window.clock.figures.connect(window.note_figures)
    window.clock.painted.connect(window.clock.request)
    window.clock.request()
    qtbot.waitUntil(lambda: window.clock.frames >= 5)
    drawn = [word for word in window.words if word in ("figures", "frame")]
    assert drawn[:10] == ["figures", "frame"] * 5


def test_figures_that_nobody_can_read_come_seldom(qtbot: QtBot) -> None:
    window = Window(0.0)
    window.clock.yields_to_training = window.clock.batched = True
    window.clock.figures.connect(window.note_figures)
    window.clock.painted.connect(window.clock.request)
    window.clock.request()
    qtbot.waitUntil(lambda: window.words.count("figures") == 3)
    times = [time for word, time in window.notes if word == "figures"]
    assert all(later - sooner >= READING_PERIOD for sooner, later in pairwise(times))
    assert window.clock.frames > 2 * 3
