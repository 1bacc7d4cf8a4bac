"""The learning rate's schedule, and what an optimizer remembers."""

import numpy as np
import pytest
import torch
from PySide6.QtWidgets import QComboBox, QLineEdit

from gradgui.experiment.training_loop import Phase
from gradgui.ui.epoch.loop_panel import LoopPanel
from gradgui.ui.plots.epoch_panels import BufferPanel
from gradgui.ui.window.view import Dock
from tests.ui.driver import Driver
from tests.ui.test_window_problem import X, Y, choose


def test_gradient_descent_takes_no_schedule_and_says_why(driver: Driver) -> None:
    combo = driver.find(QComboBox, "schedule")
    assert not combo.isEnabled()
    assert "SGD without momentum" in combo.toolTip()


def test_a_schedule_is_torchs_own(driver: Driver) -> None:
    choose(driver, "optimizer", "SGD")
    driver.qtbot.waitUntil(lambda: driver.find(QComboBox, "schedule").isEnabled())
    choose(driver, "schedule", "step schedule")
    # The first optimizer has torch import its compiler, which takes seconds.
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.schedule is not None, timeout=30_000)
    driver.enter("schedule_step_size", "5")
    driver.qtbot.waitUntil(lambda: "step_size=5" in repr(driver.window.run.experiment.schedule))
    driver.enter("schedule_gamma", "0,25")
    driver.qtbot.waitUntil(lambda: "gamma=0.25" in repr(driver.window.run.experiment.schedule))
    assert driver.content(LoopPanel).code.code(Phase.UPDATE) == "optimizer.step()\nscheduler.step()"
    driver.run_to_end(20)
    w = torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.01)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 5, 0.25)
    rates = []
    for _ in range(20):
        ((Y - w * X) ** 2).mean().backward()  # type: ignore[no-untyped-call]
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
    driver.qtbot.waitUntil(lambda: driver.find(QLineEdit, "learning_rate").text() == "3.90625e−05")
    log = driver.window.run.log
    assert log.column("lr").tolist() == rates
    assert log.value("w", 20) == w.item()


@pytest.mark.parametrize(("rule", "kinds"), [("Adam", ("exp_avg", "exp_avg_sq")), ("Adagrad", ("sum",))])
def test_what_the_optimizer_remembers_is_plotted(driver: Driver, rule: str, kinds: tuple[str, ...]) -> None:
    driver.find(Dock, "buffer_panel").raise_()
    plots = driver.content(BufferPanel).plots
    assert not any(plot.isVisible() for plot in plots)
    choose(driver, "optimizer", rule)
    driver.qtbot.waitUntil(lambda: [plot.isVisible() for plot in plots] == [True, len(kinds) == 2])
    driver.run_to_end(20)
    w = torch.tensor(0.0, requires_grad=True)
    optimizer: torch.optim.Optimizer = getattr(torch.optim, rule)([w], lr=0.01)
    remembered: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(20):
        ((Y - w * X) ** 2).mean().backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad()
        for kind in kinds:
            remembered[kind].append(optimizer.state[w][kind].item())
    for plot, kind in zip(plots, kinds, strict=False):
        driver.qtbot.waitUntil(lambda plot=plot: len(plot.lines[0].points[0]) == 20)  # type: ignore[misc]
        np.testing.assert_array_equal(plot.lines[0].points[1], remembered[kind])


def test_a_hidden_plot_forgets_the_columns_of_another_experiment(driver: Driver) -> None:
    dock = driver.find(Dock, "buffer_panel")
    dock.raise_()
    choose(driver, "optimizer", "Adam")
    driver.run_to_end(20)
    plots = driver.content(BufferPanel).plots
    driver.qtbot.waitUntil(lambda: len(plots[0].lines[0].points[0]) == 20)
    driver.find(Dock, "graph_panel").raise_()
    driver.enter("model_formula", "a*x + b")
    driver.qtbot.waitUntil(lambda: driver.window.run.status.parameters == (1.0, 1.0))
    driver.action("show_all").trigger()  # raised KeyError: the hidden plot had the old log and the new columns
    for plot in plots:
        plot.show_all()
