"""What a frame costs the window's thread, from its beginning until it is painted."""

from collections.abc import Iterator
from time import perf_counter

from driven_window import DrivenWindow, run_events
from fed_epochs import make_batches
from msgspec.structs import replace

from gradgui.record.views import Fit

FRAMES = 60
EPOCHS_A_FRAME = 10
"""Few, so that a short run stays short."""


def measure_frame_costs(driven: DrivenWindow, *, new_epochs: bool = True, new_fit: bool = False) -> list[float]:
    """Give the milliseconds of frames, each with something new to draw.

    Parameters
    ----------
    driven
        Its loop rests.
    new_epochs
        Whether each frame has a few more epochs; their figures are then written as well, in every frame, though at
        full speed only every few frames do that.
    new_fit
        Whether the model has moved at each frame; the fit is then taken within the measured time.
    """
    run = driven.run
    batches = make_batches(len(run.log) + 1, FRAMES * EPOCHS_A_FRAME, EPOCHS_A_FRAME, len(run.experiment.parameters))
    costs = []
    for batch, fit in zip(batches, _moving(driven.run.view(Fit)), strict=False):
        if new_epochs:
            run.log.append(batch)
            run.epoch = batch.last_epoch
        began = perf_counter()
        if new_fit:
            driven.thread.worker.view_changed.emit(fit)
        if new_epochs:
            run.figures.emit()
        run.frame.emit()
        run_events(0)
        costs.append((perf_counter() - began) * 1000)
    return costs


def _moving(fit: Fit | None) -> Iterator[Fit]:
    """Give a fit that moves a little each time, by less than what the plot's range follows."""
    assert fit is not None
    for frame in range(FRAMES):
        shift = 1e-3 * (frame + 1)
        yield replace(
            fit,
            curve_y=fit.curve_y + shift,
            predictions=fit.predictions + shift,
            probe_prediction=fit.probe_prediction + shift,
        )
