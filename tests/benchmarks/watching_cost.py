"""What the panes that open up an epoch cost at full speed: shown, and hidden."""

from statistics import median
from time import perf_counter

from driven_window import DrivenWindow, run_events
from figures import Figure, spread
from PySide6.QtWidgets import QDockWidget

ROUNDS = 7
SECONDS = 3.0
PANES = ("inside_panel", "graph_panel", "gradient_panel")


def measure_watching() -> list[Figure]:
    """Measure epochs a second with the panes shown and hidden, in turns."""
    shown: list[float] = []
    hidden: list[float] = []
    with DrivenWindow() as driven:
        driven.go_full_speed()
        docks = [dock for dock in driven.window.findChildren(QDockWidget) if dock.objectName() in PANES]
        for _ in range(ROUNDS):
            for visible, speeds in ((True, shown), (False, hidden)):
                for dock in docks:
                    dock.setVisible(visible)
                run_events(0.3)
                speeds.append(_speed(driven))
    ratios = [with_panes / without for with_panes, without in zip(shown, hidden, strict=True)]
    return [Figure("shown ÷ hidden", median(ratios), at_least=0.99, note=spread(ratios))]


def _speed(driven: DrivenWindow) -> float:
    driven.start()
    began, first = perf_counter(), driven.run.epoch
    run_events(SECONDS)
    speed = (driven.run.epoch - first) / (perf_counter() - began)
    driven.pause()
    driven.reset()
    return speed
