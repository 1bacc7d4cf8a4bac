"""A page of the help, with pictures as wide as there is room, and words that were searched for marked."""

from html import escape

from PySide6.QtCore import QEvent, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPalette, QResizeEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from gradgui.resources import resource_path
from gradgui.ui.app.theme import SPACING, theme_of
from gradgui.ui.help.book import PICTURE, find_page

SETTLED = 80
"""Milliseconds after which a new width counts, while an edge is dragged."""
LEAST_WIDTH = 120


class PageBrowser(QTextBrowser):
    """Show pages by their address; nothing else is read, from no disk and no network.

    Parameters
    ----------
    parent
        Where it stands.

    Signals
    -------
    outside_wanted(QUrl)
        A link that leads out of the help was clicked.
    """

    outside_wanted = Signal(QUrl)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("help_page")
        self.setAccessibleName("Page of the help")
        self.setWhatsThis("The page. Tab goes to the next link, Enter follows it.")
        self.setOpenLinks(False)
        self.document().setDocumentMargin(2 * SPACING)
        self.anchorClicked.connect(self._follow)
        self._told: dict[str, str] = {}
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLED)
        self._settling.timeout.connect(self._lay_out)

    def show_page(self, url: str) -> bool:
        """Go to a page, and to a place in it; False where there is none."""
        if find_page(url) is None and url not in self._told:
            return False
        self.setExtraSelections([])
        self.setSource(QUrl(url), QTextDocument.ResourceType.HtmlResource)
        return True

    def tell(self, url: str, html: str) -> None:
        """Show a text that is no page of the book, under an address of its own."""
        self._told[url] = html
        self.setExtraSelections([])
        self.setSource(QUrl(url), QTextDocument.ResourceType.HtmlResource)

    def mark(self, text: str, words: str) -> None:
        """Mark words on the page, and go to a paragraph of it.

        Parameters
        ----------
        text
            What the paragraph says.
        words
            What was searched for.
        """
        document = self.document()
        marks = []
        for word in words.split():
            cursor = document.find(word)
            while not cursor.isNull():
                marks.append(self._marked(cursor))
                cursor = document.find(word, cursor)
        self.setExtraSelections(marks)
        block = document.begin()
        while block.isValid():
            said = block.text().replace("\ufffc", "")
            if " ".join(said.split()) == text:
                self.setTextCursor(QTextCursor(block))
                self.verticalScrollBar().setValue(
                    int(document.documentLayout().blockBoundingRect(block).top()) - self.height() // 4
                )
                return
            block = block.next()

    def loadResource(self, _kind: int, url: QUrl | str) -> object:  # noqa: N802
        """Give a page or a picture of the book; nothing for other addresses."""
        url = QUrl(url)
        if url.scheme() == PICTURE:
            return self._picture(url.path())
        address = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
        page = find_page(address)
        html = self._told.get(address, "") if page is None else page.html
        return f"<style>{self._style()}</style>{html}".replace(
            "<p><img", '<p style="line-height: 100%"><img'
        ).replace(f'src="{PICTURE}:', self._sized_source())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give pictures their new width, when it has settled."""
        super().resizeEvent(event)
        self._settling.start()

    def changeEvent(self, event: QEvent) -> None:
        """Take other colours and other pictures with another theme."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self._settling.start()

    @Slot()
    def _lay_out(self) -> None:
        """Show the same place of the page again."""
        if self.source().isEmpty():
            return
        bar = self.verticalScrollBar()
        place, marks = bar.value() / max(1, bar.maximum()), self.extraSelections()
        spans = [(mark.cursor.position(), mark.cursor.anchor()) for mark in marks]
        self.reload()
        bar.setValue(round(place * bar.maximum()))
        self.setExtraSelections([self._marked(self._cursor(*span)) for span in spans])

    @Slot(QUrl)
    def _follow(self, url: QUrl) -> None:
        if not self.show_page(url.toString(QUrl.ComponentFormattingOption.FullyEncoded)):
            self.outside_wanted.emit(url)

    def _sized_source(self) -> str:
        """Give what stands before a picture's name: its address changes with width and theme, as it is kept."""
        theme = "dark" if theme_of(QGuiApplication.palette()).dark else "light"
        width = max(LEAST_WIDTH, self.viewport().width() - 2 * int(self.document().documentMargin()) - 4)
        return f'src="{PICTURE}:{theme}/{width}/'

    def _picture(self, address: str) -> QImage:
        """Read a picture that fits the theme, no wider than the page."""
        theme, width, name = address.split("/")
        image = QImage()
        for ending in (f"-{theme}", "-light", ""):
            try:
                image = QImage(str(resource_path("pictures", f"{name}{ending}.png")))
            except FileNotFoundError:
                continue
            break
        ratio = self.devicePixelRatioF()
        wide = round(int(width) * ratio)
        if image.width() > wide:
            image = image.scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
            image.setDevicePixelRatio(ratio)
        return image

    def _style(self) -> str:
        theme = theme_of(QGuiApplication.palette())
        return (
            f"body {{ color: {theme.text}; }} a {{ color: {theme.accent}; }} h1, h2 {{ margin-bottom: 6px; }}"
            f" code, pre {{ background: {theme.window}; }} p, li {{ line-height: 130%; }} th {{ text-align: left; }}"
            " li { margin-bottom: 4px; }"
        )

    def _cursor(self, position: int, anchor: int) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(anchor)
        cursor.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _marked(self, cursor: QTextCursor) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        colour = QColor(self.palette().color(QPalette.ColorRole.Highlight))
        colour.setAlpha(70)
        mark.cursor = cursor
        mark.format.setBackground(colour)
        return mark


def told_page(title: str, html: str) -> str:
    """Give a text a heading."""
    return f"<h2>{escape(title)}</h2>{html}"
