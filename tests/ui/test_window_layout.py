"""Panels, settings, names: what a person and a screen reader find again."""

import re
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QMenu, QSlider, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from gradgui.ui.app.theme import Appearance
from gradgui.ui.epoch.loop_panel import LoopPanel
from gradgui.ui.experiment.experiment_panel import ExperimentPanel
from gradgui.ui.plots.epoch_plot import EpochPlot
from gradgui.ui.window.main_window import MainWindow
from gradgui.worker.status import State
from tests.ui.driver import Driver


def test_layout_and_settings_are_remembered(
    driver: Driver, open_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    driver.find(QDockWidget, "fit_panel").hide()
    driver.set_speed(70)
    assert driver.action("log_axis").isChecked()
    driver.action("log_axis").trigger()
    driver.window.resize(900, 620)
    driver.window.close()
    again = open_window()
    second = Driver(again, qtbot)
    second.wait_for(State.READY)
    assert not second.find(QDockWidget, "fit_panel").isVisible()
    assert second.find(QSlider, "speed").value() == 70
    assert not second.action("log_axis").isChecked()
    loss_plot = second.find(QWidget, "loss_plot").parent()
    assert isinstance(loss_plot, EpochPlot)
    assert not loss_plot.logarithmic
    assert (again.width(), again.height()) == (900, 620)
    second.action("default_layout").trigger()
    assert second.find(QDockWidget, "fit_panel").isVisible()


def test_light_and_dark(driver: Driver) -> None:
    for appearance, dark in ((Appearance.DARK, True), (Appearance.LIGHT, False)):
        driver.window.set_appearance(appearance)
        pixel = driver.window.grab().toImage().pixelColor(3, driver.window.height() // 2)
        assert (pixel.lightness() < 80) == dark


def test_everything_that_takes_the_focus_has_a_name(driver: Driver) -> None:
    nameless = [
        widget
        for widget in driver.window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and not widget.accessibleName()
        and not isinstance(widget, QTabBar)  # its tabs have names
    ]
    assert not nameless


def test_every_action_has_a_way_by_keyboard_and_says_what_it_does(driver: Driver) -> None:
    for name in ("run", "step_epoch", "reset", "export_csv", "copy_rows", "slower", "faster", "show_all", "log_axis"):
        action = driver.action(name)
        assert not action.shortcut().isEmpty()
        assert len(action.toolTip().splitlines()) == 2


def test_no_two_actions_have_the_same_shortcut(driver: Driver) -> None:
    shortcuts = [shortcut.toString() for action in driver.window.actions() for shortcut in action.shortcuts()]
    assert len(shortcuts) == len(set(shortcuts))


def test_no_two_entries_of_a_menu_have_the_same_letter(driver: Driver) -> None:
    for menu in driver.window.findChildren(QMenu):
        letters = re.findall(r"&(\w)", " ".join(action.text().lower() for action in menu.actions()))
        assert len(letters) == len(set(letters)), (menu.title(), letters)


def test_nothing_is_cut_at_the_side_on_a_small_screen(driver: Driver) -> None:
    driver.window.resize(1024, 560)
    driver.action("default_layout").trigger()
    for kind in (ExperimentPanel, LoopPanel):
        panel = driver.content(kind)
        driver.qtbot.waitUntil(lambda panel=panel: panel.widget().width() <= panel.viewport().width())  # type: ignore[misc]


def test_twelve_parameters_with_long_names_fit_a_small_screen(driver: Driver) -> None:
    names = [f"coefficient_of_the_power_no_{power:02}" for power in range(12)]
    driver.enter("model_formula", " + ".join(f"{name}*x**{power}" for power, name in enumerate(names)))
    driver.qtbot.waitUntil(lambda: driver.window.run.status.parameters == (1.0,) * 12)
    least = driver.window.minimumSizeHint()
    assert least.width() <= 1024
    assert least.height() <= 600 - 40  # for a title bar and a task bar
    driver.window.resize(1024, 560)
    for name in names:
        assert driver.find(QWidget, f"value_{name}").toolTip().startswith(f"{name} as it is now")
    driver.enter("learning_rate", "5")
    driver.set_speed(100)
    driver.action("run").trigger()
    driver.wait_for(State.DIVERGED)
    driver.qtbot.waitUntil(lambda: driver.find(QLabel, "message_label").width() >= 400)


def test_a_legend_does_not_make_a_small_window_grow(driver: Driver) -> None:
    driver.window.resize(1024, 560)
    names = [f"coefficient_of_the_power_no_{power:02}" for power in range(6)]
    driver.enter("model_formula", " + ".join(f"{name}*x**{power}" for power, name in enumerate(names)))
    driver.qtbot.waitUntil(lambda: driver.window.run.status.parameters == (1.0,) * 6)
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 1)
    assert driver.window.height() == 560
    assert driver.window.minimumSizeHint().height() <= 560
