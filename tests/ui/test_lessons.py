"""Every lesson of the course by keys, from its first step to its last: wrong first, then a hint, then right."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPushButton,
    QRadioButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gradgui.experiment.training_loop import CORRECT_LOOP
from gradgui.lessons import setting_checks as settings
from gradgui.lessons import training_checks as training
from gradgui.lessons.check import Check
from gradgui.lessons.controls import ACTIONS, FIELDS, PANELS, PHASE_LINES, SWITCHES
from gradgui.lessons.course import course
from gradgui.lessons.lesson import Step
from gradgui.lessons.lesson_file import parse_lesson
from gradgui.lessons.prediction import (
    Choice,
    DrawLoss,
    GradientByHand,
    KnownNumber,
    PlaceBall,
    Prediction,
)
from gradgui.lessons.progress import LessonProgress, StepResult
from gradgui.record.views import Landscape
from gradgui.resources import resource_path
from gradgui.ui.data.data_table import DataTable
from gradgui.ui.lessons.curve_sketch import CurveSketch
from gradgui.ui.lessons.live_lesson import GIVEN_UP, PREDICT_FIRST, LiveLesson
from gradgui.ui.lessons.result_sheet import HEAD, result_sheet
from gradgui.ui.lessons.spotlight import Spotlight
from gradgui.ui.plots.landscape_panel import LandscapePanel
from gradgui.ui.widgets.paper import MARGIN, SIZES
from gradgui.ui.window.main_window import MainWindow
from gradgui.ui.window.view import Dock
from gradgui.worker.status import State
from tests.ui.driver import Driver
from tests.ui.test_bug_hunt import LINES, SAYINGS, guess
from tests.ui.test_bug_hunt import step as run_two_epochs

COURSE = course()

RATES = {"Two parameters are slower": "0.1", "Try it": "0.0667", "Within 15 epochs": "0.05", "Faster": "0.2"}
"""What a learner types in the steps that leave the rate open."""

SWITCHES_OF_LOOP = ("zero_grad", "no_grad", "in_place", "backward_once")
MEANT = {
    name: "y_pred = w * x" if "y_pred =" in line else "loss = ((y - y_pred)**2).mean()" if "loss =" in line else line
    for name, line in LINES.items()
}
"""The line of the notebook's loop in which each bug is."""

LEFT_OUT = {"backward": "backward_once", "update": "no_grad", "zero_grad": "in_place"}


def plain(text: str) -> str:
    """Give what is read of Markdown, or of what a label has as rich text."""
    document = QTextDocument()
    document.setHtml(text) if "<html>" in text else document.setMarkdown(text)
    return document.toPlainText()


