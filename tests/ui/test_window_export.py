"""Export of the log and of pictures, and copying rows: with real files and the real clipboard."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.program.notebook import notebook_text
from gradgui.experiment.program.script import script_text
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.tables.detection import detect_table
from gradgui.tables.reader import TableReader
from gradgui.ui.graph.graph_view import GraphView
from gradgui.ui.log.log_table import LogTable
from gradgui.worker.status import State
from tests.ui.driver import Driver


def choose(monkeypatch: pytest.MonkeyPatch, path: Path | str) -> list[str]:
    """Have the person choose a path in the file dialog; gives what was suggested to them."""
    suggestions: list[str] = []

    def answer(_parent: object, _title: str, suggestion: str, filters: str, *_: object) -> tuple[str, str]:
        suggestions.append(suggestion)
        return str(path), filters.partition(";;")[0]

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    return suggestions


def test_there_is_nothing_to_export_before_the_first_epoch(driver: Driver) -> None:
    assert not driver.action("export_csv").isEnabled()


def test_the_log_as_csv(driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    driver.run_to_end(20)
    suggestions = choose(monkeypatch, tmp_path / "log.csv")
    driver.export("export_csv")
    assert Path(suggestions[0]).name == "gradgui-log-20-epochs.csv"
    with (tmp_path / "log.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header == ["epoch", "loss", "w", "w_grad", "lr"]
    log = driver.window.run.log
    for name, cells in zip(header[1:4], list(zip(*rows, strict=True))[1:4], strict=True):
        assert np.array(cells, np.float32).tobytes() == log.column(name).tobytes()
    assert pd.read_csv(tmp_path / "log.csv")["epoch"].tolist() == list(range(1, 21))
    assert driver.text("message_label") == f"Saved 20 epochs to {tmp_path / 'log.csv'}."
    choose_again = choose(monkeypatch, "")
    driver.action("export_csv").trigger()
    assert Path(choose_again[0]).parent == tmp_path, "the folder is remembered"


def test_export_while_running_has_every_epoch_up_to_then(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    driver.enter("epochs", "1000000")
    driver.set_speed(100)
    driver.action("run").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.epoch > 200)
    choose(monkeypatch, tmp_path / "log.csv")
    driver.export("export_csv")
    assert driver.window.run.status.state is State.RUNNING
    table = pd.read_csv(tmp_path / "log.csv")
    assert table["epoch"].tolist() == list(range(1, len(table) + 1))
    assert len(table) > 200


def test_a_missing_folder_is_told(driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    driver.run_to_end(20)
    choose(monkeypatch, tmp_path / "nowhere" / "log.csv")
    driver.export("export_csv")
    assert "its folder does not exist" in driver.text("message_label")
    assert driver.action("run").isEnabled()


def feed(driver: Driver, epochs: int) -> None:
    """Have the window hear of many epochs at once."""
    driver.window.run.take_epochs(EpochBatch(1, np.random.default_rng(0).random((epochs, 4))))
    driver.window.run.clock.request()


def test_cancel_leaves_the_old_file(driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    feed(driver, 300_000)
    target = tmp_path / "log.csv"
    target.write_text("mine")
    choose(monkeypatch, target)
    driver.qtbot.waitUntil(driver.action("export_csv").isEnabled)
    with driver.qtbot.waitSignal(driver.window.exporter.progressed):
        driver.action("export_csv").trigger()
    with driver.qtbot.waitSignal(driver.window.exporter.ended) as ended:
        driver.window.status_line.cancel_button.click()
    assert ended.args[0].outcome.value == "cancelled"
    assert target.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["log.csv"]


def test_closing_waits_for_the_file(driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    feed(driver, 100_000)
    choose(monkeypatch, tmp_path / "log.csv")
    driver.qtbot.waitUntil(driver.action("export_csv").isEnabled)
    with driver.qtbot.waitSignal(driver.window.exporter.progressed):
        driver.action("export_csv").trigger()
    assert not driver.window.close()
    driver.qtbot.waitUntil(lambda: not driver.window.isVisible(), timeout=30_000)
    assert len(pd.read_csv(tmp_path / "log.csv")) == 100_000


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from PySide6.QtCore import QEventLoop, QObject
from PySide6.QtWidgets import QApplication
import numpy as np
from gradgui.experiment.columns import Columns
from gradgui.record.batch import EpochBatch
from gradgui.record.training_log import TrainingLog
from functools import partial
from gradgui.record.csv_file import csv_chunks
from gradgui.worker.jobs.export import Export, Exporter
application = QApplication([])
log = TrainingLog(Columns({"w": ()}), "float32")
log.append(EpochBatch(1, np.ones((50_000, 4))))
exporter, loop, results = Exporter(application), QEventLoop(), []
exporter.ended.connect(results.append)
exporter.ended.connect(loop.quit)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
exporter.begin(Export(Path(sys.argv[1]), partial(csv_chunks, log.snapshot()), "Saved."))
loop.exec()
print(results[0].outcome.value, results[0].message)
"""


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """With a real limit on the size of files, in a process of its own."""
    target = tmp_path / "log.csv"
    target.write_text("mine")
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(target)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.startswith("failed Could not write")
    assert "unchanged" in done.stdout
    assert target.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["log.csv"]


