"""Several runs as one CSV file, with a column that says whose row it is."""

from collections.abc import Iterator, Sequence

from gradgui.experiment.long_table import long_columns, long_header
from gradgui.record.csv_file import LINE_END, PLAIN, ROWS_PER_CHUNK, CsvStyle, cells
from gradgui.record.run_store.reading import RunReading
from gradgui.record.training_log import LogSnapshot


def long_csv_chunks(
    store: RunReading, runs: Sequence[int], style: CsvStyle = PLAIN, rows_per_chunk: int = ROWS_PER_CHUNK
) -> Iterator[tuple[str, int]]:
    """Give the text of the CSV file, piece by piece; no more than one run is in memory at a time.

    Parameters
    ----------
    store
        Where they are kept.
    runs
        Their numbers; they come in this order.
    style
        How cells and numbers are written.
    rows_per_chunk
        The most rows in one piece.

    Yields
    ------
    text
        The header line first, then whole lines: the run's number, the epoch, and each number as the CSV file of a
        single log has it; nothing where the run has no such column.
    rows
        How many rows are in the text so far.

    Raises
    ------
    RunStoreError
        If there is no such run, or it is damaged as a whole; before the first line is written.
    """
    columns = long_columns([store.spec(run).experiment.columns for run in runs])
    yield style.delimiter.join(long_header(columns)) + LINE_END, 0
    rows = 0
    for run in runs:
        snapshot = store.log(run).snapshot()
        for start in range(0, len(snapshot), rows_per_chunk):
            stop = min(start + rows_per_chunk, len(snapshot))
            yield LINE_END.join(_lines(run, snapshot, columns, slice(start, stop), style)) + LINE_END, rows + stop
        rows += len(snapshot)


def _lines(run: int, snapshot: LogSnapshot, columns: tuple[str, ...], rows: slice, style: CsvStyle) -> Iterator[str]:
    own = dict(zip(snapshot.column_names[1:], snapshot.columns, strict=True))
    epochs = range(rows.start + 1, rows.stop + 1)
    nothing = [""] * len(epochs)
    numbers = (cells(own[name].slice(rows.start, rows.stop), style) if name in own else nothing for name in columns)
    return map(style.delimiter.join, zip([str(run)] * len(epochs), map(str, epochs), *numbers, strict=True))
