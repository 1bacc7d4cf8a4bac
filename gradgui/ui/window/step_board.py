"""The step in letters that are read from ten metres: epoch, phase, loss, parameters, the line and its numbers."""

import math
from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from gradgui.experiment.training_loop import PHASES
from gradgui.numbers import readable, write_count
from gradgui.record.trace import EpochTrace
from gradgui.ui.app.theme import LIGHT, SPACING, Theme
from gradgui.ui.epoch.code_view import CodeView
from gradgui.ui.epoch.loop_panel import is_outrun
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.status_line import state_text
from gradgui.worker.status import State

LETTERS_HIGH = 30
"""The screen's height divided by this is that of a capital letter, which is so read from ten metres."""
LINES, MOST_CODE = 4, 3
"""Lines for code and numbers together, and for code alone."""


class Piece(Struct, frozen=True):
    """Some words of one colour.

    Attributes
    ----------
    text
        The words.
    colour
        ``#rrggbb``.
    """

    text: str
    colour: str


class StepBoard(QWidget):
    """What the run has just done, in six lines.

    Parameters
    ----------
    run
        What is shown.
    code
        The loop, whose lit line is shown.
    """

    def __init__(self, run: LiveRun, code: CodeView) -> None:
        super().__init__()
        self.setObjectName("step_board")
        self.setAccessibleName("The present step")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._run, self._code = run, code
        self._theme = LIGHT
        self.step = ""
        self.values: tuple[Piece, ...] = ()
        self.line = self.numbers = ""
        run.figures.connect(self.show_run)
        run.status_changed.connect(self.show_run)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        self._theme = theme
        self.show_run()

    @property
    def fonts(self) -> tuple[QFont, QFont]:
        """Fonts for words and for code, whose capitals are as high as the screen asks for."""
        height = self.screen().size().height() / LETTERS_HIGH
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        return _with_capitals(QApplication.font(), height), _with_capitals(fixed, height)

    def sizeHint(self) -> QSize:
        """Ask for six lines."""
        words, fixed = (QFontMetricsF(font).height() for font in self.fonts)
        return QSize(0, math.ceil(2 * words + LINES * fixed) + SPACING)

    @Slot()
    def show_run(self) -> None:
        """Show the run as it is now."""
        run, theme = self._run, self._theme
        trace = None if is_outrun(run) else run.view(EpochTrace)
        if trace is not None and trace.epoch not in {run.epoch, run.epoch + 1}:
            trace = None
        epoch = run.epoch if trace is None else trace.epoch
        phase = self._code.lit if trace is not None else None
        parts = [f"Epoch {write_count(epoch)} of {write_count(run.status.target or run.experiment.epochs)}"]
        if trace is not None and trace.phases_done == 0 and run.status.state is not State.FAILED:
            parts.append("about to begin")
        elif phase is not None:
            parts.append(f"{phase.value} ({PHASES.index(phase) + 1} of {len(PHASES)})")
        if run.status.state is not State.READY:
            parts.append(state_text(run.status))
        self.step = " · ".join(parts)
        parameters = run.parameters if trace is None else trace.after or trace.before
        named = zip(run.experiment.parameter_names, parameters, strict=False)
        self.values = (
            Piece(f"loss {self._loss(trace)}", theme.loss),
            *(
                Piece(f"{name} {readable(value)}", theme.parameter(place))
                for place, (name, value) in enumerate(named)
            ),
        )
        self.line = self._code.code(phase) if phase is not None else ""
        self.numbers = self._code.numbers(phase) if phase is not None else ""
        said = "\n".join([self.step, "   ".join(piece.text for piece in self.values), self.line, self.numbers])
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)
        self.update()

    def _loss(self, trace: EpochTrace | None) -> str:
        """Give the loss of the epoch that is shown, or of the last one before it that has one."""
        run = self._run
        if trace is not None and trace.loss is not None:
            return readable(trace.loss.number)
        return readable(run.log.value("loss", run.epoch)) if 0 < run.epoch <= len(run.log) else "–"

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the lines, each cut where the window ends."""
        painter = QPainter(self)
        words, fixed = self.fonts
        room, y = float(self.width() - 2 * SPACING), SPACING / 2
        bold = QFont(words)
        bold.setBold(True)
        y += _write(painter, bold, [Piece(self.step, self._theme.text)], y, room)
        y += _write(painter, words, self.values, y, room)
        metrics = QFontMetricsF(fixed)
        code = broken(self.line, metrics, room, MOST_CODE if self.numbers else LINES)
        numbers = broken(self.numbers, metrics, room, LINES - len(code))
        for lines, colour in ((code, self._theme.accent), (numbers, self._theme.text)):
            for line in lines:
                y += _write(painter, fixed, [Piece(line, colour)], y, room)
        painter.end()


def _with_capitals(font: QFont, height: float) -> QFont:
    large = QFont(font)
    large.setPixelSize(max(1, math.floor(height)))
    while QFontMetricsF(large).capHeight() < height:
        large.setPixelSize(large.pixelSize() + 1)
    return large


def _write(painter: QPainter, font: QFont, pieces: Sequence[Piece], y: float, room: float) -> float:
    """Write words beside each other, and give the height of the line."""
    metrics, x = QFontMetricsF(font), 0.0
    painter.setFont(font)
    for piece in pieces:
        text = metrics.elidedText(piece.text, Qt.TextElideMode.ElideRight, max(0.0, room - x))
        painter.setPen(QColor(piece.colour))
        width = metrics.horizontalAdvance(text)
        place = QRectF(SPACING + x, y, width + 1, metrics.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine, text)
        x += width + metrics.horizontalAdvance("   ")
        if text != piece.text:
            break
    return metrics.height()


def broken(text: str, metrics: QFontMetricsF, room: float, most: int) -> list[str]:
    """Break lines at spaces where the room ends; what is more than so many lines is told by dots.

    Parameters
    ----------
    text
        The lines.
    metrics
        Of the font that it is written in.
    room
        Pixels beside each other.
    most
        So many lines at most.
    """
    lines: list[str] = []
    for whole in text.splitlines():
        indent = " " * (len(whole) - len(whole.lstrip()))
        line = indent
        for word in whole.split():
            longer = f"{line} {word}" if line.strip() else f"{line}{word}"
            if line.strip() and metrics.horizontalAdvance(longer) > room:
                lines.append(line)
                longer = f"{indent}    {word}"
            line = longer
        lines.append(line)
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]} …"] if most > 0 else []