class Learner(Driver):
    """Goes through a lesson with keys alone."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        super().__init__(window, qtbot)
        self.live = self.content(LiveLesson)

    @property
    def step(self) -> Step:
        assert self.live.step is not None
        return self.live.step

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.window.setFocus()
        QTest.keyClick(self.window, key, modifier)

    def push(self, name: str) -> None:
        """Press a button of the lesson by keys."""
        button = self.find(QPushButton, name)
        assert button.isEnabled(), name
        assert button.isVisible(), name
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Space)

    def choose(self, name: str, text: str) -> None:
        """Choose in a box by keys."""
        box = self.find(QComboBox, name)
        self.qtbot.waitUntil(box.isEnabled)
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Home)
        while box.currentText() != text:
            before = box.currentIndex()
            QTest.keyClick(box, Qt.Key.Key_Down)
            assert box.currentIndex() != before, f"{text} is not in {name}"
        box.activated.emit(box.currentIndex())
        QTest.keyClick(box, Qt.Key.Key_Return)

    def step_epochs(self, epochs: int) -> None:
        for _ in range(epochs):
            before = self.window.run.epoch
            self.qtbot.waitUntil(self.action("step_epoch").isEnabled)
            self.press(Qt.Key.Key_F10)
            self.qtbot.waitUntil(lambda before=before: self.window.run.epoch > before)  # type: ignore[misc]

    def step_phases(self, phases: int) -> None:
        for _ in range(phases):
            before = self.window.run.status
            self.qtbot.waitUntil(self.action("step_phase").isEnabled)
            self.press(Qt.Key.Key_F11)
            self.qtbot.waitUntil(lambda before=before: self.window.run.status is not before)  # type: ignore[misc]

    def run(self) -> None:
        """Run to an end, whatever it is."""
        self.set_speed(100)
        self.qtbot.waitUntil(self.action("run").isEnabled)
        before = self.window.run.status
        self.press(Qt.Key.Key_F5)
        self.qtbot.waitUntil(
            lambda: self.window.run.status is not before and self.window.run.status.state is not State.RUNNING,
            timeout=30_000,
        )

    def until(self, is_so: Callable[[], object], deed: Callable[[], None], most: int = 12) -> None:
        """Do something until it has the effect."""
        for _ in range(most):
            if is_so():
                return
            deed()
        assert is_so()

    def done(self, count: int) -> bool:
        return self.live.checks.done >= count or bool(self.live.result.done)

    def set_rate(self, rate: str) -> None:
        if str(self.window.run.status.learning_rate) != rate:
            self.enter("learning_rate", rate)
            self.qtbot.waitUntil(lambda: self.window.run.status.learning_rate == float(rate))

    def do(self, check: Check) -> None:  # noqa: PLR0912 - one case for each check
        """Do what a check asks for."""
        match check:
            case training.TrainEpochs(epochs=epochs) | training.StepEpochs(epochs=epochs):
                self.step_epochs(epochs)
            case training.StepPhases(phases=phases):
                self.step_phases(phases)
            case training.StepThrough(phase=phase):
                self.until(lambda: self.window.run.status.next_phase is phase.following, lambda: self.step_phases(1))
            case training.GoBack():
                self.press(Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
            case training.FinishRun():
                self.run()
            case training.Diverge():
                self.set_rate("10")
                self.run()
            case training.GrowLoss(epochs=epochs) | training.ChangeSides(epochs=epochs):
                self.step_epochs(epochs + 1)
            case training.StandStill():
                self.until(lambda: self.live.result.done, self.run)
            case training.SeeFailure(phase=phase):
                if self.window.run.status.loop == type(self.window.run.status.loop)():
                    self.break_loop(LEFT_OUT[phase.value])
                self.run()
            case training.ReachLoss() | training.BringParameter():
                if self.step.heading in RATES:
                    self.set_rate(RATES[self.step.heading])
                self.until(lambda: self.live.result.done, self.run)
            case settings.BreakLoop(switch=switch):
                self.break_loop(switch)
            case settings.MendLoop():
                self.push("mend")
            case settings.RateBetween(low=low, high=high):
                self.set_rate(repr((low + high) / 2))
            case settings.RateAbove():
                self.set_rate("0.2")
            case settings.UseModel(formula=formula):
                self.enter("model_formula", formula)
            case settings.UseLoss(name=name):
                self.choose("loss_name", name)
            case settings.UseOptimizer(name=name):
                self.choose("optimizer", name)
            case settings.UseMomentum(low=low, high=high):
                self.enter("momentum", "0.95" if low > 0.8 else repr((low + high) / 2))
            case settings.UseDtype(dtype=dtype):
                self.choose("dtype", dtype)
            case settings.ChangeData():
                self.type_cell(0, 1, "7")
            case settings.CountPoints(points=points):
                for row in range(len(self.window.data_editor.data.x), points):
                    self.type_cell(row, 0, str(row + 1))
                    self.type_cell(row, 1, str(row + 2))
            case _:
                raise AssertionError(f"nobody knows how to do {check}")

    def hunt_bug(self) -> None:
        """Step two epochs, name a wrong bug, then the right one."""
        assert self.window.bug_hunt.active
        run_two_epochs(self)
        loop = self.window.run.status.loop
        broken = [name for name in SWITCHES_OF_LOOP if not getattr(loop, name)]
        name = broken[0] if loop.fault is None else loop.fault.value
        other = "sum" if name != "sum" else "detached"
        assert guess(self, MEANT[other], SAYINGS[other]).startswith("No: ")
        assert not self.live.result.done
        assert not guess(self, MEANT[name], SAYINGS[name]).startswith("No: ")

    def break_loop(self, switch: str) -> None:
        box = self.find(QWidget, f"break_{switch}")
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Space)

    def type_cell(self, row: int, column: int, value: str) -> None:
        """Type a number into the table of the points."""
        table = self.find(DataTable, "data_table")
        self.find(Dock, "data_panel").raise_()
        self.qtbot.waitUntil(lambda: not table.visibleRegion().isEmpty())
        table.setFocus()
        table.setCurrentIndex(table.model().index(row, column))
        QTest.keyClick(table, Qt.Key.Key_F2)
        editor = QApplication.focusWidget()
        assert editor is not None
        QTest.keyClick(editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(editor, value)
        QTest.keyClick(editor, Qt.Key.Key_Return)
        self.qtbot.waitUntil(lambda: table.model().index(row, column).data() == value)

    def predict(self, prediction: Prediction | Choice) -> None:
        """Predict: first not at all, then something that cannot be, then something wrong."""
        epochs = len(self.window.run.log)
        self.press(Qt.Key.Key_F10)
        assert self.find(QWidget, "message_label").property("text") == PREDICT_FIRST
        assert not self.find(QPushButton, "lesson_next").isEnabled()
        assert len(self.window.run.log) == epochs
        match prediction:
            case Choice():
                self.push("take_prediction")  # without an answer chosen
                assert not self.live.result.predicted
                option = self.find(QRadioButton, "option_0")
                option.setFocus()
                QTest.keyClick(option, Qt.Key.Key_Space)
                self.push("take_prediction")
            case PlaceBall():
                plot = self.find(QWidget, "contour_plot" if len(self.window.run.parameters) > 1 else "landscape_plot")
                self.qtbot.waitUntil(plot.isVisible)
                plot.setFocus()
                panel = self.content(LandscapePanel)
                self.qtbot.waitUntil(lambda: panel.shown.guess.values != ())
                self.push("take_prediction")  # of a ball that was not moved
                assert not self.live.result.predicted
                assert "Move the ball first" in self.find(QLabel, "problem").text()
                plot.setFocus()
                QTest.keyClick(plot, Qt.Key.Key_Right)
                self.push("take_prediction")
            case DrawLoss():
                sketch = self.find(CurveSketch, "curve_sketch")
                sketch.setFocus()
                for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Up):
                    QTest.keyClick(sketch, key)
                self.push("take_prediction")
            case _:
                self.enter("prediction_number", "many")
                assert not self.live.result.predicted
                self.enter("prediction_number", "12345")
        assert self.live.result.predicted

    def answer(self, prediction: Prediction | Choice) -> None:
        """Give the right answer where one is asked for; train where the program has to show it."""
        match prediction:
            case KnownNumber(value=value):
                assert not self.live.result.done
                self.enter("prediction_number", repr(value))
            case GradientByHand(parameter=parameter, epoch=epoch):
                self.step_epochs(epoch)
                self.qtbot.waitUntil(lambda: self.live.result.is_right is False)
                self.enter("prediction_number", repr(self.window.run.log.value(f"{parameter}_grad", epoch)))
            case Choice():
                pass
            case _:
                self.until(lambda: self.live.result.truth, self.run)


@pytest.fixture
def learner(window: MainWindow, qtbot: QtBot) -> Learner:
    window.lessons.show_lessons()
    return Learner(window, qtbot)


@pytest.mark.parametrize("lesson", COURSE, ids=[lesson.path.name.partition(".")[0] for lesson in COURSE])
def test_a_lesson_from_beginning_to_end(learner: Learner, lesson: object) -> None:
    place = COURSE.index(lesson)
    chosen = learner.find(QWidget, "lesson_list")
    chosen.setFocus()
    QTest.keyClick(chosen, Qt.Key.Key_Home)
    for _ in range(place):
        QTest.keyClick(chosen, Qt.Key.Key_Down)
    QTest.keyClick(chosen, Qt.Key.Key_Return)
    live = learner.live
    assert live.lesson == COURSE[place]
    steps = COURSE[place].steps
    for number, step in enumerate(steps):
        assert live.place == number
        learner.qtbot.waitUntil(lambda: not learner.window.run.is_awaited)
        learner.qtbot.waitUntil(lambda: learner.window.run.status.state is not State.LOADING)
        if step.prediction is not None:
            learner.predict(step.prediction)
        if step.asks and not live.result.done:
            assert not learner.find(QPushButton, "lesson_next").isEnabled()
            if step.hints:
                learner.push("lesson_hint")
                assert plain(step.hints[0]) in plain(learner.text("lesson_hints"))
        if step.hunts_bug:
            learner.hunt_bug()
        for count, check in enumerate(step.checks, 1):
            learner.do(check)
            learner.qtbot.waitUntil(lambda count=count: learner.done(count), timeout=10_000)  # type: ignore[misc]
        if step.prediction is not None:
            learner.answer(step.prediction)
        learner.qtbot.waitUntil(lambda: live.is_done, timeout=10_000)
        assert live.progress.result(step.heading).skipped is False
        learner.push("lesson_next")
    assert live.lesson is None
    assert live.known_progress()[COURSE[place].identity].finished


def test_a_lesson_is_taken_up_where_it_was_left(open_window: Callable[[], MainWindow], qtbot: QtBot) -> None:
    lesson = COURSE[0]
    first = open_window()
    qtbot.waitUntil(lambda: first.run.status.state is State.READY, timeout=30_000)
    learner = Learner(first, qtbot)
    first.lessons.show_lessons()
    first.lessons.begin_first()
    qtbot.waitUntil(lambda: not first.run.is_awaited)
    learner.live.go_to(2)
    qtbot.waitUntil(lambda: not first.run.is_awaited)
    learner.predict(lesson.steps[2].prediction)  # type: ignore[arg-type]
    learner.live.skip()
    assert learner.live.place == 3
    first.close()
    second = open_window()
    qtbot.waitUntil(lambda: second.run.status.state is State.READY, timeout=30_000)
    second.lessons.begin_first()
    again = Learner(second, qtbot).live
    assert again.place == 3
    assert again.progress.result(lesson.steps[2].heading).predicted
    assert again.progress.result(lesson.steps[2].heading).skipped


def test_a_step_is_skipped_when_its_hints_are_seen_and_the_last_one_ends_the_lesson(learner: Learner) -> None:
    lesson = COURSE[0]
    assert learner.live.open(lesson)
    asking = [place for place, step in enumerate(lesson.steps) if step.hints and step.checks]
    for place in {asking[0], len(lesson.steps) - 1}:
        step = lesson.steps[place]
        assert step.asks
        learner.live.go_to(place)
        learner.qtbot.waitUntil(lambda: not learner.window.run.is_awaited)
        hint, skip = (learner.find(QPushButton, name) for name in ("lesson_hint", "lesson_next"))
        assert not skip.isEnabled()
        for _ in step.hints:
            assert hint.text().startswith("Hint")
            learner.push("lesson_hint")
        if step.prediction is not None:
            assert not skip.isEnabled()
            learner.push("no_prediction")
        assert (hint.text(), hint.isEnabled()) == ("No hint left", False)
        assert skip.text() == "Skip"
        learner.push("lesson_next")
        assert learner.live.known_progress()[lesson.identity].results[step.heading].skipped
    assert learner.live.lesson is None
    assert learner.live.known_progress()[lesson.identity].finished


def test_a_window_is_as_it_was_after_a_lesson(learner: Learner) -> None:
    window = learner.window
    shown = {name: dock.isVisible() for name, dock in window._docks.by_name.items()}
    window.lessons.begin_first()
    assert {name: dock.isVisible() for name, dock in window._docks.by_name.items()} != shown
    learner.push("lesson_leave")
    assert {name: dock.isVisible() for name, dock in window._docks.by_name.items()} == shown
    learner.step_epochs(1)


def test_what_else_is_opened_ends_a_lesson_and_can_be_trained(
    learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Discard)
    window = learner.window
    for lesson in (COURSE[5], COURSE[12]):  # one that locks and asks for a prediction; one that hides a bug
        assert learner.live.open(lesson)
        place = next(place for place, step in enumerate(lesson.steps) if step.hunts_bug or step.prediction)
        learner.live.go_to(place)
        learner.qtbot.waitUntil(lambda: not window.run.is_awaited)
        if lesson is COURSE[5]:
            learner.action("new_experiment").trigger()
        else:
            window.documents.open_example(resource_path("lessons") / "05-a-noisy-line.gradgui")
        assert learner.live.lesson is None
        assert lesson.title in learner.text("message_label")
        learner.step_epochs(1)
        assert window.run.epoch == 1
        assert window.run.status.loop == CORRECT_LOOP


def test_what_a_step_locks_keeps_its_value(learner: Learner) -> None:
    lesson = next(one for one in COURSE if "momentum" in one.path.name)
    assert learner.live.open(lesson)
    place = next(place for place, step in enumerate(lesson.steps) if "learning rate" in step.locked)
    learner.live.go_to(place)
    learner.qtbot.waitUntil(lambda: not learner.window.run.is_awaited)
    rate = learner.window.run.experiment.learning_rate
    learner.enter("learning_rate", "0.5")
    assert learner.find(QLineEdit, "learning_rate").text() == repr(rate)
    assert learner.window.run.experiment.learning_rate == rate
    assert "learning rate" in learner.text("message_label")


def test_the_landscape_is_still_there_after_a_refusal(learner: Learner) -> None:
    run = learner.window.run
    learner.qtbot.waitUntil(lambda: run.view(Landscape) is not None)
    run.locked = frozenset({"learning_rate"})
    learner.enter("learning_rate", "0.5")
    assert "learning rate" in learner.text("message_label")
    plot = learner.content(LandscapePanel).cut
    learner.qtbot.waitUntil(lambda: plot._landscape is not None)
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Right)
    learner.qtbot.waitUntil(lambda: run.experiment.parameters[0].start > 0.0)


def test_what_a_step_says_after_its_bug_was_given_up_stays(learner: Learner) -> None:
    lesson = COURSE[12]
    assert learner.live.open(lesson)
    learner.live.go_to(next(place for place, step in enumerate(lesson.steps) if step.hunts_bug))
    learner.qtbot.waitUntil(lambda: not learner.window.run.is_awaited)
    learner.push("hunt_give_up")
    learner.qtbot.waitUntil(lambda: not learner.window.run.is_awaited)
    learner.step_epochs(2)
    assert GIVEN_UP in plain(learner.text("lesson_state"))
    learner.push("lesson_again")
    learner.qtbot.waitUntil(lambda: not learner.window.run.is_awaited)
    assert GIVEN_UP not in plain(learner.text("lesson_state"))


def test_the_keys_go_to_the_window_when_a_bug_was_named(learner: Learner) -> None:
    lesson = COURSE[12]
    assert learner.live.open(lesson)
    learner.live.go_to(next(place for place, step in enumerate(lesson.steps) if step.hunts_bug))
    learner.qtbot.waitUntil(lambda: not learner.window.run.is_awaited)
    learner.hunt_bug()
    learner.qtbot.waitUntil(lambda: learner.live.is_done)
    assert QApplication.focusWidget() is learner.window


def test_a_hint_is_brought_into_sight(learner: Learner) -> None:
    learner.window.resize(1024, 560)
    assert learner.live.open(COURSE[9])
    step = learner.live.step
    assert step is not None
    for _ in step.hints:
        learner.push("lesson_hint")
        label = learner.find(QLabel, "lesson_hints")
        bottom = QPoint(4, label.height() - 4)
        learner.qtbot.waitUntil(lambda: label.visibleRegion().contains(bottom))  # noqa: B023 - waited for at once


def test_what_a_step_points_at_is_wholly_in_sight(learner: Learner) -> None:
    learner.window.resize(1280, 700)
    assert learner.live.open(COURSE[10])
    learner.live.go_to(2)
    lit = learner.find(Spotlight, "spotlight").target
    assert lit is learner.find(QComboBox, "dtype")
    learner.qtbot.waitUntil(lambda: lit.visibleRegion().boundingRect() == lit.rect())


def test_after_a_lesson_the_next_one_is_offered(learner: Learner) -> None:
    live, chosen = learner.live, learner.find(QListWidget, "lesson_list")
    assert live.open(COURSE[4])
    learner.push("lesson_leave")
    assert chosen.currentRow() == 4
    assert live.open(COURSE[4])
    live.go_to(len(COURSE[4].steps) - 1)
    live.skip()
    assert live.lesson is None
    assert chosen.currentRow() == 5
    assert learner.text("message_label") == f"“{COURSE[4].title}” is finished."


def test_space_runs_the_loop_from_a_field_that_is_entered_and_from_the_lesson(learner: Learner) -> None:
    run = learner.window.run
    line = learner.find(QLineEdit, "learning_rate")
    learner.enter("learning_rate", "0.02")
    QTest.keyClick(line, Qt.Key.Key_Space)
    learner.wait_for(State.FINISHED, 20)
    assert line.text() == "0.02"
    QTest.keyClicks(line, "3 ")  # while a number is typed, it is a letter like any other
    assert run.status.state is State.FINISHED
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert learner.live.open(COURSE[0])
    learner.live.go_to(len(COURSE[0].steps) - 1)
    learner.qtbot.waitUntil(lambda: not run.is_awaited)
    learner.predict(COURSE[0].steps[-1].prediction)  # type: ignore[arg-type]
    QTest.keyClick(learner.find(QWidget, "lesson_text"), Qt.Key.Key_Space)
    learner.wait_for(State.FINISHED, 20)


def test_every_name_that_a_teacher_can_write_is_something_in_the_window(learner: Learner, tmp_path: Path) -> None:
    can_be_hidden = [*ACTIONS, *FIELDS, *SWITCHES]
    names = [*PANELS, *can_be_hidden, *PHASE_LINES]
    panels = "@panels experiment, data, inside this epoch, " + ", ".join(PANELS)
    lit = "".join(f"## Light {name}\n@light {name}\n{panels}\n" for name in names)
    away = "".join(f"## Hide {name}\n@hide {name}\n{panels}\n" for name in can_be_hidden)
    lesson = parse_lesson(f"# Names\n{lit}{away}", tmp_path / "names.lesson.md")
    assert learner.live.open(lesson)
    spotlight = learner.find(Spotlight, "spotlight")
    widgets = {}
    for place, name in enumerate(names):
        learner.live.go_to(place)
        widgets[name] = spotlight.target
        assert spotlight.target is not None, name
    assert len(set(map(id, widgets.values()))) == len(names)
    for place, name in enumerate(can_be_hidden, len(names)):
        learner.live.go_to(place)
        control = widgets[name]
        assert control is not None
        assert control.isHidden(), name
    learner.live.leave()
    assert not any(widgets[name].isHidden() for name in can_be_hidden)  # type: ignore[union-attr]


def test_the_light_goes_on_with_what_is_done(learner: Learner) -> None:
    lesson = COURSE[0]
    assert learner.live.open(lesson)
    learner.live.go_to(
        next(place for place, step in enumerate(lesson.steps) if step.lights == ("step epoch", "step back"))
    )
    learner.qtbot.waitUntil(lambda: not learner.window.run.is_awaited)
    spotlight = learner.find(Spotlight, "spotlight")
    first = spotlight.target
    learner.push("no_prediction")
    learner.step_epochs(2)
    assert spotlight.target is first
    learner.step_epochs(1)
    learner.qtbot.waitUntil(lambda: spotlight.target is not first)
    learner.press(Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    learner.qtbot.waitUntil(lambda: learner.live.is_done)


def test_an_answer_that_was_worked_out_has_no_gap(learner: Learner) -> None:
    lesson = COURSE[5]
    assert learner.live.open(lesson)
    learner.live.go_to(
        next(place for place, step in enumerate(lesson.steps) if isinstance(step.prediction, KnownNumber))
    )
    learner.qtbot.waitUntil(lambda: not learner.window.run.is_awaited)
    assert plain(learner.text("lesson_state")) == "○ Work it out, and type it."
    learner.enter("prediction_number", "2/15")
    assert learner.live.is_done
    assert plain(learner.text("prediction_outcome")).split() == ["You:", "0.133333", "It", "is:", "0.1333"]


def test_heads_and_numbers_of_the_result_sheet_are_whole(learner: Learner) -> None:
    lesson, kept = COURSE[0], LessonProgress()
    whole = StepResult(truth="0.300", gap="−1.613e−03", tries=12, hints=2, done="2026-11-29T16:03+00:00")
    for step in lesson.steps:
        kept = kept.with_result(step.heading, whole)
    document = QTextDocument()
    font = learner.window.font()
    font.setPointSizeF(SIZES[0])
    document.setDefaultFont(font)
    document.setHtml(result_sheet(lesson, kept))
    document.setTextWidth((210.0 - 2 * MARGIN) / 25.4 * learner.window.logicalDpiX())  # of A4
    assert document.size().isValid()  # is laid out
    lines = {}
    block = document.begin()
    while block.isValid():
        lines[block.text()] = block.layout().lineCount()
        block = block.next()
    assert {lines[text] for text in (*filter(None, HEAD), whole.gap, whole.truth, "12", "2")} == {1}
