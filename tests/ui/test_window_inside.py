"""One epoch opened up in the real window: phases, numbers, graph, gradients, by action and by key."""

import pytest
import torch
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QDockWidget, QLabel, QPushButton

from gradgui.experiment.changes import LoopChange, ParameterChange
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Parameter
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import PHASES, Loop, Phase
from gradgui.record.trace import EpochTrace, GraphNode
from gradgui.ui.epoch.code_view import CodeView
from gradgui.ui.epoch.gradient_table import GradientTable
from gradgui.ui.epoch.loop_panel import LoopPanel
from gradgui.ui.graph.graph_view import GraphView
from gradgui.ui.plots.landscape_panel import LandscapePanel
from gradgui.worker.status import State
from tests.ui.driver import Driver


def place(driver: Driver) -> tuple[int, int] | None:
    trace = driver.window.run.view(EpochTrace)
    return None if trace is None else (trace.epoch, trace.phases_done)


def step_phase(driver: Driver, epoch: int, phases_done: int) -> CodeView:
    """Press F11 and wait until the pane shows that place."""
    QTest.keyClick(driver.window, Qt.Key.Key_F11)
    return wait_for(driver, epoch, phases_done)


def wait_for(driver: Driver, epoch: int, phases_done: int) -> CodeView:
    doing = {0: "about to begin", 5: "finished"}.get(phases_done, f"phase {phases_done} of 5")
    driver.qtbot.waitUntil(lambda: driver.text("trace_label") == f"Epoch {epoch} · {doing}")
    return driver.find(CodeView, "code_view")


def test_the_phases_of_the_first_epoch_with_their_numbers(driver: Driver) -> None:
    code = wait_for(driver, 1, 0)
    assert code.lit is Phase.FORWARD
    assert code.numbers(Phase.BACKWARD) == "w.grad: not there yet"
    wanted = {
        Phase.FORWARD: "y_pred = 0.000 · [1, 2, 3, 4] = [0, 0, 0, 0]",
        Phase.LOSS: "loss = mean(([2, 4, 6, 8] − [0, 0, 0, 0])^2) = 30.000",
        Phase.BACKWARD: "w.grad = ∂loss/∂w = −30.000 (before the update)",
        Phase.UPDATE: "w = 0.000 − 0.01 · (−30.000) = 0.300",
        Phase.ZERO_GRAD: "w.grad = 0.000 (left for the next epoch)",
    }
    for done, phase in enumerate(PHASES, 1):
        step_phase(driver, 1, done)
        assert code.lit is phase
        for earlier in PHASES[:done]:
            assert code.numbers(earlier) == wanted[earlier]
        if phase in (Phase.FORWARD, Phase.LOSS):
            assert code.numbers(Phase.BACKWARD) == "w.grad: not there yet"
    assert driver.text("epoch_label") == "epoch 1 of 20"


def test_step_epoch_in_the_midst_finishes_the_epoch(driver: Driver) -> None:
    step_phase(driver, 1, 1)
    step_phase(driver, 1, 2)
    assert driver.text("epoch_label") == "epoch 0 of 20, before backward"
    driver.action("step_epoch").trigger()
    wait_for(driver, 1, 5)
    assert driver.text("parameters_label") == "w 0.300"


def graph_nodes(driver: Driver) -> tuple[GraphNode, ...]:
    trace = driver.window.run.view(EpochTrace)
    assert trace is not None
    assert trace.graph is not None
    return trace.graph.nodes


def test_the_graph_is_the_one_behind_the_loss(driver: Driver) -> None:
    view = driver.find(GraphView, "graph_view")
    wait_for(driver, 1, 0)
    assert not view.shows_graph
    step_phase(driver, 1, 1)
    step_phase(driver, 1, 2)
    driver.qtbot.waitUntil(lambda: view.shows_graph)
    w = torch.tensor(0.0, requires_grad=True)
    node = ((torch.tensor([2.0, 4.0, 6.0, 8.0]) - w * torch.tensor([1.0, 2.0, 3.0, 4.0])) ** 2).mean().grad_fn
    names = []
    while node is not None:
        names.append(node.name())
        node = next((following for following, _ in node.next_functions if following is not None), None)
    nodes = graph_nodes(driver)
    assert [shown.name for shown in nodes] == [*names[:-1], "w"]
    assert all(shown.gradient is None for shown in nodes)
    step_phase(driver, 1, 3)
    leaf = graph_nodes(driver)[-1]
    assert leaf.gradient is not None
    assert leaf.gradient.number == -30.0
    assert leaf.order == len(nodes)


def test_the_gradient_three_ways(driver: Driver) -> None:
    driver.find(QDockWidget, "gradient_panel").raise_()
    table = driver.find(GradientTable, "gradient_table")
    driver.qtbot.waitUntil(lambda: "−30" in table.text, timeout=20_000)  # the first one loads sympy
    assert "∂loss/∂w" in table.text
    assert "mean(" in table.text


