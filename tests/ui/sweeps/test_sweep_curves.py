"""All losses over the epochs: the density against a count by hand, and the runs that are named."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gradgui.experiment.sweep.varied import Varied
from gradgui.record import loss_density as module
from gradgui.record.loss_density import curve_density
from gradgui.ui.app.theme import DARK, LIGHT
from gradgui.ui.sweeps.sweep_curves import SweepCurves
from tests.ui.sweeps.sweep_samples import trained


def test_level_curves_are_counted_once_in_every_column() -> None:
    heights = np.tile([0.1, 0.1, 0.6, 0.9], (5, 1))
    density = curve_density(heights, 10)
    assert (density.sum(axis=0) == 4).all()
    assert density[:, 0].tolist() == [0, 2, 0, 0, 0, 0, 1, 0, 0, 1]


@pytest.mark.parametrize("most", [512, 7])
def test_a_density_counts_every_place_that_a_curve_goes_through(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(module, "MOST_COLUMNS", most)
    numbers = np.random.default_rng(0)
    heights = numbers.uniform(-0.3, 1.3, (20, 30))
    heights[12:, 3] = np.nan
    rows = 16
    density = curve_density(heights, rows)
    columns = density.shape[1]
    by_hand = np.zeros((rows, columns), int)
    for curve in heights.T:
        for column in range(columns):
            # Every corner within the column, and its edges.
            if most == 7:
                edges = [int(19 * column / 7), int(19 * (column + 1) / 7)]
                places = list(range(edges[0], edges[1] + 1))
            else:
                parts = columns // 19
                places = [column / parts, (column + 1) / parts]
            known = [float(np.interp(place, range(20), curve)) for place in places]
            if any(np.isnan(known)) or min(known) > 1.0 or max(known) < 0.0:
                continue
            first, last = (min(int(max(min(end, 1.0), 0.0) * rows), rows - 1) for end in (min(known), max(known)))
            by_hand[first : last + 1, column] += 1
    assert np.abs(density - by_hand).sum() <= 3, "but for a last bit at the edge of a row"
    assert density.sum() > 1000


def test_few_runs_are_lines_and_many_a_picture_with_named_runs(qtbot: QtBot) -> None:
    plot = SweepCurves()
    qtbot.addWidget(plot)
    plot.set_theme(LIGHT)
    plot.resize(700, 450)
    plot.show()
    for count, are_lines in ((64, True), (65, False)):
        outcomes = trained(Varied("learning_rate", 1e-3, 0.3, count, "log"), epochs=30)
        plot.show_outcomes(outcomes)
        assert plot.lines.isVisible() is are_lines
        assert plot.image.isVisible() is not are_lines
        assert not plot.named["chosen"].isVisible()
        plot.set_chosen(5)
        losses = outcomes.curves.losses.astype(float)
        final = np.where(np.isfinite(losses[-1]), losses[-1], np.nan)
        best = np.lexsort((losses.argmin(axis=0), final))[0]  # of several with the loss 0 that which had it first
        for name, run in (("best", best), ("worst", np.nanargmax(final)), ("chosen", 5)):
            x, y = plot.named[name].points
            np.testing.assert_array_equal(x, np.arange(1, 31))
            known = losses[:, run] > 0
            np.testing.assert_allclose(y[known], np.log10(losses[known, run]))
        assert [text.split(":")[0] for text in plot.legend.texts[:3]] == ["best", "worst finite", "chosen"]
    plot.set_theme(DARK)
    plot.clear()
    assert not plot.image.isVisible()
    assert plot.legend.texts == []
