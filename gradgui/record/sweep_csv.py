"""The outcomes of a sweep as a CSV file, one row a run, or one row for each run and epoch."""

from collections.abc import Iterator

import numpy as np

from gradgui.experiment.sweep.table import sweep_header
from gradgui.record.csv_file import LINE_END, ROWS_PER_CHUNK, cells
from gradgui.record.sweep_outcomes import SweepOutcomes, Whole


def sweep_csv_chunks(outcomes: SweepOutcomes) -> Iterator[tuple[str, int]]:
    """Give the text of the file, piece by piece, and how many runs are in it so far; a run without an epoch is none.

    Each number is written as `shortest` writes it, an epoch that there is not as an empty cell.
    """
    sweep = outcomes.sweep
    yield ",".join(sweep_header(sweep)) + LINE_END, 0
    trained = np.flatnonzero(outcomes.epochs)
    varied = sweep.cells
    for first in range(0, len(trained), ROWS_PER_CHUNK):
        runs = trained[first : first + ROWS_PER_CHUNK]
        columns = [
            [str(run + 1) for run in runs.tolist()],
            *([one.written(varied[run][place]) for run in runs.tolist()] for place, one in enumerate(sweep.varied)),
            list(map(str, outcomes.epochs[runs].tolist())),
            cells(np.ascontiguousarray(outcomes.loss[runs])),
            *(cells(np.ascontiguousarray(values)) for values in outcomes.parameters[runs].T),
            [
                text if epoch else ""
                for text, epoch in zip(
                    cells(np.ascontiguousarray(outcomes.lowest_loss[runs])),
                    outcomes.lowest_epoch[runs].tolist(),
                    strict=True,
                )
            ],
            _epochs(outcomes.lowest_epoch[runs]),
            _epochs(outcomes.diverged_epoch[runs]),
        ]
        if sweep.wanted_loss is not None:
            columns.append(_epochs(outcomes.reached_epoch[runs]))
        yield LINE_END.join(map(",".join, zip(*columns, strict=True))) + LINE_END, first + len(runs)


def long_sweep_csv_chunks(outcomes: SweepOutcomes) -> Iterator[tuple[str, int]]:
    """Give the loss of every run in every epoch that was kept: a row for each, run by run."""
    sweep, curves = outcomes.sweep, outcomes.curves
    header = sweep_header(sweep)[: 1 + len(sweep.varied)]
    yield ",".join([*header, "epoch", "loss"]) + LINE_END, 0
    for run, values in enumerate(sweep.cells):
        kept = curves.epochs <= outcomes.epochs[run]
        if not kept.any():
            continue
        start = ",".join(
            [str(run + 1), *(one.written(value) for one, value in zip(sweep.varied, values, strict=True))]
        )
        losses = cells(np.ascontiguousarray(curves.losses[kept, run]))
        lines = (f"{start},{epoch},{loss}" for epoch, loss in zip(curves.epochs[kept].tolist(), losses, strict=True))
        yield LINE_END.join(lines) + LINE_END, run + 1


def _epochs(values: Whole) -> list[str]:
    return [str(value) if value else "" for value in values.tolist()]
