"""A lesson's text: Markdown and formulas, as they are read."""

import re
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QKeyEvent, QTextDocument
from PySide6.QtWidgets import QTextBrowser

from gradgui.ui.help.glossary import link_terms

_FORMULA = re.compile(r"^\$\$\s*(.+?)\s*(?:\$\$)?$", re.MULTILINE)
_MARKDOWN = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML


class LessonText(QTextBrowser):
    """Show a text in Markdown; its links are followed, the web's in the person's own browser."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("lesson_text")
        self.setAccessibleName("Text of the lesson")
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self._take_height)
        self.anchorClicked.connect(self._follow)

    def show_text(self, text: str, folder: Path) -> None:
        """Show a text; its pictures lie in a folder."""
        self.setSearchPaths([str(folder)])
        self.setHtml(html_of(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Space to the window, where it runs and pauses."""
        if event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _take_height(self) -> None:
        """Be as high as the text: the page scrolls, and not the text in it."""
        self.setFixedHeight(int(self.document().size().height()) + 4)

    @Slot(QUrl)
    def _follow(self, url: QUrl) -> None:
        QDesktopServices.openUrl(url)  # of the glossary and the guide, this is the program's own help


def html_of(text: str) -> str:
    """Give Markdown as HTML; HTML in it stays text, and a line that begins with ``$$`` is a formula."""
    formulas: list[str] = []

    def put_away(found: re.Match[str]) -> str:
        formulas.append(found[1])
        return f"\n\nFORMULA{len(formulas) - 1}X\n\n"

    document = QTextDocument()
    document.setMarkdown(_FORMULA.sub(put_away, text), _MARKDOWN)
    html = document.toHtml()
    for place, formula in enumerate(formulas):
        html = html.replace(f"FORMULA{place}X", formula_html(formula))
    return link_terms(html)


def formula_html(formula: str) -> str:
    """Give a formula with its letters leaning, what follows an underscore low, and what follows a caret high."""
    text = re.sub(r"_(\{[^}]*\}|\w+)", lambda found: f"<sub>{found[1].strip('{}')}</sub>", escape(formula))
    text = re.sub(r"\^(\{[^}]*\}|\w+)", lambda found: f"<sup>{found[1].strip('{}')}</sup>", text)
    return f"&nbsp;&nbsp;&nbsp;<i>{text}</i>"
