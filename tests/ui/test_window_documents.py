"""Experiments as files in the window: open, save, recent, dropped, and what is not saved."""

import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QFileOpenEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from gradgui.engine.run import Run
from gradgui.experiment.changes import LearningRateChange
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.program.notebook import notebook_text
from gradgui.experiment.run_spec import RunSpec, read_run_spec, run_spec_text
from gradgui.record.csv_file import write_csv
from gradgui.resources import resource_path
from gradgui.ui.app.application import Application
from gradgui.ui.lessons.live_lesson import LiveLesson
from gradgui.ui.window.main_window import MainWindow
from gradgui.worker.status import State
from tests.ui.driver import Driver

LINE = Experiment(
    "w*x + b", (Parameter("w", 0.5), Parameter("b", -0.25)), Data((1.0, 2.0, 4.0), (3.0, 5.5, 9.0)), 0.05, 30
)


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Have the next file dialogs answer with a path."""

    def answer(path: Path) -> None:
        for name in ("getOpenFileName", "getSaveFileName"):
            monkeypatch.setattr(QFileDialog, name, lambda *_: (str(path), ""))

    return answer


def asks(monkeypatch: pytest.MonkeyPatch, answer: QMessageBox.StandardButton) -> list[str]:
    """Have the question about unsaved changes answered, and give what was asked."""
    questions: list[str] = []

    def question(*arguments: object) -> QMessageBox.StandardButton:
        questions.append(str(arguments[2]))
        return answer

    monkeypatch.setattr(QMessageBox, "question", question)
    return questions


def write(path: Path, recording: RunSpec) -> Path:
    path.write_text(run_spec_text(recording), encoding="utf-8")
    return path


def test_a_file_is_opened_and_trained(driver: Driver, choose: Callable[[Path], None], tmp_path: Path) -> None:
    driver.run_to_end(20)
    changes = (LearningRateChange(10, 0.02),)
    choose(write(tmp_path / "line.gradgui", RunSpec(LINE, changes)))
    driver.action("open_experiment").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment == LINE)
    assert driver.window.windowTitle().startswith("line")
    assert len(driver.window.run.log) == 0
    driver.run_to_end(30)
    expected = Run(LINE, changes).train(30)
    log = driver.window.run.log
    assert log.column("w").tolist() == expected.rows[:, 1].tolist()
    assert log.column("b_grad").tolist() == expected.rows[:, 4].tolist()
    assert log.column("lr").tolist() == [0.05] * 10 + [0.02] * 20


def test_what_was_done_is_saved_and_comes_back(
    driver: Driver, choose: Callable[[Path], None], tmp_path: Path
) -> None:
    driver.set_speed(100)
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 1)
    driver.enter("learning_rate", "0.03")
    driver.enter("epochs", "7")
    driver.qtbot.waitUntil(lambda: driver.window.run.status.learning_rate == 0.03)
    choose(tmp_path / "mine")
    driver.action("save_experiment").trigger()
    kept = read_run_spec(tmp_path / "mine.gradgui")
    assert kept.experiment == replace(DEFAULT_EXPERIMENT, epochs=7)
    assert kept.interventions == (LearningRateChange(1, 0.03),)
    assert not driver.window.isWindowModified()


def test_a_file_that_is_no_experiment_is_told_and_nothing_is_lost(
    driver: Driver, choose: Callable[[Path], None], tmp_path: Path
) -> None:
    driver.run_to_end(20)
    (tmp_path / "bad.gradgui").write_text("{", encoding="utf-8")
    choose(tmp_path / "bad.gradgui")
    driver.action("open_experiment").trigger()
    assert "bad.gradgui" in driver.text("message_label")
    assert len(driver.window.run.log) == 20


def test_a_place_that_cannot_be_written_is_told(
    driver: Driver, choose: Callable[[Path], None], tmp_path: Path
) -> None:
    choose(tmp_path / "nowhere" / "mine.gradgui")
    driver.action("save_experiment").trigger()
    assert "nowhere" in driver.text("message_label")
    assert driver.window.documents.path is None


def test_recent_files_are_offered_and_remembered(
    driver: Driver, open_window: Callable[[], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    path = write(tmp_path / "line.gradgui", RunSpec(LINE))
    driver.window.documents.open_path(path)
    driver.window.close()
    second = Driver(open_window(), qtbot)
    second.wait_for(State.READY)
    (action,) = [a for a in second.window.findChildren(QAction) if a.data() == str(path.resolve())]
    action.trigger()
    qtbot.waitUntil(lambda: second.window.run.experiment == LINE)


def test_every_example_opens_without_a_file_of_its_own(driver: Driver) -> None:
    paths = sorted(resource_path("lessons").glob("*.gradgui"))
    assert len(paths) >= 10
    for path in paths:
        driver.find(QAction, f"example_{path.stem}").trigger()
        wanted = read_run_spec(path).experiment
        driver.qtbot.waitUntil(lambda wanted=wanted: driver.window.run.experiment == wanted)  # type: ignore[misc]
        assert driver.window.documents.path is None
        assert not driver.window.documents.modified
        driver.action("step_epoch").trigger()
        driver.qtbot.waitUntil(lambda: len(driver.window.run.log) == 1, timeout=30_000)


def drag(driver: Driver, *paths: Path) -> QMimeData:
    """Drag files onto the window."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(5, 5).toPoint(), Qt.DropAction.CopyAction, mime, buttons, keys)
    QApplication.sendEvent(driver.window, enter)
    assert enter.isAccepted()
    return mime


