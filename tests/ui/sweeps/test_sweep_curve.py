"""The curve of a sweep of one thing: what it shows of every run, and the run that a hand finds on it."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gradgui.experiment.sweep.varied import SEED, Varied
from gradgui.record.sweep_outcomes import SweepOutcomes
from gradgui.ui.app.theme import LIGHT
from gradgui.ui.sweeps.quantity import Quantity
from gradgui.ui.sweeps.sweep_curve import Mark, SweepCurve
from gradgui.ui.sweeps.varied_places import VariedPlaces
from tests.ui.sweeps.sweep_samples import colour_at, pixel, screen, trained

RATES = Varied("learning_rate", 1e-3, 1.0, 13, "log")
NOTHING = Qt.KeyboardModifier.NoModifier


@pytest.fixture(scope="module")
def outcomes() -> SweepOutcomes:
    """13 rates, of which those above 2/15 rise or diverge."""
    return trained(RATES, epochs=40, wanted=1e-3)


@pytest.fixture
def plot(qtbot: QtBot, outcomes: SweepOutcomes) -> SweepCurve:
    """The curve, on the screen."""
    plot = SweepCurve()
    qtbot.addWidget(plot)
    plot.set_theme(LIGHT)
    plot.resize(700, 450)
    plot.show()
    plot.show_outcomes(outcomes)
    plot.plot.centralLayout.activate()
    plot.grab()
    return plot


def middle(plot: SweepCurve) -> float:
    """Give half the height."""
    _, (bottom, top) = plot.plot.getViewBox().viewRange()
    return float(bottom + top) / 2


def test_dots_are_losses_crosses_diverged_and_circles_rose(plot: SweepCurve, outcomes: SweepOutcomes) -> None:
    loss, first = outcomes.loss.astype(float), outcomes.curves.losses[0]
    diverged = outcomes.diverged_epoch > 0
    good = ~diverged & (loss <= first)
    x, y = plot.line.points
    np.testing.assert_allclose(x, np.log10(RATES.values))
    shown = good & (loss > 0)
    np.testing.assert_allclose(y[shown], np.log10(loss[shown]))
    assert np.isnan(y[diverged]).all()
    assert diverged.any()
    assert len(plot.crosses.getData()[0]) == diverged.sum()
    _, (bottom, top) = plot.plot.getViewBox().viewRange()
    assert (plot.crosses.getData()[1] > top - 0.05 * (top - bottom)).all()
    red = colour_at(plot, float(x[diverged][0]), float(plot.crosses.getData()[1][0]))
    assert red.red() > 150 > red.blue() + 50
    rose = ~good & ~diverged
    assert rose.any()
    np.testing.assert_allclose(plot.circles.getData()[0], x[rose])
    assert (plot.circles.getData()[1] < top).all()
    assert f"✕ {diverged.sum()} left the finite numbers" in plot.legend.texts
    assert any(f"○ {rose.sum()} ended higher" in text for text in plot.legend.texts)
    plot.set_quantity(Quantity.EPOCHS)
    reached = good & (outcomes.reached_epoch > 0)
    np.testing.assert_allclose(plot.line.points[1][reached], outcomes.reached_epoch[reached])
    assert len(plot.circles.getData()[0]) == 0  # what rose never had the wanted loss
    assert any(text.startswith(f"{rose.sum()} ended higher") for text in plot.legend.texts)


def test_hover_click_and_keys_find_runs(plot: SweepCurve, qtbot: QtBot) -> None:
    for run in (0, 7, 12):
        place = pixel(plot, math.log10(RATES.values[run]), middle(plot))
        QTest.mouseMove(plot.plot.viewport(), place)
        assert plot.run == run
        with qtbot.waitSignal(plot.chosen) as chosen:
            QTest.mouseClick(plot.plot.viewport(), Qt.MouseButton.LeftButton, NOTHING, place)
        assert chosen.args == [run]
    assert "left the finite numbers in epoch" in plot.reading
    QTest.keyClick(plot.plot, Qt.Key.Key_Left)
    QTest.keyClick(plot.plot, Qt.Key.Key_Left)
    with qtbot.waitSignal(plot.chosen) as chosen:
        QTest.keyClick(plot.plot, Qt.Key.Key_Enter)
    assert chosen.args == [10]


def test_a_part_is_marked_across_the_whole_height(plot: SweepCurve, qtbot: QtBot) -> None:
    begin, end = (pixel(plot, -3.0 + 0.25 * cell, middle(plot)) for cell in (8.6, 2.4))
    with qtbot.waitSignal(plot.range_chosen) as ranged:
        QTest.mousePress(plot.plot.viewport(), Qt.MouseButton.LeftButton, NOTHING, begin)
        QTest.mouseMove(plot.plot.viewport(), end)
        QTest.mouseRelease(plot.plot.viewport(), Qt.MouseButton.LeftButton, NOTHING, end)
    assert ranged.args[0] == (Varied("learning_rate", RATES.values[2], RATES.values[9], 13, "log"),)


def test_marks_stand_at_their_values_with_their_reason(plot: SweepCurve) -> None:
    plot.set_marks([Mark(2 / 15, "2/λ", "Beyond it the loss grows."), Mark(5.0, "far", "Out of sight.")])
    QTest.mouseMove(plot.plot.viewport(), pixel(plot, math.log10(2 / 15), middle(plot)))
    assert plot.reading.startswith("2/λ: learning_rate = 0.1333")
    assert "Beyond it the loss grows." in plot.reading
    shown, place = screen(plot), pixel(plot, math.log10(2 / 15), middle(plot))
    near = [shown.pixelColor(place + QPoint(x, y)) for x in range(-2, 3) for y in range(12)]
    assert any(colour.blue() > colour.red() + 40 for colour in near), "a dashed line"
    assert [text.isVisible() for _, text in plot._mark_items] == [True, False]
    plot.clear()
    assert plot.reading == ""
    assert not plot.line.isVisible()


def test_the_ranges_of_whole_numbers_stay_whole() -> None:
    places = VariedPlaces(Varied(SEED, 0.0, 30.0, 11))  # every third
    part = places.between(5.0, 13.0)
    assert (part.first, part.last) == (3.0, 15.0)
    assert part.count == 7, "of 12 steps as many as divide evenly, and no more than before"
    assert all(value.is_integer() for value in part.values)
    assert places.between(0.0, 0.1) == Varied(SEED, 0.0, 3.0, 4)
