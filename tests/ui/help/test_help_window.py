"""Guide and glossary in the window, by keys and links: every address leads somewhere, and none to the network."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QToolButton, QWidget

from gradgui.ui.app.theme import Appearance
from gradgui.ui.help.book import find_page, glossary_pages, guide_pages, guide_url
from gradgui.ui.help.help_window import HelpWindow
from gradgui.ui.help.page_browser import PageBrowser
from gradgui.ui.widgets.labels import LinkedLabel, wrapping_label
from gradgui.ui.window.view import Dock
from tests.ui.driver import Driver

TOP = Path(__file__).parents[3]
GUIDE = TOP / "docs" / "guide.md"


class _Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.pictures: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        if tag == "img":
            self.pictures.append(str(found["src"]))


def _addresses(html: str) -> _Addresses:
    addresses = _Addresses()
    addresses.feed(html)
    return addresses


@pytest.fixture(autouse=True)
def outside(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the desktop was asked to open."""
    asked: list[str] = []

    def open_url(url: QUrl) -> bool:
        asked.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    return asked


def _help(driver: Driver) -> HelpWindow:
    driver.qtbot.waitUntil(lambda: driver.window.findChild(HelpWindow) is not None)
    window = driver.content(HelpWindow)
    driver.qtbot.waitUntil(lambda: window.isVisible() and window.isActiveWindow())
    return window


def _address(window: HelpWindow) -> str:
    return window.page.source().toString(QUrl.ComponentFormattingOption.FullyEncoded)


@pytest.mark.parametrize("page", [*guide_pages(), *glossary_pages()], ids=lambda page: page.url)
def test_every_link_and_picture_of_a_page_exists(page: object) -> None:
    addresses = _addresses(page.html)  # type: ignore[attr-defined]
    for link in addresses.links:
        found = find_page(link)
        assert found is not None, link
        if fragment := link.partition("#")[2]:
            assert f'<a name="{fragment}">' in found.html
    for picture in addresses.pictures:
        name = picture.removeprefix("picture:")
        assert any((TOP / "docs/pictures" / f"{name}{ending}.png").exists() for ending in ("-light", "")), name


def test_every_section_of_the_guide_is_a_page() -> None:
    headings = re.findall(r"^##? (.+)$", GUIDE.read_text("utf-8"), flags=re.MULTILINE)
    assert [page.title for page in guide_pages()][: len(headings)] == headings


def test_what_the_packages_take_along_is_what_the_guide_shows() -> None:
    wanted = {f"{name}.png" for name in re.findall(r"pictures/([\w-]+)\.png", GUIDE.read_text("utf-8"))}
    wanted |= {
        dark for name in wanted if (GUIDE.parent / "pictures" / (dark := name.replace("-light", "-dark"))).exists()
    }
    named = set(re.findall(r'"docs/pictures/([\w-]+\.png)" = "gradgui/_resources/pictures/\1"', _pyproject()))
    assert named == wanted
    for text in ("guide.md", "runs.md", "lessons.md"):
        assert f'"docs/{text}" = "gradgui/_resources/{text}"' in _pyproject()


def _pyproject() -> str:
    return (TOP / "pyproject.toml").read_text("utf-8")


