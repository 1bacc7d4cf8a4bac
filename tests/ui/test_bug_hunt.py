"""A hunt for every bug in the real window, by keys: a wrong guess first; nothing gives it away before it is found."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QPushButton, QWidget

from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.optimizers import Adam
from gradgui.experiment.program.faults import possible_faults
from gradgui.experiment.program.program import make_program
from gradgui.experiment.run_spec import RunSpec, run_spec_text
from gradgui.experiment.training_loop import CORRECT_LOOP, Fault, Loop, Phase
from gradgui.record.trace import EpochTrace
from gradgui.ui.epoch.code_view import CodeView
from gradgui.ui.epoch.loop_panel import LoopPanel
from gradgui.worker.status import State
from tests.ui.driver import Driver

LINE = Experiment(
    model="w*x + b",
    parameters=(Parameter("w", 0.5), Parameter("b", 0.25)),
    data=Data((1.0, 2.0, 3.0), (3.0, 5.5, 6.0)),
    loss="(y - y_pred)**2*(2 + tanh(y))",
)
SAYINGS = {
    "zero_grad": "It never runs: no gradient is ever set to zero",
    "no_grad": "It does not run under torch.no_grad()",
    "in_place": "It makes a new tensor and does not change the old one",
    "backward_once": "It runs twice in every epoch",
    "wrong_sign": "Its sign is wrong",
    "target_as_input": "It takes y where x is meant",
    "swapped_loss": "y and y_pred have changed places in it",
    "compared_with_input": "It takes x where y is meant",
    "sum": "It adds up and takes no mean",
    "zeroed_early": "It runs too early, before the update",
    "detached": "Its result is cut off from the graph",
    "not_updated": "It never runs, while the other parameters are updated",
    "not_zeroed": "It never runs, while the other gradients are zeroed",
    "other_gradient": "It takes another parameter’s gradient",
}
LINES = {
    "zero_grad": "w.grad.zero_()",
    "no_grad": "w -= learning_rate * w.grad",
    "in_place": "w -= learning_rate * w.grad",
    "backward_once": "loss.backward()",
    "wrong_sign": "w -= learning_rate * w.grad",
    "target_as_input": "y_pred = w * x + b",
    "swapped_loss": "loss = ((y - y_pred)**2 * (2 + torch.tanh(y))).mean()",
    "compared_with_input": "loss = ((y - y_pred)**2 * (2 + torch.tanh(y))).mean()",
    "sum": "loss = ((y - y_pred)**2 * (2 + torch.tanh(y))).mean()",
    "zeroed_early": "w.grad.zero_()",
    "detached": "y_pred = w * x + b",
    "not_updated": "b -= learning_rate * b.grad",
    "not_zeroed": "b.grad.zero_()",
    "other_gradient": "b -= learning_rate * b.grad",
}


def loop_of(name: str) -> Loop:
    faults = {fault.value: fault for fault in Fault}
    return Loop(fault=faults[name]) if name in faults else replace(Loop(), **{name: False})


def true_lines(name: str, experiment: Experiment) -> set[str]:
    """Give the lines that are not those of the loop as it is meant, without what stands before them."""
    ran, meant = (
        {line.text.strip() for line in make_program(experiment, loop).lines} for loop in (loop_of(name), CORRECT_LOOP)
    )
    return ran - meant


def all_that_is_said(driver: Driver) -> str:
    window = driver.window
    texts = [window.windowTitle()]
    for widget in window.findChildren(QWidget):
        texts += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.statusTip()]
        if isinstance(widget, QLabel):
            texts.append(widget.text())
        if isinstance(widget, QComboBox):
            texts += [widget.itemText(place) for place in range(widget.count())]
    for action in window.findChildren(QAction):
        texts += [action.text(), action.toolTip(), action.statusTip()]
    code = driver.find(CodeView, "code_view")
    texts += [f"{code.code(phase)}\n{code.numbers(phase)}" for phase in Phase]
    return "\n".join(texts)


def open_experiment(driver: Driver, experiment: Experiment) -> None:
    driver.window.documents.opened.emit(RunSpec(experiment))
    driver.qtbot.waitUntil(lambda: driver.window.run.status.experiment == experiment)
    driver.wait_for(State.READY, 0)


def begin(driver: Driver, name: str, seed: int = 1) -> None:
    assert driver.window.bug_hunt.begin([name], seed)
    driver.qtbot.waitUntil(
        lambda: not driver.window.run.is_awaited and driver.window.run.status.loop == loop_of(name)
    )


def step(driver: Driver) -> None:
    """Press F11 for two epochs, or as long as PyTorch takes it."""
    run = driver.window.run

    def place() -> tuple[object, ...]:
        return run.status.state is State.FAILED, run.status.epoch, run.status.next_phase

    for _ in range(10):
        before = place()
        if before[0]:
            break
        QTest.keyClick(driver.window, Qt.Key.Key_F11)
        driver.qtbot.waitUntil(lambda before=before: place() != before)  # type: ignore[misc]
    at = run.status.epoch
    driver.qtbot.waitUntil(lambda: (trace := run.view(EpochTrace)) is not None and trace.epoch in (at, at + 1))


def choose(driver: Driver, name: str, wanted: str) -> None:
    """Choose with the arrow keys."""
    box = driver.find(QComboBox, name)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    while not box.currentText().endswith(wanted):
        before = box.currentIndex()
        QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.currentIndex() > before, f"{wanted} is not offered"


def guess(driver: Driver, line: str, saying: str) -> str:
    choose(driver, "hunt_line", line)
    choose(driver, "hunt_saying", saying)
    QTest.keyClick(driver.find(QPushButton, "hunt_name"), Qt.Key.Key_Space)
    return driver.text("hunt_reply")


@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf:UserWarning")
@pytest.mark.parametrize("name", SAYINGS)
def test_every_bug_is_hunted_down_and_nothing_tells_it_before(driver: Driver, name: str) -> None:
    open_experiment(driver, LINE)
    found: list[int] = []
    driver.window.bug_hunt.found.connect(found.append)
    begin(driver, name)
    meant = make_program(LINE, CORRECT_LOOP)
    step(driver)
    said = all_that_is_said(driver)
    for line in true_lines(name, LINE):
        assert line not in said
    code = driver.find(CodeView, "code_view")
    shown = "\n".join(code.code(phase) for phase in Phase).split("\n")
    assert shown == [f"{number}  {line.text}" for number, line in enumerate(meant.lines, 1)]
    for hidden in ("break_zero_grad", "break_backward_once"):
        assert not driver.find(QCheckBox, hidden).isVisible()
    assert not driver.find(QPushButton, "mend").isVisible()
    other = "sum" if name != "sum" else "detached"
    assert guess(driver, LINES[other], SAYINGS[other]).startswith("No: ")
    assert guess(driver, LINES[other], SAYINGS[name]).startswith("No: ") or LINES[other] == LINES[name]
    if not found:
        reply = guess(driver, LINES[name], SAYINGS[name])
        assert found == [3]
    else:  # the same line
        reply = driver.text("hunt_reply")
    assert LINES[name] in reply
    ran = {"loss.backward()\nw.grad.zero_()"} if name == "zeroed_early" else true_lines(name, LINE)
    for line in ran:
        assert line in reply
    driver.qtbot.waitUntil(lambda: driver.window.run.status.loop == CORRECT_LOOP)
    driver.qtbot.waitUntil(lambda: driver.find(QCheckBox, "break_zero_grad").isVisible())
    assert code.code(Phase.FORWARD) == "y_pred = w * x + b"
    epoch = driver.window.run.epoch
    QTest.keyClick(driver.window, Qt.Key.Key_F10)
    driver.qtbot.waitUntil(lambda: driver.window.run.epoch == epoch + 1)


def test_a_wrong_guess_is_answered_with_what_was_seen(driver: Driver) -> None:
    line = replace(LINE, loss="(y - y_pred)**2")
    open_experiment(driver, line)
    begin(driver, "not_updated")
    driver.action("step_epoch").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.epoch == 1)
    run = driver.window.run
    driver.qtbot.waitUntil(lambda: (trace := run.view(EpochTrace)) is not None and trace.phases_done == 5)
    replies = {
        "zero_grad": "No: after zero_grad w.grad and b.grad are 0.",
        "zeroed_early": "No: w.grad is −28.778 when the update begins, so nothing has wiped it.",
        "backward_once": "No: backward() raised nothing, and a second one would have found its graph freed.",
        "detached": "No: backward() found its way to the parameters.",
        "no_grad": "No: the update ran, and PyTorch raised nothing.",
        "in_place": "No: the parameters still have a .grad after the update, so they are the leaves that they were.",
        "wrong_sign": "No: w went from 0.500 to 0.754, against its gradient −28.778.",
        "target_as_input": "No: not this one.",
    }
    trace = run.view(EpochTrace)
    assert trace is not None
    assert trace.gradients is not None
    gradient = trace.gradients[0] or 0.0
    for place, (name, reply) in enumerate(replies.items(), 1):
        said = guess(driver, LINES[name], SAYINGS[name])
        moved = f"{0.5 - 0.01 * gradient:.3f}"
        wanted = reply.replace("−28.778", f"−{-gradient:.3f}").replace("0.754", moved)
        assert said == wanted
        assert driver.text("hunt_tries") == f"{place} {'try' if place == 1 else 'tries'}"


def test_nothing_can_be_named_before_a_phase_was_seen(driver: Driver) -> None:
    open_experiment(driver, LINE)
    begin(driver, "sum")
    assert guess(driver, LINES["sum"], SAYINGS["sum"]) == "Step first: nothing has run yet."
    assert driver.window.bug_hunt.active
    assert driver.text("hunt_tries") == "0 tries"


def test_giving_up_shows_it(driver: Driver) -> None:
    open_experiment(driver, LINE)
    begin(driver, "wrong_sign")
    step(driver)
    with driver.qtbot.waitSignal(driver.window.bug_hunt.given_up):
        QTest.keyClick(driver.find(QPushButton, "hunt_give_up"), Qt.Key.Key_Space)
    assert "w += learning_rate * w.grad" in driver.text("hunt_reply")
    driver.qtbot.waitUntil(lambda: driver.window.run.status.loop == CORRECT_LOOP)
    QTest.keyClick(driver.find(QPushButton, "hunt_close"), Qt.Key.Key_Space)
    assert not driver.find(QLabel, "hunt_reply").isVisible()


def test_the_action_hides_one_of_those_that_are_possible(driver: Driver) -> None:
    driver.action("find_bug").trigger()
    hunt = driver.window.bug_hunt
    assert hunt.active
    driver.qtbot.waitUntil(lambda: driver.window.run.status.loop != CORRECT_LOOP)
    loop = driver.window.run.status.loop
    assert loop.fault is None or loop.fault in possible_faults(DEFAULT_EXPERIMENT)
    assert not any(driver.action(name).isEnabled() for name in ("find_bug", "export_script", "export_notebook"))
    assert driver.action("undo").text() == "&Undo the hunt for a bug"
    driver.action("undo").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.status.loop == CORRECT_LOOP)
    assert not hunt.active
    assert all(driver.action(name).isEnabled() for name in ("find_bug", "export_script", "export_notebook"))


def test_what_is_kept_in_the_midst_of_a_hunt_is_the_experiment_as_it_is_meant(driver: Driver, tmp_path: Path) -> None:
    open_experiment(driver, LINE)
    begin(driver, "wrong_sign")
    step(driver)
    spec = driver.window.run.run_spec
    assert spec == RunSpec(LINE)
    assert json.loads(run_spec_text(spec))["experiment"]["loop"]["zero_grad"] is True
    assert "fault" not in run_spec_text(spec)


@pytest.mark.parametrize("way", ["new_experiment", "begin_again"])
def test_a_hunt_ends_when_something_else_is_taken_up(driver: Driver, way: str) -> None:
    open_experiment(driver, replace(DEFAULT_EXPERIMENT, learning_rate=0.02))
    begin(driver, "sum")
    step(driver)
    driver.action(way).trigger()
    assert not driver.window.bug_hunt.active
    assert driver.window.run.meant is None
    driver.qtbot.waitUntil(lambda: driver.window.run.status.loop == CORRECT_LOOP)


def test_a_reset_and_another_learning_rate_leave_the_bug_hidden(driver: Driver) -> None:
    open_experiment(driver, LINE)
    begin(driver, "sum")
    step(driver)
    driver.action("reset").trigger()
    driver.wait_for(State.READY, 0)
    driver.enter("learning_rate", "0.005")
    driver.qtbot.waitUntil(lambda: driver.window.run.status.learning_rate == 0.005)
    assert driver.window.bug_hunt.active
    assert driver.window.run.status.loop == loop_of("sum")
    assert ".sum()" not in all_that_is_said(driver)


def test_an_optimizer_that_leaves_no_room_for_the_bug_ends_the_hunt_with_the_loop_mended(driver: Driver) -> None:
    open_experiment(driver, LINE)
    begin(driver, "wrong_sign")
    combo = driver.find(QComboBox, "optimizer")
    combo.setFocus()
    while combo.currentText() != "Adam":
        QTest.keyClick(combo, Qt.Key.Key_Down)
    driver.qtbot.waitUntil(lambda: isinstance(driver.window.run.experiment.optimizer, Adam))
    driver.qtbot.waitUntil(lambda: driver.window.run.status.loop == CORRECT_LOOP)
    assert not driver.window.bug_hunt.active


def test_one_seed_draws_one_bug(driver: Driver) -> None:
    open_experiment(driver, LINE)
    hunt, drawn = driver.window.bug_hunt, []
    for seed in (3, 3, 4, 5, 6, 7):
        assert hunt.begin((), seed)
        drawn.append(driver.window.run.experiment.loop)
        hunt.give_up()
    assert drawn[0] == drawn[1]
    assert len(set(map(repr, drawn))) > 1
    assert not hunt.begin(["other_thing"])
    assert driver.content(LoopPanel).isVisible()


def test_a_click_on_a_line_chooses_it(driver: Driver) -> None:
    open_experiment(driver, LINE)
    begin(driver, "wrong_sign")
    for label in driver.find(CodeView, "code_view").findChildren(QLabel, "code"):
        lines = label.fontMetrics().lineSpacing()
        for row in range(round(label.height() / lines)):
            QTest.mouseClick(label, Qt.MouseButton.LeftButton, pos=QPoint(4, int((row + 0.5) * lines)))
    chosen = driver.find(QComboBox, "hunt_line")
    assert chosen.currentIndex() == chosen.count() - 1
    label = driver.find(CodeView, "code_view").findChildren(QLabel, "code")[1]
    QTest.mouseClick(label, Qt.MouseButton.LeftButton, pos=QPoint(4, 6))
    assert chosen.currentText().endswith(LINES["sum"])
