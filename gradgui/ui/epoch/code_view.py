"""The loop as coloured code: the line in question lit, the numbers under each line that has run."""

import keyword
import re
from html import escape

from PySide6.QtCore import QMargins, QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.program.program import Line, make_program
from gradgui.experiment.training_loop import PHASES, Loop, Phase
from gradgui.record.trace import EpochTrace
from gradgui.ui.app.theme import LIGHT, Theme
from gradgui.ui.app.type_scale import fixed_font
from gradgui.ui.epoch.substitution import seen_numbers, with_numbers
from gradgui.ui.widgets.labels import wrapping_label

MARGINS = QMargins(10, 2, 6, 2)
"""Around the lines of a phase, in pixels."""

SMALLER = 0.5
"""Points by which the numbers are smaller than the code."""


class CodeView(QWidget):
    """The five phases as lines of Python.

    Signals
    -------
    line_chosen(int)
        A numbered line was clicked: its place in the loop.
    """

    line_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("code_view")
        self.setAccessibleName("The training loop as code")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(1)
        self._blocks: dict[Phase, _Block] = {}
        self._written: object = None
        self._lines: tuple[Line, ...] = ()
        self._marked: int | None = None
        self._theme = LIGHT
        for phase in PHASES:
            self._blocks[phase] = _Block(phase)
            self._blocks[phase].line_chosen.connect(self.line_chosen)
            self._layout.addWidget(self._blocks[phase])
        self._layout.addStretch(1)

    @property
    def lit(self) -> Phase | None:
        """The phase whose line is lit."""
        return next((phase for phase, block in self._blocks.items() if block.lit), None)

    @property
    def lit_block(self) -> QWidget | None:
        """What is lit, with its numbers."""
        return None if self.lit is None else self._blocks[self.lit]

    def code(self, phase: Phase) -> str:
        """Give a phase's lines as they are shown."""
        return self._blocks[phase].text

    def block_of(self, phase: Phase) -> QWidget:
        """Give the place of a phase's lines, to be pointed at."""
        return self._blocks[phase]

    def line(self, place: int) -> str:
        """Give a line of the loop."""
        return self._lines[place].text

    def mark(self, place: int | None) -> None:
        """Mark the line that raised an error, None for no line."""
        if place == self._marked:
            return
        self._marked = place
        for phase, block in self._blocks.items():
            places = [number for number, line in enumerate(self._lines) if line.phase is phase]
            marked = places.index(place) if place in places else None
            block.colour(coloured(block.text, self._theme, marked))

    def numbers(self, phase: Phase) -> str:
        """Give what is said under a phase's lines."""
        return self._blocks[phase].numbers

    def show_code(self, experiment: Experiment, loop: Loop, theme: Theme, *, numbered: bool = False) -> None:
        """Write the loop as it is for this experiment, if wanted with numbers, and lines that can be clicked."""
        key = (experiment, loop, theme, numbered)
        if key == self._written:
            return
        self._written = key
        self._lines = make_program(experiment, loop).lines
        self._marked = None
        self._theme = theme
        for phase, block in self._blocks.items():
            lines = [(number, line.text) for number, line in enumerate(self._lines, 1) if line.phase is phase]
            block.write("\n".join(f"{number}  {text}" if numbered else text for number, text in lines))
            block.colour(coloured(block.text, theme, first=lines[0][0] - 1 if numbered and lines else None))

    def take_type_size(self) -> None:
        """Write everything at the size in force."""
        for block in self._blocks.values():
            block.take_type_size()

    def show_trace(self, trace: EpochTrace, experiment: Experiment, loop: Loop | None, failed: Phase | None) -> None:
        """Light the line that has just run, or that raised, and plug in the numbers.

        Parameters
        ----------
        trace
            The epoch.
        experiment
            What is trained.
        loop
            As it was written in this epoch; None where that is not to be seen.
        failed
            The phase that raised an error, None when none did.
        """
        just_run = PHASES[trace.phases_done - 1] if trace.phases_done else None
        for phase, block in self._blocks.items():
            next_up = trace.phases_done == 0 and phase is Phase.FORWARD
            block.light(phase is (failed or just_run), is_next=next_up and failed is None, failed=phase is failed)
            if loop is None:
                block.plug_in("\n".join(seen_numbers(phase, experiment, trace)))
            else:
                block.plug_in("\n".join(with_numbers(phase, experiment, trace, loop)))

    def show_nothing(self) -> None:
        """Take lights and numbers away: the loop runs too fast to follow."""
        for block in self._blocks.values():
            block.light(False, is_next=False, failed=False)
            block.plug_in("")


