"""Draw how speed, frames and memory grow with the epochs, the points and the parameters.

Run by ``make growth``, which has the benchmark's row of that name measured first. What each curve is made of
stands in ``tests/benchmarks/growth.py``.
"""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

TOP = Path(__file__).parents[1]
MEASURED = TOP / "build" / "growth.json"
PICTURES = Path(__file__).parent / "pictures"
INCHES, DOTS_AN_INCH = (10.0, 3.0), 128
WINDOW, BARE_LOOP, FRAME, MEMORY, TEXT, GRID = "#2563eb", "#9ca3af", "#d97706", "#059669", "#374151", "#e5e7eb"
ALONG = {"epochs": "epochs in the log", "points": "data points", "parameters": "parameters of the model"}
LOOK: dict[Any, Any] = {
    "font.size": 9,
    "axes.edgecolor": BARE_LOOP,
    "axes.labelcolor": TEXT,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.grid": True,
    "grid.color": GRID,
    "text.color": TEXT,
    "xtick.color": TEXT,
    "ytick.color": TEXT,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "lines.linewidth": 1.8,
    "lines.markersize": 4,
    "legend.frameon": False,
    "figure.constrained_layout.wspace": 0.06,
}

Samples = list[dict[str, Any]]


def draw(name: str, samples: Samples, machine: dict[str, str]) -> None:
    """Draw one picture: speed, frames and memory side by side, over the same sizes."""
    picture = Figure(figsize=INCHES, dpi=DOTS_AN_INCH, layout="constrained")
    FigureCanvasAgg(picture)
    speed, frames, memory = picture.subplots(1, 3)
    columns = {value: [sample[value] for sample in samples] for value in samples[0]}
    sizes = columns["size"]
    speed.plot(sizes, columns["window"], "o-", color=WINDOW, label="window")
    speed.plot(sizes, columns["bare_loop"], "-", color=BARE_LOOP, linewidth=1, label="bare loop")
    frames.plot(sizes, columns["frame_ms"], "o-", color=FRAME)
    memory.plot(sizes, columns["memory"], "o-", color=MEMORY)
    speed.set_ylabel("epochs/s at full speed")
    frames.set_ylabel("frame, ms")
    memory.set_ylabel("memory beyond the lesson's, MB" if name == "points" else "log, bytes/epoch")
    speed.legend()
    for plot in (speed, frames, memory):
        plot.set_xlabel(ALONG[name])
        if name != "parameters":
            plot.set_xscale("log")
        if plot is speed and name == "points":
            plot.set_yscale("log")
        else:
            plot.set_ylim(0, 1.1 * plot.dataLim.y1)
    facts = (machine["cpu"], f"Python {machine['python']}", f"torch {machine['torch']}", machine["qt platform"])
    picture.supxlabel(" · ".join(facts), fontsize=7, color=BARE_LOOP, x=0.995, ha="right")
    picture.savefig(PICTURES / f"growth-{name}.png", metadata={"Software": None})


def main() -> int:
    """Draw every picture."""
    if not MEASURED.exists():
        print(f"{MEASURED} is not there; make growth measures first", file=sys.stderr)  # noqa: T201 - a command's word
        return 1
    measured = json.loads(MEASURED.read_text("utf-8"))
    with mpl.rc_context(LOOK):
        for name, samples in measured["series"].items():
            draw(name, samples, measured["machine"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
