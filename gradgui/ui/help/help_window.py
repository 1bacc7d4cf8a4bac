"""The window of the help: contents or what a search found, and a page beside them."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gradgui.numbers import write_count
from gradgui.ui.app.theme import SPACING
from gradgui.ui.help.book import Page, find_page, glossary_pages, guide_pages
from gradgui.ui.help.page_browser import PageBrowser, told_page
from gradgui.ui.help.search import excerpt, find_places

SIZE = (920, 680)
ABOUT_CONTROL = "control"
MOST_FOUND = 200
_URL, _TEXT = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class HelpWindow(QDialog):
    """Guide and glossary, to be read beside the window that it belongs to.

    Parameters
    ----------
    parent
        That window; what is modal has a help of its own, as another's would not take a key.

    Attributes
    ----------
    page
        What is being read.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("help_window")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        room = self.screen().availableSize()
        self.resize(min(SIZE[0], room.width() - 80), min(SIZE[1], room.height() - 80))
        self.page = PageBrowser(self)
        self.page.historyChanged.connect(self._show_where)
        self.page.outside_wanted.connect(_open_outside)
        self._back = self._button("help_back", "Back", "Back to the page before (Alt+Left).", self.page.backward)
        self._forward = self._button("help_forward", "Forward", "To the next page (Alt+Right).", self.page.forward)
        self.page.backwardAvailable.connect(self._back.setEnabled)
        self.page.forwardAvailable.connect(self._forward.setEnabled)
        self._search = QLineEdit()
        self._search.setObjectName("help_search")
        self._search.setAccessibleName("Search guide and glossary")
        self._search.setPlaceholderText("Search (Ctrl+F)")
        self._search.setToolTip(
            "Search: all places of guide and glossary that have all of these words.\n"
            "Enter goes to the next one, Down to their list, Esc back to the contents."
        )
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._find)
        self._search.returnPressed.connect(self._go_to_next)
        self._search.installEventFilter(self)
        self._found = QLabel()
        self._found.setObjectName("hint")
        self._list = QListWidget()
        self._list.setObjectName("help_list")
        self._list.setAccessibleName("Contents")
        self._list.setToolTip("Contents, or what the search found: Enter or a click goes there.")
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setStyleSheet("QListWidget::item { padding: 3px; }")
        self._list.itemActivated.connect(self._open_item)
        self._list.itemClicked.connect(self._open_item)
        QShortcut(QKeySequence("Ctrl+F"), self, self._begin_search)
        QShortcut(QKeySequence("Alt+Left"), self, self.page.backward)
        QShortcut(QKeySequence("Alt+Right"), self, self.page.forward)
        self._lay_out()
        self._show_contents()

    def _button(self, name: str, text: str, tooltip: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setToolTip(tooltip)
        button.setAutoDefault(False)
        button.setEnabled(False)
        button.clicked.connect(slot)
        return button

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._search, self._found, self._list):
            column.addWidget(widget)
        right = QWidget()
        beside = QVBoxLayout(right)
        beside.setContentsMargins(0, 0, 0, 0)
        buttons = QHBoxLayout()
        buttons.addWidget(self._back)
        buttons.addWidget(self._forward)
        buttons.addStretch(1)
        beside.addLayout(buttons)
        beside.addWidget(self.page)
        both = QSplitter()
        both.addWidget(left)
        both.addWidget(right)
        both.setStretchFactor(1, 1)
        both.setSizes([260, self.width() - 260])
        both.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        layout.addWidget(both)

    def read(self, url: str) -> None:
        """Show a page, and come to the front without holding anything up.

        Parameters
        ----------
        url
            As ``guide:back-in-time``, ``glossary:leaf``; of an address that leads nowhere the beginning is shown.
        """
        page = find_page(url)
        fragment = url.partition("#")[2]
        address = guide_pages()[0].url if page is None else page.url
        self._search.clear()
        self.page.show_page(f"{address}#{fragment}" if fragment else address)
        self._come()

    def explain(self, title: str, html: str) -> None:
        """Show what is to be said of a control."""
        self.page.tell(f"{ABOUT_CONTROL}:{QUrl.toPercentEncoding(title).toStdString()}", told_page(title, html))
        self._come()

    def _come(self) -> None:
        self.show()
        self.raise_()
        self.activateWindow()
        self.page.setFocus()

    def _show_contents(self) -> None:
        self._list.clear()
        self._list.setAccessibleName("Contents")
        for page in (*guide_pages(), *glossary_pages()):
            is_word = page.url.startswith("glossary:")
            self._add(f"      {page.title}" if is_word else page.title, page, "")
        self._found.setText("Contents")
        self._show_where()

    @Slot(str)
    def _find(self, words: str) -> None:
        if not words.strip():
            self._show_contents()
            return
        self._list.clear()
        places = find_places(words)
        self._list.setAccessibleName("What was found")
        for place in places[:MOST_FOUND]:
            self._add(f"{place.page.title}\n{excerpt(place, words)}", place.page, place.text)
        number = f"{write_count(len(places))} place{'' if len(places) == 1 else 's'}" if places else "No place"
        self._found.setText(f"{number} with {'these words' if len(words.split()) > 1 else 'this word'}")

    def _add(self, text: str, page: Page, place: str) -> None:
        item = QListWidgetItem(text)
        item.setData(_URL, page.url)
        item.setData(_TEXT, place)
        self._list.addItem(item)

    @Slot()
    def _go_to_next(self) -> None:
        if self._search.text().strip() and self._list.count():
            self._list.setCurrentRow((self._list.currentRow() + 1) % self._list.count())
            self._open_item(self._list.currentItem())

    @Slot(QListWidgetItem)
    def _open_item(self, item: QListWidgetItem) -> None:
        self.page.show_page(item.data(_URL))
        if item.data(_TEXT):
            self.page.mark(item.data(_TEXT), self._search.text())

    @Slot()
    def _show_where(self) -> None:
        """Name the page in the title, and mark it in the contents."""
        page = find_page(self.page.source().toString(QUrl.ComponentFormattingOption.FullyEncoded))
        title = "What's this" if page is None else page.title
        self.setWindowTitle(f"{title} – Help")
        if not self._search.text().strip() and page is not None:
            rows = [self._list.item(row).data(_URL) for row in range(self._list.count())]
            self._list.setCurrentRow(rows.index(page.url))

    @Slot()
    def _begin_search(self) -> None:
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go from the search's field to the list with Down."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down:
            self._list.setFocus(Qt.FocusReason.TabFocusReason)
            self._list.setCurrentRow(max(0, self._list.currentRow()))
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the search first with Esc, and then the help; Enter is no button's."""
        if event.key() == Qt.Key.Key_Escape and self._search.text():
            self._search.clear()
            self._list.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)


@Slot(QUrl)
def _open_outside(url: QUrl) -> None:
    """Show in the desktop's browser what was clicked and leads to the web; nothing else."""
    if url.scheme() in {"http", "https"}:
        QDesktopServices.openUrl(url)