def test_keys_open_guide_and_glossary(driver: Driver) -> None:
    QTest.keyClick(driver.window, Qt.Key.Key_F1, Qt.KeyboardModifier.ControlModifier)
    window = _help(driver)
    assert _address(window) == guide_pages()[0].url
    assert not window.isModal()
    driver.window.activateWindow()
    driver.qtbot.waitUntil(driver.window.isActiveWindow)
    QTest.keyClick(
        driver.window, Qt.Key.Key_F1, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    driver.qtbot.waitUntil(lambda: _address(window) == guide_url("glossary") and window.isActiveWindow())
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert _address(window) == guide_pages()[0].url
    QTest.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert _address(window) == guide_url("glossary")
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    driver.action("guide").trigger()
    assert driver.window.findChildren(HelpWindow) == [window], "there is one"


def test_the_search_goes_by_keys_from_place_to_place(driver: Driver) -> None:
    driver.action("guide").trigger()
    window = _help(driver)
    QTest.keyClick(window.page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    line = driver.find(QLineEdit, "help_search")
    assert line.hasFocus() or window.focusWidget() is line
    QTest.keyClicks(line, "zero_grad")
    places = driver.find(QListWidget, "help_list")
    found = [places.item(row).text() for row in range(places.count())]
    assert found[0].split("\n")[0] == "zero_grad", "the entry first"
    assert {"Inside one epoch", "Break it on purpose", "optimizer"} <= {text.split("\n")[0] for text in found}
    assert all("zero_grad" in text for text in found)
    seen = []
    for _ in range(len(found)):
        QTest.keyClick(line, Qt.Key.Key_Return)
        seen.append(_address(window))
        assert window.windowTitle() == f"{found[len(seen) - 1].partition(chr(10))[0]} – Help"
        assert window.page.extraSelections()
    assert len(set(seen)) > 3
    line.clear()
    QTest.keyClicks(line, "largest stable")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert "largest stable" in window.page.textCursor().block().text()
    QTest.keyClick(line, Qt.Key.Key_Down)
    assert window.focusWidget() is places
    QTest.keyClick(places, Qt.Key.Key_Down)
    QTest.keyClick(places, Qt.Key.Key_Return)
    assert _address(window) != seen[-1]
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.isVisible()
    assert line.text() == ""
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_a_search_that_finds_nothing_says_so(driver: Driver) -> None:
    driver.action("guide").trigger()
    window = _help(driver)
    QTest.keyClicks(driver.find(QLineEdit, "help_search"), "xylophone")
    assert any(label.text() == "No place with this word" for label in window.findChildren(QLabel))
    QTest.keyClick(driver.find(QLineEdit, "help_search"), Qt.Key.Key_Return)
    assert window.isVisible()


def test_every_panel_has_a_button_that_opens_its_section(driver: Driver) -> None:
    docks = driver.window.findChildren(Dock)
    assert len(docks) >= 13
    for dock in docks:
        section = dock.property("guide_section")
        page = find_page(guide_url(section))
        assert page is not None, f"{dock.objectName()}: the guide has no section {section}"
        (button,) = [
            one
            for one in dock.titleBarWidget().findChildren(QToolButton)
            if one.accessibleName() == f"Help on {dock.windowTitle()}"
        ]
        button.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(button, Qt.Key.Key_Space)
        assert _address(_help(driver)) == page.url


def test_a_word_in_a_text_opens_the_glossary(
    driver: Driver, outside: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    label = driver.find(QLabel, "forecast_stability")
    assert isinstance(label, LinkedLabel)
    driver.qtbot.waitUntil(lambda: "stable" in label.text())
    assert "<" not in label.text()
    links = _addresses(QLabel.text(label)).links
    assert "glossary:stable%20rate" in links
    QDesktopServices.openUrl(QUrl("glossary:stable%20rate"))  # what a click on it comes to
    assert _address(_help(driver)) == "glossary:stable%20rate"
    assert "2 / 15" in _help(driver).page.toPlainText()


def test_a_word_in_a_label_can_be_clicked(driver: Driver, outside: list[str]) -> None:
    label = wrapping_label("sample", "loss")
    driver.qtbot.addWidget(label)
    label.resize(200, label.sizeHint().height())
    label.setOpenExternalLinks(False)
    label.show()
    driver.qtbot.waitExposed(label)
    word = QPoint(8, label.height() // 2)
    QTest.mouseMove(label, word)
    with driver.qtbot.waitSignal(label.linkActivated) as activated:
        QTest.mouseClick(label, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, word)
    assert activated.args == ["glossary:loss"]


def test_links_of_the_page_are_followed_by_keys(driver: Driver) -> None:
    driver.action("glossary").trigger()
    window = _help(driver)
    QTest.keyClick(window.page, Qt.Key.Key_Tab)
    QTest.keyClick(window.page, Qt.Key.Key_Return)
    driver.qtbot.waitUntil(lambda: _address(window).startswith("glossary:"))


def test_nothing_is_opened_from_the_network_but_by_a_click(driver: Driver, outside: list[str]) -> None:
    driver.action("guide").trigger()
    page = _help(driver).page
    for address in ("https://example.org/x.png", "http://example.org/", "file:///etc/hostname", "qrc:/x"):
        loaded = page.loadResource(2, QUrl(address))
        assert not isinstance(loaded, QImage) or loaded.isNull()
        assert "<p>" not in str(loaded)
        assert not page.show_page(address)
    assert outside == []
    page.anchorClicked.emit(QUrl("file:///etc/hostname"))
    assert outside == []
    page.anchorClicked.emit(QUrl("https://example.org/"))
    assert outside == ["https://example.org/"]


def test_pictures_are_as_wide_as_the_page_and_fit_the_theme(driver: Driver) -> None:
    driver.action("guide").trigger()
    window = _help(driver)
    window.read("guide:the-lesson")
    page = window.page

    def picture() -> QImage:
        (address,) = re.findall(r'src="(picture:[^"]+)"', str(page.loadResource(1, page.source())))
        image = page.loadResource(2, QUrl(address))
        assert isinstance(image, QImage)
        return image

    driver.window.set_appearance(Appearance.LIGHT)
    light = picture()
    assert 0 < light.width() <= page.viewport().width()
    window.resize(window.width() - 150, window.height())
    driver.qtbot.waitUntil(lambda: picture().width() <= light.width() - 100)
    driver.qtbot.waitUntil(lambda: page.horizontalScrollBar().maximum() == 0)
    driver.window.set_appearance(Appearance.DARK)
    assert picture().pixelColor(5, 5).lightness() < 128 < light.pixelColor(5, 5).lightness()


def test_a_page_that_is_not_there_is_the_beginning(driver: Driver) -> None:
    driver.action("guide").trigger()
    window = _help(driver)
    window.read("guide:no-such-section")
    assert _address(window) == guide_pages()[0].url
    window.read("guide:the-file-of-runs#comparing")
    assert _address(window) == "guide:the-file-of-runs#comparing"
    assert isinstance(window.findChild(PageBrowser), QWidget)
