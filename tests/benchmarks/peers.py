"""How fast the window is beside the usual ways to watch a loop, each told every epoch."""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, redirect_stderr, redirect_stdout
from importlib.util import find_spec
from statistics import median
from tempfile import TemporaryDirectory

from bare_loop import Log, measure_bare_loop
from driven_window import DrivenWindow
from figures import Figure, spread

ROUNDS = 5
SECONDS = 3.0
PACKAGES = ("tensorboard", "matplotlib", "livelossplot")


def measure_peers() -> list[Figure]:
    """Measure epochs a second of the window and of each peer in turns; a peer's log begins anew in every round."""
    if any(find_spec(package) is None for package in PACKAGES):
        return [Figure("not measured", None, note="needs the extra bench: pip install -e '.[bench]'")]
    peers: dict[str, tuple[Callable[[], AbstractContextManager[Log]], float]] = {
        "SummaryWriter": (_summary_writer, 3.0),
        "matplotlib": (_matplotlib, 450.0),
        "livelossplot": (_livelossplot, 4500.0),
    }
    live: list[float] = []
    theirs: dict[str, list[float]] = {name: [] for name in peers}
    with DrivenWindow() as driven:
        driven.go_full_speed()
        for _ in range(ROUNDS):
            live.append(driven.measure_speed(SECONDS))
            for name, (peer, _wanted) in peers.items():
                with peer() as log:
                    theirs[name].append(measure_bare_loop(SECONDS, log=log, look_every=1))
    return [
        Figure(f"window ÷ {name}", median(live) / median(theirs[name]), at_least=wanted, note=f"epochs/s: {speeds}")
        for name, (_peer, wanted) in peers.items()
        for speeds in [spread(theirs[name], 1)]
    ] + [Figure("window, epochs/s", median(live), note=spread(live, 0))]


@contextmanager
def _summary_writer() -> Iterator[Log]:
    """Log as TensorBoard's users do: a scalar each, to a file."""
    from torch.utils.tensorboard import SummaryWriter

    with TemporaryDirectory(prefix="gradgui-benchmark-") as folder, SummaryWriter(folder) as writer:

        def log(epoch: int, loss: float, w: float) -> None:
            writer.add_scalar("loss", loss, epoch)
            writer.add_scalar("w", w, epoch)

        yield log


@contextmanager
def _matplotlib() -> Iterator[Log]:
    """Draw two curves into memory, on axes that follow them, in a figure that is made once."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Picture

    picture = Picture()
    canvas = FigureCanvasAgg(picture)
    plots = [picture.add_subplot(1, 2, place) for place in (1, 2)]
    curves = [plot.plot([], [])[0] for plot in plots]
    epochs: list[int] = []
    columns: tuple[list[float], list[float]] = ([], [])

    def log(epoch: int, loss: float, w: float) -> None:
        epochs.append(epoch)
        for plot, curve, column, value in zip(plots, curves, columns, (loss, w), strict=True):
            column.append(value)
            curve.set_data(epochs, column)
            plot.relim()
            plot.autoscale_view()
        canvas.draw()  # type: ignore[no-untyped-call]
        canvas.flush_events()

    yield log


@contextmanager
def _livelossplot() -> Iterator[Log]:
    """Have it make the picture that a notebook would show: IPython prints every figure as a PNG."""
    import matplotlib as mpl

    mpl.use("agg")
    from IPython.core.pylabtools import print_figure
    from livelossplot import PlotLosses
    from livelossplot.outputs import MatplotlibPlot
    from matplotlib import pyplot as plt
    from matplotlib.figure import Figure as Picture

    def finish(picture: Picture) -> None:
        picture.tight_layout()
        print_figure(picture)  # type: ignore[no-untyped-call]
        plt.close(picture)

    plots = PlotLosses(outputs=[MatplotlibPlot(after_plots=finish)], mode="notebook")

    def log(epoch: int, loss: float, w: float) -> None:
        plots.update({"loss": loss, "w": w}, epoch)
        plots.send()

    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):  # it clears a terminal's line each time
        yield log
