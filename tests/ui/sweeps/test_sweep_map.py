"""The map of a sweep of two things: its colours, and the run that a hand finds on it."""

import math

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gradgui.experiment.sweep.varied import Varied
from gradgui.numbers import write_number
from gradgui.record.sweep_outcomes import SweepOutcomes
from gradgui.ui.app.theme import DARK, LIGHT, Theme
from gradgui.ui.sweeps.quantity import Quantity
from gradgui.ui.sweeps.sweep_map import SweepMap
from tests.ui.sweeps.sweep_samples import colour_at, pixel, screen, trained

STARTS = Varied("start.w", -2.0, 5.0, 8)
RATES = Varied("learning_rate", 1e-3, 1.0, 13, "log")
GROUND = {LIGHT: (0xF7, 0xFA, 0xFD), DARK: (0x16, 0x1D, 0x27)}
SUMMIT = {LIGHT: (0x5B, 0x87, 0xB5), DARK: (0x6A, 0x93, 0xBF)}


@pytest.fixture(scope="module")
def outcomes() -> SweepOutcomes:
    """8 starts by 13 rates: one start is the solution itself, and rates from 0.178 on diverge."""
    return trained(STARTS, RATES, epochs=60, wanted=1e-3)


@pytest.fixture
def plot(qtbot: QtBot, outcomes: SweepOutcomes) -> SweepMap:
    """The map, on the screen."""
    plot = SweepMap()
    qtbot.addWidget(plot)
    plot.set_theme(LIGHT)
    plot.resize(700, 450)
    plot.show()
    plot.show_outcomes(outcomes)
    plot.plot.centralLayout.activate()
    plot.grab()
    return plot


def place(run: int) -> tuple[float, float]:
    """Give where a run is: across the logarithm of its rate, upwards its start."""
    row, column = divmod(run, 13)
    return -3.0 + 3.0 * column / 12, -2.0 + row


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_colours_of_cells_tell_their_losses(plot: SweepMap, outcomes: SweepOutcomes, theme: Theme) -> None:
    plot.set_theme(theme)
    loss, diverged = outcomes.loss.astype(float), outcomes.diverged_epoch > 0
    first, shown = outcomes.curves.losses[0], screen(plot)
    fine = ~diverged & (loss <= first)
    lowest, highest = loss[fine & (loss > 0)].min(), loss[fine].max()
    assert fine.sum() > 60
    assert diverged.any()
    for run in np.flatnonzero(fine).tolist():
        share = 0.0 if loss[run] == 0 else math.log(loss[run] / lowest) / math.log(highest / lowest)
        colour = shown.pixelColor(pixel(plot, *place(run)))
        parts = colour.red(), colour.green(), colour.blue()
        for part, low, high in zip(parts, GROUND[theme], SUMMIT[theme], strict=True):
            # Even in Oklab is nearly straight in what is shown.
            assert abs(part - (low + share * (high - low))) <= 6
    left = sorted(np.flatnonzero(diverged).tolist(), key=lambda run: outcomes.diverged_epoch[run])
    hues = [shown.pixelColor(pixel(plot, *place(run))) for run in left]
    assert all(colour.red() > colour.blue() + 20 for colour in hues)
    strength = [
        colour.hslSaturation() * (255 - colour.lightness() if not theme.dark else colour.lightness())
        for colour in hues
    ]
    for before, after, run, other in zip(strength, strength[1:], left, left[1:], strict=False):
        if outcomes.diverged_epoch[run] < outcomes.diverged_epoch[other]:
            assert before > after


def test_what_rose_is_flat_and_what_is_not_trained_bare(plot: SweepMap, outcomes: SweepOutcomes) -> None:
    rose = np.flatnonzero(outcomes.rose & (outcomes.diverged_epoch == 0)).tolist()
    assert len(rose)
    shown = screen(plot)
    assert len({shown.pixelColor(pixel(plot, *place(run))).rgb() for run in rose}) == 1
    assert f"{len(rose)} ended higher" in " ".join(plot.legend.texts)
    left = int((outcomes.diverged_epoch > 0).sum())
    first = int(outcomes.diverged_epoch[outcomes.diverged_epoch > 0].min())
    assert plot.legend.texts[0].startswith(f"{left} left the finite numbers")
    assert plot.legend.texts[0].endswith(f"in epoch {first}")
    begun = outcomes.epochs.copy()
    begun[20:] = 0
    plot.show_outcomes(replace(outcomes, epochs=begun))
    assert colour_at(plot, *place(100)).name() == LIGHT.surface
    assert "84 not trained yet" in plot.legend.texts


