"""Documents on paper: as a PDF, or printed."""

from collections.abc import Mapping

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF, QUrl
from PySide6.QtGui import (
    QGuiApplication,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QTextDocument,
)
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

SIZES = (10.0, 9.0, 8.0, 7.0, 6.0)
"""Points of the letters: the largest with which everything stands on one page, or else the smallest."""
MARGIN = 15.0
"""Millimetres."""

Pictures = Mapping[str, QImage]
"""Pictures by the names under which a document has them."""


def pdf_of(html: str, title: str, pictures: Pictures | None = None, *, one_page: bool = True) -> bytes:
    """Make a PDF of a document.

    Parameters
    ----------
    html
        The document.
    title
        What the file says that it is.
    pictures
        That are in it.
    one_page
        Whether letters are made smaller until it is one page.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("GradGUI")
    writer.setPageLayout(_layout())
    _print(writer, html, pictures or {}, one_page=one_page)
    del writer  # which writes the end of the file
    return bytes(buffer.data().data())


def print_document(
    window: QWidget, html: str, title: str, pictures: Pictures | None = None, *, one_page: bool = True
) -> bool:
    """Ask for a printer, and print a document as `pdf_of` has it; False when the person thought better of it."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setPageLayout(_layout())
    if QPrintDialog(printer, window).exec() != QPrintDialog.DialogCode.Accepted:
        return False
    _print(printer, html, pictures or {}, one_page=one_page)
    return True


def _layout() -> QPageLayout:
    margins = QMarginsF(MARGIN, MARGIN, MARGIN, MARGIN)
    page = QPageSize(QPageSize.PageSizeId.A4)
    return QPageLayout(page, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter)


def _print(device: QPagedPaintDevice, html: str, pictures: Pictures, *, one_page: bool) -> None:
    resolution = round(QGuiApplication.primaryScreen().logicalDotsPerInch())
    room = QSizeF(device.pageLayout().paintRectPixels(resolution).size())
    document = _document(html, pictures, SIZES[0], room)
    for size in SIZES[1:] if one_page else ():
        if document.pageCount() <= 1:
            break
        document = _document(html, pictures, size, room)
    document.print_(device)


def _document(html: str, pictures: Pictures, size: float, room: QSizeF) -> QTextDocument:
    document = QTextDocument()
    document.setDocumentMargin(0.0)
    font = document.defaultFont()
    font.setPointSizeF(size)
    document.setDefaultFont(font)
    document.setDefaultStyleSheet(
        "td, th { padding: 2px 6px; } th { text-align: left; } pre { font-family: monospace; }"
    )
    for name, picture in pictures.items():
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), picture)
    document.setHtml(html)
    document.setPageSize(room)
    return document