class _Block(QFrame):
    """One phase: its lines, and its numbers under them.

    It places its two labels itself. In a layout each new number would have the whole window laid out anew, while
    the height it needs is nearly always the one it has.
    """

    line_chosen = Signal(int)

    def __init__(self, phase: Phase) -> None:
        super().__init__()
        self.setObjectName("code_block")
        self.lit = False
        self.text = ""
        self._code_height = -1, 0  # for which width
        self.setAccessibleName(f"{phase.value} phase")
        self._code = self._add_label("code", Qt.TextFormat.RichText)
        flags = self._code.textInteractionFlags()
        self._code.setTextInteractionFlags(flags | Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self._code.linkActivated.connect(self._choose)
        self._numbers = self._add_label("numbers", Qt.TextFormat.PlainText)
        self._numbers.hide()
        self.take_type_size()

    def take_type_size(self) -> None:
        """Write code and numbers at the size in force."""
        self._code.setFont(fixed_font())
        self._numbers.setFont(fixed_font(SMALLER))
        self._code_height = -1, 0
        self._settle()

    def _add_label(self, name: str, text_format: Qt.TextFormat) -> QLabel:
        label = wrapping_label(name, linked=False)
        label.setParent(self)
        label.setTextFormat(text_format)
        return label

    @property
    def numbers(self) -> str:
        """What is said under the lines."""
        return self._numbers.text()

    @Slot(str)
    def _choose(self, place: str) -> None:
        self.line_chosen.emit(int(place))

    def write(self, code: str) -> None:
        """Show these lines, without colours yet."""
        self.text = code
        self.colour(f'<div style="white-space:pre-wrap">{escape(code)}</div>')

    def colour(self, rich: str) -> None:
        """Show the same lines in colours."""
        self._code.setText(rich)
        self._code_height = -1, 0
        self._settle()

    def plug_in(self, numbers: str) -> None:
        """Show these numbers."""
        if numbers != self._numbers.text():
            self._numbers.setText(numbers)
            self._numbers.setVisible(bool(numbers))
            self.setAccessibleDescription(numbers)
            self._settle()

    def light(self, lit: bool, *, is_next: bool, failed: bool) -> None:
        """Light this phase as the one just run, next or failed; or not."""
        look = "failed" if failed else "lit" if lit else "next" if is_next else ""
        self.lit = bool(look)
        if self.property("look") != look:
            self.setProperty("look", look)
            self.style().unpolish(self)
            self.style().polish(self)

    def hasHeightForWidth(self) -> bool:
        """Tell that lines are broken where the width ends."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Give the height that code and numbers need at a width, in pixels."""
        return MARGINS.top() + sum(self._heights(width)) + MARGINS.bottom()

    def sizeHint(self) -> QSize:
        """Ask for the height that the present width needs."""
        return QSize(0, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """Ask for no less."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give both labels their place."""
        super().resizeEvent(event)
        self._place(*self._heights(self.width()))

    def _heights(self, width: int) -> tuple[int, int]:
        inner = max(width - MARGINS.left() - MARGINS.right(), 1)
        if self._code_height[0] != inner:  # measured once: only the numbers change from step to step
            self._code_height = inner, self._code.heightForWidth(inner)
        return self._code_height[1], self._numbers.heightForWidth(inner) if self.numbers else 0

    def _settle(self) -> None:
        code, numbers = self._heights(self.width())
        if MARGINS.top() + code + numbers + MARGINS.bottom() != self.height():
            self.updateGeometry()
        self._place(code, numbers)

    def _place(self, code: int, numbers: int) -> None:
        room = self.rect().marginsRemoved(MARGINS)
        self._code.setGeometry(room.left(), room.top(), room.width(), code)
        self._numbers.setGeometry(room.left(), room.top() + code, room.width(), numbers)


_TOKEN = re.compile(r"(#.*)|(\"[^\"]*\"|'[^']*')|(\d+\.?\d*(?:e[+-]?\d+)?)|(\w+)|([^\w\s\"'#]+)")
"""A comment, a string, a number, a name or operators, as far as the loop's lines have them.

Python's own tokenizer needs as long for its patterns alone as all of a panel.
"""


def coloured(code: str, theme: Theme, marked: int | None = None, first: int | None = None) -> str:
    """Give whole statements as rich text in the theme's colours.

    Parameters
    ----------
    code
        The statements.
    theme
        Whose colours.
    marked
        The line that is underlined in the colour of errors.
    first
        Place of the first line, where each is a link to its own; None for no links.
    """
    colours = (theme.muted, theme.fit, theme.loss, theme.text, theme.muted)

    def span(token: re.Match[str]) -> str:
        colour = theme.accent if keyword.iskeyword(token.group()) else colours[(token.lastindex or 1) - 1]
        return f'<span style="color:{colour}">{escape(token.group())}</span>'

    def marked_span(token: re.Match[str]) -> str:
        text = escape(token.group())
        return f'<span style="color:{theme.error};text-decoration:underline">{text}</span>'

    lines = enumerate(code.split("\n"))
    spans = [_TOKEN.sub(marked_span if number == marked else span, line) for number, line in lines]
    if first is not None:
        style = "text-decoration:none"
        spans = [f'<a href="{place}" style="{style}">{line}</a>' for place, line in enumerate(spans, first)]
    rich = "\n".join(spans)
    return f'<div style="white-space:pre-wrap">{rich}</div>'