def drop(driver: Driver, *paths: Path) -> None:
    """Drag files onto the window, and drop them."""
    mime = drag(driver, *paths)
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, buttons, keys, QEvent.Type.Drop)
    QApplication.sendEvent(driver.window, event)


def test_a_dropped_file_is_opened(driver: Driver, tmp_path: Path) -> None:
    drop(driver, write(tmp_path / "line.gradgui", RunSpec(LINE)))
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment == LINE)


def test_the_import_dialog_is_loaded_while_a_table_is_dragged(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    name = "gradgui.ui.data.import_dialog"
    monkeypatch.delitem(sys.modules, name, raising=False)
    drag(driver, tmp_path / "line.gradgui")
    assert name not in sys.modules
    drag(driver, tmp_path / "table.csv")
    assert name in sys.modules


def test_to_play_with_the_lesson_asks_nothing(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    questions = asks(monkeypatch, QMessageBox.StandardButton.Cancel)
    driver.enter("learning_rate", "0.02")
    driver.run_to_end(20)
    assert driver.window.close()
    assert questions == []


def test_an_edited_problem_is_asked_about(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, choose: Callable[[Path], None], tmp_path: Path
) -> None:
    driver.enter("model_formula", "w*x + b")
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.model == "w*x + b")
    questions = asks(monkeypatch, QMessageBox.StandardButton.Cancel)
    assert not driver.window.close()
    driver.action("new_experiment").trigger()
    assert driver.window.run.experiment.model == "w*x + b"
    assert len(questions) == 2
    choose(tmp_path / "mine.gradgui")
    asks(monkeypatch, QMessageBox.StandardButton.Save)
    driver.action("new_experiment").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment == DEFAULT_EXPERIMENT)
    assert read_run_spec(tmp_path / "mine.gradgui").experiment.model == "w*x + b"


def test_the_file_menu_has_it_all(driver: Driver) -> None:
    texts = [action.text() for menu in driver.window.findChildren(QMenu) for action in menu.actions()]
    for text in ("&New", "&Open…", "Open &recent", "E&xamples", "&Save", "Save &as…"):
        assert text in texts


def test_the_script_writes_the_very_same_log(driver: Driver, choose: Callable[[Path], None], tmp_path: Path) -> None:
    driver.set_speed(100)
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 1)
    driver.enter("learning_rate", "0.03")
    driver.qtbot.waitUntil(lambda: driver.window.run.status.learning_rate == 0.03)
    driver.run_to_end(20)
    choose(tmp_path / "lesson.py")
    driver.export("export_script")
    write_csv(driver.window.run.log.snapshot(), tmp_path / "window.csv")
    done = subprocess.run(
        [sys.executable, "-I", "lesson.py", "script.csv"], cwd=tmp_path, capture_output=True, check=False, timeout=100
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "script.csv").read_bytes() == (tmp_path / "window.csv").read_bytes()


def test_the_notebook_holds_the_run(driver: Driver, choose: Callable[[Path], None], tmp_path: Path) -> None:
    driver.run_to_end(20)
    choose(tmp_path / "lesson")  # without an ending: the filter's is taken
    driver.export("export_notebook")
    expected = notebook_text(RunSpec(driver.window.run.experiment, (), 20))
    assert (tmp_path / "lesson.ipynb").read_text("utf-8") == expected


def test_a_file_that_the_desktop_hands_over_is_opened(driver: Driver, qapp: Application) -> None:
    path = resource_path("lessons", "04-a-line-with-an-intercept.gradgui")
    qapp.file_opened.connect(driver.window.documents.open_path)
    QCoreApplication.sendEvent(qapp, QFileOpenEvent(str(path)))
    assert driver.window.documents.title == "A line with an intercept"