def test_the_colour_bar_names_the_quantity_and_its_scale(plot: SweepMap, outcomes: SweepOutcomes) -> None:
    assert plot.colour_bar.label == "last loss, log scale"
    plot.set_quantity(Quantity.EPOCHS)
    assert plot.colour_bar.label == "epochs until the wanted loss, log scale"
    never = (outcomes.reached_epoch == 0) & ~outcomes.rose & (outcomes.diverged_epoch == 0)
    assert f"{never.sum()} never had the wanted loss" in plot.legend.texts


def test_the_mouse_finds_the_run_under_it(plot: SweepMap, qtbot: QtBot, outcomes: SweepOutcomes) -> None:
    viewport = plot.plot.viewport()
    for run in (0, 12, 57, 103):
        with qtbot.waitSignal(plot.hovered, check_params_cb=lambda given, run=run: given == run):
            QTest.mouseMove(viewport, pixel(plot, *place(run)))
        start, rate = STARTS.values[run // 13], write_number(RATES.values[run % 13])
        assert f"start.w = {start:g}, learning_rate = {rate}".replace("-", "−") in plot.reading
        assert f"last loss {outcomes.loss[run]!s}".replace("-", "−") in plot.reading
        if epoch := outcomes.diverged_epoch[run]:
            assert f"left the finite numbers in epoch {epoch}" in plot.reading
        with qtbot.waitSignal(plot.chosen) as chosen:
            QTest.mouseClick(
                viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, pixel(plot, *place(run))
            )
        assert chosen.args == [run]
    with qtbot.waitSignal(plot.hovered) as hovered:
        QTest.mouseMove(viewport, QPoint(2, 2))
    assert hovered.args == [103]  # which was chosen, and has the cursor


def test_arrow_keys_go_from_cell_to_cell_and_enter_chooses(plot: SweepMap, qtbot: QtBot) -> None:
    QTest.mouseClick(
        plot.plot.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, pixel(plot, *place(0))
    )
    for key, run in (
        (Qt.Key.Key_Left, 0),
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Up, 14),
        (Qt.Key.Key_Up, 27),
        (Qt.Key.Key_Down, 14),
    ):
        QTest.keyClick(plot.plot, key)
        assert plot.run == run
        assert plot.plot.accessibleDescription().startswith(f"Run {run + 1}: ")
    with qtbot.waitSignal(plot.chosen) as chosen:
        QTest.keyClick(plot.plot, Qt.Key.Key_Return)
    assert chosen.args == [14]


def test_a_rubber_band_gives_ranges_rounded_outwards(plot: SweepMap, qtbot: QtBot) -> None:
    viewport = plot.plot.viewport()
    begin, end = pixel(plot, -3.0 + 0.25 * 4.3, 0.6), pixel(plot, -3.0 + 0.25 * 6.7, 2.7)
    with qtbot.waitSignal(plot.range_chosen) as ranged:
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, begin)
        QTest.mouseMove(viewport, end)
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    starts, rates = ranged.args[0]
    assert starts == Varied("start.w", 0.0, 3.0, 8)
    assert rates == Varied("learning_rate", RATES.values[4], RATES.values[7], 13, "log")


def test_a_range_that_goes_down_is_drawn_upwards(plot: SweepMap, qtbot: QtBot) -> None:
    down = trained(Varied("start.w", 5.0, -2.0, 8), RATES, epochs=5)
    plot.show_outcomes(down)
    plot.grab()
    with qtbot.waitSignal(plot.chosen) as chosen:
        QTest.mouseClick(
            plot.plot.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, pixel(plot, -3.0, -2.0)
        )
    assert chosen.args == [7 * 13]


def test_the_border_is_drawn_at_its_values(plot: SweepMap) -> None:
    starts = np.array([-2.0, 1.0, 5.0])
    plot.set_border((np.full(3, 2 / 15), starts), "2/λ")
    x, y = plot.border.points
    np.testing.assert_allclose(x, np.log10(2 / 15))
    np.testing.assert_array_equal(y, starts)
    assert colour_at(plot, math.log10(2 / 15), -1.0).lightness() < 60
    plot.clear()
    assert not plot.border.isVisible()
    assert plot.reading == ""
