"""The Help menu: versions, licences, diagnostics, logs."""

from importlib.metadata import version

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QPushButton, QTableWidget

from gradgui import __version__
from gradgui.logs import log_folder
from tests.ui.driver import Driver


def test_about_names_what_is_inside_and_its_licences(driver: Driver) -> None:
    driver.action("about").trigger()
    table = driver.find(QTableWidget, "about_versions")
    model = table.model()
    rows = {
        model.index(row, 0).data(): (model.index(row, 1).data(), model.index(row, 2).data())
        for row in range(model.rowCount())
    }
    assert rows["GradGUI"] == (__version__, "MIT")
    assert rows["PyTorch"] == (version("torch"), "BSD-3-Clause")
    assert rows["PySide6 and Qt"] == (version("PySide6-Essentials"), "LGPL-3.0")
    driver.find(QPushButton, "copy_diagnostics").click()
    assert f"PyTorch: {version('torch')}\n" in QGuiApplication.clipboard().text()
    driver.find(QDialog, "about_dialog").close()


def test_diagnostics_are_copied_from_the_menu(driver: Driver) -> None:
    QGuiApplication.clipboard().setText("")
    driver.action("copy_diagnostics").trigger()
    text = QGuiApplication.clipboard().text()
    assert text.startswith(f"GradGUI: {__version__}\n")
    assert f"log folder: {log_folder()}\n" in text
    assert driver.text("message_label") == "The diagnostic information is on the clipboard."


@pytest.mark.parametrize("opened", [True, False])
def test_the_log_folder_is_opened_or_named(driver: Driver, monkeypatch: pytest.MonkeyPatch, opened: bool) -> None:
    asked: list[QUrl] = []

    def open_url(url: QUrl) -> bool:  # there is no file manager here
        asked.append(url)
        return opened

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    driver.action("open_log_folder").trigger()
    assert asked == [QUrl.fromLocalFile(str(log_folder()))]
    assert (str(log_folder()) in driver.text("message_label")) is not opened