def test_actions_and_failed_openings_are_in_the_log(
    driver: Driver, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    driver.action("log_axis").trigger()
    driver.window.documents.open_path(str(tmp_path / "nowhere.gradgui"))
    assert "action log_axis" in caplog.messages
    assert f"{tmp_path / 'nowhere.gradgui'} could not be opened" in caplog.messages
    assert "nowhere.gradgui" in driver.text("message_label")


def test_of_several_dropped_files_the_first_is_opened_whatever_the_case_of_its_ending(
    driver: Driver, tmp_path: Path
) -> None:
    first = write(tmp_path / "FIRST.GRADGUI", RunSpec(LINE))
    drop(driver, tmp_path / "notes.md", first, write(tmp_path / "second.gradgui", RunSpec(LINE)))
    assert driver.window.documents.path == first
    assert driver.text("message_label") == "Only FIRST.GRADGUI was taken of the 3 files: drop one at a time."


def test_what_is_typed_and_not_entered_is_trained_saved_and_reset(
    driver: Driver, choose: Callable[[Path], None], tmp_path: Path
) -> None:
    """A key or a button of the toolbar does not take the focus."""
    run, rate = driver.window.run, driver.find(QLineEdit, "learning_rate")

    def type_rate(text: str) -> None:
        rate.setFocus()
        rate.selectAll()
        QTest.keyClicks(rate, text)

    type_rate("0.05")
    driver.run_to_end(20)
    assert {float(value) for value in run.log.column("lr")} == {0.05}
    type_rate("0.03")
    driver.action("reset").trigger()
    driver.run_to_end(20)
    assert {float(value) for value in run.log.column("lr")} == {0.03}
    path = tmp_path / "typed.gradgui"
    choose(path)
    driver.action("save_experiment").trigger()
    model = driver.find(QLineEdit, "model_formula")
    model.setFocus()
    model.selectAll()
    QTest.keyClicks(model, "w*x + b*x*x")
    driver.action("save_experiment").trigger()
    assert read_run_spec(path).experiment.model == "w*x + b*x*x"
    driver.qtbot.waitUntil(lambda: run.status.experiment == run.experiment)
    driver.enter("probe", "6")
    driver.action("save_experiment").trigger()
    probe = driver.find(QLineEdit, "probe")
    probe.setFocus()
    probe.selectAll()
    QTest.keyClicks(probe, "7")
    assert not driver.window.documents.modified
    driver.action("new_experiment").trigger()  # asks about what was typed; the answer is Discard
    assert read_run_spec(path).experiment.probe == 6.0


def test_nothing_of_the_one_before_is_said_of_another_experiment(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "other.gradgui"
    path.write_text(run_spec_text(RunSpec(replace(DEFAULT_EXPERIMENT, epochs=7, learning_rate=0.05))))
    driver.run_to_end(20)
    driver.qtbot.waitUntil(lambda: "stable" in driver.text("forecast_stability"))
    training = driver.window.training
    training.commanded.disconnect(training.worker.do)  # a loop that takes its time
    driver.window.documents.open_path(path)
    driver.qtbot.waitUntil(lambda: driver.text("epoch_label") == "epoch 0 of 7")
    assert driver.text("forecast_stability") == "The forecast comes with the training loop."
    assert driver.text("state_label").startswith("Loading")
    training.commanded.connect(training.worker.do)
    driver.window.documents.open_path(path)
    driver.qtbot.waitUntil(lambda: "0.1333" in driver.text("forecast_stability"))
    assert driver.text("state_label") == "Ready"


def write_lesson(path: Path, text: str = "# Mine\n\n## Read\nSome words.\n") -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_dropped_lesson_is_opened_whatever_the_case_of_its_ending(driver: Driver, tmp_path: Path) -> None:
    drop(driver, tmp_path / "notes.md", write_lesson(tmp_path / "MINE.LESSON.MD"))
    live = driver.content(LiveLesson)
    assert live.lesson is not None
    assert live.lesson.title == "Mine"
    assert driver.find(QWidget, "lesson_panel").isVisible()


def test_a_lesson_is_opened_as_an_experiment_is_and_what_is_not_saved_asked_about_once(
    driver: Driver, choose: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    driver.enter("model_formula", "w*x + b")
    driver.qtbot.waitUntil(lambda: driver.window.documents.modified)
    live = driver.content(LiveLesson)
    for answer, title in ((QMessageBox.StandardButton.Cancel, None), (QMessageBox.StandardButton.Discard, "Mine")):
        asked = asks(monkeypatch, answer)
        choose(write_lesson(tmp_path / "mine.lesson.md"))
        driver.action("open_experiment").trigger()
        assert len(asked) == 1
        assert (live.lesson.title if live.lesson else None) == title


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# Mine\n\n## Read\n@do fly 5 epochs\n", 4),
        ("# Mine\n\n## Read\nSome words.\n\n@light sun\n", 6),
        ("# Mine\n@minutes soon\n\n## Read\nSome words.\n", 2),
    ],
)
def test_a_wrong_lesson_is_told_of_with_its_line(driver: Driver, tmp_path: Path, text: str, line: int) -> None:
    driver.window.documents.open_path(write_lesson(tmp_path / "wrong.lesson.md", text))
    said = driver.text("message_label")
    assert said.startswith("wrong.lesson.md, ")
    assert f"line {line}" in said
    assert "\n" not in said
    assert driver.content(LiveLesson).lesson is None