AXES = {
    "loss_plot": ("epoch", "loss before the update"),
    "parameter_plot": ("epoch", "w"),
    "gradient_plot": ("epoch", "w.grad"),
    "fit_plot": ("x", "y"),
    "landscape_plot": ("w", "loss"),
}


@pytest.mark.parametrize("plot", AXES)
def test_a_plot_as_png_and_svg(driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, plot: str) -> None:
    driver.run_to_end(20)
    choose(monkeypatch, tmp_path / "plot")  # without an ending: the filter's first is taken
    driver.export(f"picture_{plot}")
    image = QImage(str(tmp_path / "plot.png"))
    assert image.width() > 400
    colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert len(colours) > 5, "the picture is not empty"
    choose(monkeypatch, tmp_path / "plot.svg")
    driver.export(f"picture_{plot}")
    drawing = ElementTree.parse(tmp_path / "plot.svg").getroot()  # noqa: S314 - our own file
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    texts = [(element.text or "").strip() for element in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert set(AXES[plot]) <= set(texts), "every axis of a picture has its name"


def test_the_graph_as_png_and_svg(driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    driver.action("step_epoch").trigger()
    driver.qtbot.waitUntil(lambda: driver.find(GraphView, "graph_view").shows_graph)
    choose(monkeypatch, tmp_path / "graph")
    driver.export("picture_graph_view")
    assert QImage(str(tmp_path / "graph.png")).width() > 100
    choose(monkeypatch, tmp_path / "graph.svg")
    driver.export("picture_graph_view")
    drawing = (tmp_path / "graph.svg").read_text(encoding="utf-8")
    assert all(operation in drawing for operation in ("Mul", "Sub", "Pow", "Mean"))


def test_a_picture_that_cannot_be_written_is_told(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    choose(monkeypatch, tmp_path / "nowhere" / "plot.png")
    driver.export("picture_fit_plot")
    assert "its folder does not exist" in driver.text("message_label")


def test_selected_rows_go_to_the_clipboard(driver: Driver) -> None:
    driver.run_to_end(20)
    table = driver.find(LogTable, "log_table")
    model = table.model()
    driver.qtbot.waitUntil(lambda: model.rowCount() == 20)
    selection = QItemSelection(model.index(2, 0), model.index(4, 4))
    table.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "epoch\tloss\tw\tw_grad\tlr"
    assert [line.split("\t") for line in lines[1:]] == driver.rows[2:5]


def test_at_first_the_keys_go_to_the_window(driver: Driver) -> None:
    assert driver.window.focusWidget() is driver.window


def test_the_data_as_csv_come_back_to_the_last_bit(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    data = Data([0.1, 2e-300, -3.5], [1 / 3, -0.0, 1e300], "hours, all", 'score "raw"')
    driver.window.data_editor.change(data, "other points")
    driver.qtbot.waitUntil(lambda: driver.window.run.status.data == data)
    choose(monkeypatch, tmp_path / "data.csv")
    driver.export("export_data")
    with (tmp_path / "data.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header == ["hours, all", 'score "raw"']
    assert [tuple(map(float, row)) for row in rows] == list(zip(data.x.tolist(), data.y.tolist(), strict=True))
    assert repr(float(rows[1][1])) == "-0.0"


def test_script_and_notebook_name_the_axes() -> None:
    spec = RunSpec(replace(DEFAULT_EXPERIMENT, data=Data([1.0], [2.0], "hours", "price ($)")))
    assert "\n# x is hours, y is price ($)\nx = torch.tensor([1.0]" in script_text(spec)
    cells = json.loads(notebook_text(spec))["cells"]
    assert "right.set(xlabel='hours', ylabel='price (\\\\$)')\n" in cells[-1]["source"]
    assert not any("# x is" in line for line in script_text(RunSpec()).splitlines())


def test_csv_with_a_decimal_comma(driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """For spreadsheets of half of Europe: chosen among the kinds of files in the dialog."""
    paths = {"export_csv": tmp_path / "log.csv", "export_data": tmp_path / "data.csv"}
    data = Data([0.1, 2e-30, -3.5], [1 / 3, 7.0, 1e3], "hours; all", "score")
    driver.window.data_editor.change(data, "other points")
    driver.qtbot.waitUntil(lambda: driver.window.run.status.data == data)
    driver.run_to_end(20)
    for action, path in paths.items():
        monkeypatch.setattr(
            QFileDialog, "getSaveFileName", lambda *asked, path=path: (str(path), asked[3].split(";;")[1])
        )
        driver.export(action)
    log = pd.read_csv(paths["export_csv"], sep=";", decimal=",")
    assert list(log.columns) == list(driver.window.run.log.column_names)
    for name in ("loss", "w", "w_grad"):
        assert log[name].to_numpy(np.float32).tobytes() == driver.window.run.log.column(name).tobytes()
    table = pd.read_csv(paths["export_data"], sep=";", decimal=",")
    assert list(table.columns) == list(data.names)
    assert table.to_numpy().T.tolist() == [data.x.tolist(), data.y.tolist()]
    read = detect_table(paths["export_data"])
    assert not read.ambiguous
    reader = TableReader(read.best, *read.best.suggested)
    assert list(reader.steps())
    assert reader.finish().data == data
