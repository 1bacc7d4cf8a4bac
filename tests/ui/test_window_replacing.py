"""No file is replaced without a question, and the question is about the file that is written."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox

from gradgui.resources import resource_path
from gradgui.ui.window.save_dialog import with_ending
from tests.ui.driver import Driver


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Answer every question with Cancel, and keep what was asked."""
    asked: list[str] = []

    def answer(*arguments: object) -> QMessageBox.StandardButton:
        asked.append(str(arguments[2]))
        return QMessageBox.StandardButton.Cancel

    monkeypatch.setattr(QMessageBox, "question", answer)
    return asked


def type_into_dialog(texts: list[str]) -> Callable[[], None]:
    """Give what types each text into the file dialog as it comes, with Enter, and at last presses Escape."""
    left = list(texts)

    def type_next() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            QTimer.singleShot(20, type_next)
            return
        if not left:
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            return
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        assert line is not None
        line.setText(left.pop(0))  # typed, a completer would offer names, which grabs the keyboard
        QTimer.singleShot(20, type_next)
        QTest.keyClick(line, Qt.Key.Key_Return)

    return type_next


@pytest.mark.parametrize(
    ("action", "ending"),
    [
        ("save_experiment_as", ".gradgui"),
        ("export_csv", ".csv"),
        ("export_script", ".py"),
        ("export_notebook", ".ipynb"),
        ("picture_loss_plot", ".png"),
        ("picture_graph_view", ".png"),
    ],
)
def test_a_name_without_its_ending_is_asked_about(
    driver: Driver, questions: list[str], tmp_path: Path, action: str, ending: str
) -> None:
    driver.run_to_end(20)
    precious = tmp_path / f"precious{ending}"
    precious.write_text("the only copy")
    QTimer.singleShot(0, type_into_dialog([str(tmp_path / "precious")]))
    driver.action(action).trigger()
    assert len(questions) == 1
    assert str(precious) in questions[0]
    assert precious.read_text() == "the only copy"
    QTimer.singleShot(0, type_into_dialog([str(tmp_path / "other")]))
    driver.action(action).trigger()
    driver.qtbot.waitUntil((tmp_path / f"other{ending}").exists)
    assert len(questions) == 1


def test_saving_over_another_programs_change_is_asked_about(
    driver: Driver, questions: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "shared.gradgui"
    QTimer.singleShot(0, type_into_dialog([str(path)]))
    driver.action("save_experiment").trigger()
    driver.enter("probe", "6")
    driver.action("save_experiment").trigger()
    mine = path.read_text()
    assert not questions
    path.write_text(mine.replace('"probe": 6', '"probe": 7.5'))
    driver.enter("probe", "8")
    driver.action("save_experiment").trigger()
    assert len(questions) == 1
    assert "changed by another program" in questions[0]
    assert '"probe": 7.5' in path.read_text()
    path.write_text(mine)  # touched, but the same: nothing to ask
    driver.action("save_experiment").trigger()
    assert len(questions) == 1
    assert '"probe": 8' in path.read_text()
    path.unlink()
    driver.action("save_experiment").trigger()
    assert path.exists()
    assert len(questions) == 1


def test_an_example_that_is_opened_as_a_file_is_a_copy(driver: Driver, tmp_path: Path) -> None:
    example = next(iter(sorted(resource_path("lessons").glob("*.gradgui"))))
    before = example.read_bytes()
    driver.window.documents.open_path(example)
    assert driver.window.documents.path is None
    QTimer.singleShot(0, type_into_dialog([str(tmp_path / "mine")]))
    driver.action("save_experiment").trigger()
    assert driver.window.documents.path == tmp_path / "mine.gradgui"
    assert example.read_bytes() == before


@pytest.mark.parametrize(
    ("typed", "written"),
    [("log", "log.csv"), ("log.csv", "log.csv"), ("log.txt", "log.txt"), ("run-1.2", "run-1.2.csv"), ("a.", "a.csv")],
)
def test_the_ending_is_added_where_there_is_none(typed: str, written: str) -> None:
    assert with_ending(Path(typed), "CSV (*.csv)") == Path(written)