def test_no_gradient_is_shown_where_a_data_point_has_no_loss(driver: Driver) -> None:
    driver.find(QDockWidget, "gradient_panel").raise_()
    table = driver.find(GradientTable, "gradient_table")
    driver.enter("model_formula", "w*log(x - 1)")
    driver.qtbot.waitUntil(lambda: table.text.count("undefined\n") == 3)
    assert "At data point 1 (x = " in table.text


def test_back_by_phase_and_by_epoch(driver: Driver) -> None:
    driver.run_to_end(20)
    wait_for(driver, 20, 5)
    log_before = driver.rows
    QTest.keyClick(driver.window, Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)
    code = wait_for(driver, 20, 4)
    assert code.lit is Phase.UPDATE
    QTest.keyClick(driver.window, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    wait_for(driver, 19, 5)
    assert driver.text("epoch_label") == "epoch 19 of 20"
    assert driver.rows == log_before, "the future that was left stays in sight"
    driver.action("step_epoch").trigger()
    wait_for(driver, 20, 5)
    assert driver.rows == log_before


BREAKS = ["no_grad", "in_place", "backward_once"]


def real_error(name: str) -> Exception:
    """Give what plain PyTorch raises for the broken loop."""
    x, y = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([2.0, 4.0, 6.0, 8.0])
    w = torch.tensor(0.0, requires_grad=True)
    try:
        loss = ((y - w * x) ** 2).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        assert w.grad is not None
        if name == "backward_once":
            loss.backward()  # type: ignore[no-untyped-call]
        elif name == "no_grad":
            w -= 0.01 * w.grad
        else:
            w = w - 0.01 * w.grad
            w.grad.zero_()  # type: ignore[union-attr]
    except (RuntimeError, AttributeError) as error:
        return error
    raise AssertionError(name)


@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf:UserWarning")
@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_loop_says_pytorchs_own_words_and_is_mended_by_one_click(driver: Driver, name: str) -> None:
    for _ in range(3):
        driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 3)
    driver.find(QCheckBox, f"break_{name}").click()
    driver.qtbot.waitUntil(lambda: not getattr(driver.window.run.status.loop, name))
    driver.action("step_epoch").trigger()
    driver.wait_for(State.FAILED)
    error = real_error(name)
    panel = driver.window.findChild(LoopPanel)
    assert panel is not None
    driver.qtbot.waitUntil(lambda: f"{type(error).__name__}: {error}" in panel.trouble)
    assert "PyTorch stopped at: " in panel.trouble
    assert not driver.action("run").isEnabled()
    assert len(driver.rows) == 3
    driver.find(QPushButton, "mend").click()
    driver.wait_for(State.READY)
    driver.run_to_end(20)
    driver.qtbot.waitUntil(lambda: driver.text("prediction_label") == "f(5) = 9.612")
    assert panel.trouble == ""


def test_without_zero_grad_the_gradients_add_up(driver: Driver) -> None:
    driver.find(QCheckBox, "break_zero_grad").click()
    driver.qtbot.waitUntil(lambda: not driver.window.run.status.loop.zero_grad)
    driver.action("step_epoch").trigger()
    driver.action("step_epoch").trigger()
    code = wait_for(driver, 2, 5)
    w1 = torch.tensor(0.0) - 0.01 * torch.tensor(-30.0)
    second = 15.0 * (w1.item() - 2.0)
    assert code.numbers(Phase.BACKWARD) == (
        f"w.grad = −30.000 + (−{-second:.3f}) = −{30 - second:.3f} (added up, before the update)"
    )
    assert driver.window.run.log.value("w_grad", 2) == pytest.approx(-30 + second)
    assert code.code(Phase.ZERO_GRAD) == "# w.grad.zero_()"


