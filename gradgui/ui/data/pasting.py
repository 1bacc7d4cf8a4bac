"""Points that go to and come from the clipboard."""

from PySide6.QtCore import QMimeData

from gradgui.experiment.data import Data
from gradgui.numbers import write_number
from gradgui.tables.detection import Detection
from gradgui.tables.format import TableError
from gradgui.tables.pasted import detect_text
from gradgui.tables.preview import ROW_NUMBER
from gradgui.tables.reader import TableReader
from gradgui.tables.table import Table

MOST_AT_ONCE = 20_000
"""Rows that are read at once; more are read in the background."""


def copied_text(data: Data) -> str:
    """Write points as lines of x, a tab, y."""
    points = zip(data.x.tolist(), data.y.tolist(), strict=True)
    return "".join(f"{write_number(x)}\t{write_number(y)}\n" for x, y in points)


def pasted_text(content: QMimeData | None) -> str:
    """Give what is on the clipboard: its text or, where that has no cells, the table of a web page."""
    if content is None:  # as Qt says of a clipboard that nobody ever used, whatever its types say
        return ""
    text, html = content.text(), content.html()
    return html if "\t" not in text and "<td" in html.lower() else text


def find_cells(text: str) -> Detection:
    """Find out how a pasted text is written.

    Raises
    ------
    TableError
        When there is no number in it.
    """
    detection = detect_text(text)
    if not any(reading.numeric for reading in detection.readings):
        raise TableError("There is no number in what was copied; copy one or two columns of numbers")
    return detection


def read_at_once(text: str, detection: Detection) -> Table | None:
    """Read what leaves no question: one or two columns of numbers; None where a person must be asked.

    Of a single column the numbers are ``y``, beside the numbers of its rows.
    """
    preview = detection.best
    places = [place for place in preview.suggested if place is not ROW_NUMBER]
    if detection.ambiguous or len(places) != len(preview.columns) or text.count("\n") > MOST_AT_ONCE:
        return None
    reader = TableReader(preview, *preview.suggested)
    for _ in reader.steps():
        pass
    table = reader.finish()
    return None if table.bad_count else table
