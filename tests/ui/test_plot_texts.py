"""What is written inside plots and at their axes: whole at any size of window, and telling at any scale."""

from pathlib import Path

import pyqtgraph as pg
import pytest
from msgspec.structs import replace
from PySide6.QtGui import QFont, QFontMetricsF
from pytestqt.qtbot import QtBot

from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Parameter
from gradgui.experiment.run_spec import RunSpec
from gradgui.ui.plots.axes import FONT_SIZE, SteadyAxis, ValueAxis, value_range
from gradgui.ui.plots.canvas import Canvas, Plot
from tests.ui.driver import Driver


def texts(driver: Driver) -> list[tuple[str, bool]]:
    """Give the texts of all plots in sight, and whether each is whole."""
    found = []
    for canvas in driver.window.findChildren(Canvas):
        room = canvas.plot.getViewBox().sceneBoundingRect().adjusted(-1, -1, 1, 1)
        for item in canvas.plot.scene().items() if canvas.isVisible() else ():
            if isinstance(item, pg.TextItem) and item.isVisible() and item.toPlainText():
                item.updateTransform(force=True)
                found.append((item.toPlainText(), room.contains(item.sceneBoundingRect())))
    return found


def are_whole(driver: Driver, wanted: str) -> bool:
    """Tell whether a text is there, and all that are there are whole."""
    shown = texts(driver)
    return any(wanted in text for text, _ in shown) and all(whole for _, whole in shown)


@pytest.mark.parametrize("size", [(1024, 600), (1280, 800), (1920, 1080)])
@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
@pytest.mark.parametrize("model", ["w*x", "w*x + b"])
def test_no_text_is_cut_by_its_plots_edge(driver: Driver, size: tuple[int, int], scale: float, model: str) -> None:
    starts = (Parameter("w", 0.0), Parameter("b", 0.0))[: 1 if model == "w*x" else 2]
    data = Data((scale, -2.0 * scale, 3.0 * scale), (-scale, 2.0 * scale, scale))
    experiment = replace(
        DEFAULT_EXPERIMENT, model=model, parameters=starts, data=data, learning_rate=0.1 / (scale**2 + 1.0)
    )
    driver.window.resize(*size)
    driver.window.documents.show(RunSpec(experiment), Path("any.gradgui"))
    driver.run_to_end(20)
    driver.qtbot.waitUntil(lambda: are_whole(driver, "gradient of epoch 21"))


def test_the_note_about_a_log_axis_is_whole(driver: Driver) -> None:
    """The line goes through all points from the start: a loss of 0, which a log axis cannot show."""
    driver.window.resize(1024, 600)
    driver.window.documents.show(
        RunSpec(replace(DEFAULT_EXPERIMENT, parameters=(Parameter("w", 2.0),))), Path("any.gradgui")
    )
    driver.run_to_end(20)
    driver.qtbot.waitUntil(lambda: are_whole(driver, "cannot be shown on a log axis"))


def test_ticks_are_told_apart_and_have_the_minus_of_what_is_looked_at() -> None:
    axis = ValueAxis("left")
    assert axis.tickStrings([-2e12, 0.0, 2e12], 1.0, 2e12) == ["−2e12", "0", "2e12"]
    assert axis.tickStrings([4.3080e12, 4.3085e12, 4.3090e12], 1.0, 5e8) == ["4.308e12", "4.3085e12", "4.309e12"]
    assert axis.tickStrings([1.5e-4, 2.5e-4], 1.0, 1e-4) == ["1.5e−4", "2.5e−4"]
    assert SteadyAxis("bottom").tickStrings([-2.0, 0.0], 1.0, 2.0) == ["−2", "0"]


@pytest.mark.parametrize("high", [1000.0, 99_000.0, 2e7, 0.002, 17.0])
@pytest.mark.parametrize("width", [70, 110, 160, 300])
def test_numbers_beside_each_other_have_a_gap(qtbot: QtBot, high: float, width: int) -> None:
    plot = Plot("any", "any")
    qtbot.addWidget(plot)
    plot.resize(width + 60, 200)
    axis = plot.getAxis("bottom")
    font = QFont(plot.font())
    font.setPointSizeF(FONT_SIZE)
    spacing, _ = axis.tickSpacing(0.0, high, float(width))[0]
    written = axis.tickStrings([spacing * one for one in range(int(high / spacing) + 1)], 1.0, spacing)
    pixels = spacing / high * width
    assert pixels > max(QFontMetricsF(font).horizontalAdvance(text) for text in written)


@pytest.mark.parametrize("value", [1e-12, -1e-12, 1.0, 1e12, 0.0])
def test_a_constant_fills_a_range_of_its_own_size(value: float) -> None:
    low, high = value_range(value, value, None)
    assert low < value < high
    assert high - low == pytest.approx(abs(value) or 1.0)