def test_a_lesson_by_keyboard_alone(driver: Driver) -> None:
    """Step the phases, break, mend, go back, run to the end: with keys only."""
    window = driver.window
    for done in range(1, 6):
        step_phase(driver, 1, done)
    QTest.keyClick(window, Qt.Key.Key_F10)
    wait_for(driver, 2, 5)
    switch = driver.find(QCheckBox, "break_backward_once")
    switch.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(switch, Qt.Key.Key_Space)
    driver.qtbot.waitUntil(lambda: not window.run.status.loop.backward_once)
    QTest.keyClick(window, Qt.Key.Key_F10)
    driver.wait_for(State.FAILED)
    mend = driver.find(QPushButton, "mend")
    driver.qtbot.waitUntil(mend.isVisible)
    mend.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(mend, Qt.Key.Key_Space)
    driver.wait_for(State.READY)
    QTest.keyClick(window, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    driver.qtbot.waitUntil(lambda: window.run.epoch < 3)
    QTest.keyClick(window, Qt.Key.Key_Space)
    driver.wait_for(State.FINISHED, 20)
    driver.qtbot.waitUntil(lambda: driver.text("prediction_label") == "f(5) = 9.612")  # at the next frame


@pytest.mark.parametrize("name", ["zero_grad", "no_grad", "in_place", "backward_once"])
def test_before_it_ran_a_broken_loop_says_what_was_changed_and_no_more(driver: Driver, name: str) -> None:
    panel = driver.content(LoopPanel)
    driver.find(QCheckBox, f"break_{name}").click()
    driver.qtbot.waitUntil(lambda: "It has not run yet." in panel.trouble)
    assert panel.trouble.startswith("Changed: ")
    assert "object" not in panel.trouble
    assert len(panel.trouble) < 80, "no explanation"


def test_the_landscape_names_the_epoch_whose_gradient_it_shows(driver: Driver) -> None:
    """Of the lesson the first gradient is −30, before the first update; after it w is 0.3, and the second −25.5."""
    landscape = driver.content(LandscapePanel)
    for phases, said in ((3, "gradient of epoch 1 = −30.000"), (4, "gradient of epoch 2 = −25.500")):
        for done in range(1 if phases == 3 else 4, phases + 1):
            code = step_phase(driver, 1, done)
        driver.qtbot.waitUntil(lambda said=said: landscape.cut.reading == said)  # type: ignore[misc]
        assert "w.grad = ∂loss/∂w = −30.000 (before the update)" in code.numbers(Phase.BACKWARD)


def test_after_it_ran_a_forgotten_zero_grad_is_explained(driver: Driver) -> None:
    panel = driver.content(LoopPanel)
    driver.find(QCheckBox, "break_zero_grad").click()
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 1)
    driver.qtbot.waitUntil(lambda: "PyTorch does not object" in panel.trouble)
    assert "backward() adds to .grad" in panel.trouble


def test_mend_is_in_sight_however_long_the_error_is(driver: Driver) -> None:
    driver.window.resize(1024, 600)
    for name in ("no_grad", "zero_grad"):
        driver.find(QCheckBox, f"break_{name}").click()
    driver.action("step_epoch").trigger()
    driver.wait_for(State.FAILED)
    mend = driver.find(QPushButton, "mend")
    driver.qtbot.waitUntil(lambda: mend.visibleRegion().boundingRect().height() == mend.height())


def test_an_end_that_matters_is_said_inside_the_epoch_with_what_helps(driver: Driver) -> None:
    driver.enter("learning_rate", "5")
    driver.set_speed(100)
    driver.action("run").trigger()
    driver.wait_for(State.DIVERGED)
    label = driver.find(QLabel, "outcome_text")
    driver.qtbot.waitUntil(label.isVisible)
    assert "is above the largest stable rate here, 0.1333" in label.text()
    assert not driver.find(QPushButton, "outcome_run").isVisible()
    driver.find(QPushButton, "outcome_reset").click()
    driver.wait_for(State.READY, 0)
    assert not label.isVisible()
    driver.enter("learning_rate", "0.01")
    driver.enter("stop_loss_below", "20")
    driver.action("run").trigger()
    driver.qtbot.waitUntil(lambda: label.isVisible() and "Stopped early" in label.text())
    driver.find(QPushButton, "outcome_back").click()
    driver.qtbot.waitUntil(lambda: not label.isVisible())


def test_a_switch_that_is_clicked_before_another_experiment_has_begun_is_that_ones(driver: Driver) -> None:
    """In the midst of an epoch of two parameters comes an experiment of one, and at once a change of its loop."""
    run = driver.window.run
    line = replace(DEFAULT_EXPERIMENT, model="w*x + b", parameters=(Parameter("w", 0.5), Parameter("b", 1.0)))
    run.open(RunSpec(line))
    driver.qtbot.waitUntil(lambda: run.status.experiment == line)
    driver.action("step_phase").trigger()
    driver.qtbot.waitUntil(lambda: run.status.next_phase is Phase.LOSS)
    run.open(RunSpec(DEFAULT_EXPERIMENT))
    assert run.is_awaited
    broken = Loop(in_place=False)
    run.change(LoopChange(0, broken))
    driver.qtbot.waitUntil(lambda: not run.is_awaited and run.status.loop == broken)
    assert run.experiment.parameter_names == ("w",)
    run.open(RunSpec(line))
    run.open(RunSpec(DEFAULT_EXPERIMENT))
    run.change(ParameterChange(0, "w", 1.5))
    driver.qtbot.waitUntil(lambda: not run.is_awaited and run.parameters == (1.5,))
