"""The pane beside the graph with all that is known of the selected node."""

from PySide6.QtCore import QSize, Qt, QUrl, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QTextBrowser, QToolButton, QVBoxLayout, QWidget

from gradgui.record.trace import Graph, GraphNode
from gradgui.ui.graph.details_text import details_text
from gradgui.ui.graph.node_text import node_text
from gradgui.ui.icons import line_icon
from gradgui.ui.theme import LIGHT, SPACING, Theme

WIDTH = 190


class NodeDetails(QWidget):
    """Everything about one node, to be read, scrolled and copied.

    Signals
    -------
    closed()
        The person wants it away.

    Attributes
    ----------
    text
        Where it is written.
    """

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._shown: tuple[Graph, GraphNode] | None = None
        self._whole: set[str] = set()
        self._hint = ""
        self._name = QLabel()
        self._name.setObjectName("panel_name")
        self._close = QToolButton()
        self._close.setToolTip("Close the details (Esc)")
        self._close.setAccessibleName("Close the details")
        self._close.setAutoRaise(True)
        self._close.clicked.connect(self.closed)
        self.text = QTextBrowser()
        self.text.setObjectName("graph_details")
        self.text.setAccessibleName("Details of the selected node")
        self.text.setOpenLinks(False)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.document().setDocumentMargin(0)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.anchorClicked.connect(self._show_whole)
        title = QHBoxLayout()
        title.addWidget(self._name, 1)
        title.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, 4, 4, 4)
        layout.setSpacing(4)
        layout.addLayout(title)
        layout.addWidget(self.text, 1)

    def sizeHint(self) -> QSize:
        """Give the width it begins with."""
        return QSize(WIDTH, 0)

    def show_node(self, graph: Graph, node: GraphNode) -> None:
        """Show a node; the same one with new values stays scrolled and opened up as it is."""
        self._hint = ""
        same = self._shown is not None and self._shown[1].identifier == node.identifier
        self._shown = (graph, node)
        if not same:
            self._whole.clear()
        self._write(keep_place=same)

    def show_hint(self, hint: str) -> None:
        """Say why there is nothing to show for now."""
        self._hint = hint
        self._write(keep_place=True)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        self._theme = theme
        self._close.setIcon(line_icon("close", theme.text))
        self._write(keep_place=True)

    @Slot(QUrl)
    def _show_whole(self, link: QUrl) -> None:
        self._whole.add(link.toString())
        self._write(keep_place=True)

    def _write(self, *, keep_place: bool) -> None:
        if self._shown is None or self._hint:
            self.text.setPlainText(self._hint)
            return
        graph, node = self._shown
        bar = self.text.verticalScrollBar()
        place = bar.value() if keep_place else 0
        self._name.setText(node_text(node).name)
        self.text.setHtml(details_text(graph, node, self._theme, self._whole))
        bar.setValue(place)
