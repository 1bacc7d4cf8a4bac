"""The CSV file read back by Python's csv module and by pandas."""

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradgui.experiment.columns import Columns
from gradgui.record.batch import EpochBatch
from gradgui.record.csv_file import csv_chunks, write_csv
from gradgui.record.training_log import LogSnapshot, TrainingLog

DEFAULT_EXPERIMENT = (
    "epoch,loss,w,w_grad,lr\r\n"
    "1,30.0,0.29999998,-30.0,0.01\r\n"
    "2,21.675,0.55499995,-25.5,0.01\r\n"
    "3,15.660188,0.7717499,-21.675,0.01\r\n"
)


def log_of(rows: list[tuple[float, float, float]], rates: list[float], dtype: str) -> TrainingLog:
    log = TrainingLog(Columns({"w": ()}), dtype)
    if rows:
        log.append(EpochBatch(1, np.column_stack([np.array(rows), np.array(rates)])))
    return log


def lesson() -> LogSnapshot:
    rows = [(30.0, 0.29999998, -30.0), (21.675, 0.55499995, -25.5), (15.660188, 0.7717499, -21.675)]
    return log_of(rows, [0.01] * 3, "float32").snapshot()


def text_of(snapshot: LogSnapshot, rows_per_chunk: int = 4096) -> str:
    return "".join(text for text, _ in csv_chunks(snapshot, rows_per_chunk=rows_per_chunk))


def test_the_lesson_to_the_letter(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    write_csv(lesson(), path)
    assert path.read_bytes() == DEFAULT_EXPERIMENT.encode("ascii")


def test_pandas_opens_it_without_options(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    rows = [(np.inf, np.nan, -np.inf), (1e-45, -0.0, 3.4028235e38), (1.5, 2.0, 0.1)]
    write_csv(log_of(rows, [0.1, 1e-300, 1 / 3], "float32").snapshot(), path)
    frame = pd.read_csv(path)
    assert list(frame.columns) == ["epoch", "loss", "w", "w_grad", "lr"]
    assert frame["epoch"].tolist() == [1, 2, 3]
    assert set(frame.dtypes[1:]) == {np.dtype(np.float64)}
    assert np.array_equal(
        frame[["loss", "w", "w_grad"]].to_numpy(np.float32), np.array(rows, np.float32), equal_nan=True
    )
    assert frame["lr"].tolist() == pytest.approx([0.1, 1e-300, 1 / 3], rel=1e-15)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@given(data=st.data(), rows_per_chunk=st.integers(1, 5))
def test_every_number_reads_back_to_the_same_value(dtype: str, data: st.DataObject, rows_per_chunk: int) -> None:
    number = st.floats(width=32 if dtype == "float32" else 64)
    rows = data.draw(st.lists(st.tuples(number, number, number), max_size=12))
    rates = data.draw(st.lists(st.floats(), min_size=len(rows), max_size=len(rows)))
    lines = list(csv.reader(io.StringIO(text_of(log_of(rows, rates, dtype).snapshot(), rows_per_chunk), newline="")))
    assert lines[0] == ["epoch", "loss", "w", "w_grad", "lr"]
    assert [line[0] for line in lines[1:]] == [str(epoch) for epoch in range(1, len(rows) + 1)]
    for line, row, rate in zip(lines[1:], rows, rates, strict=True):
        # As text, since that tells -0.0 from 0.0 and lets nan equal nan.
        assert [str(np.dtype(dtype).type(float(cell))) for cell in line[1:4]] == [
            str(np.dtype(dtype).type(value)) for value in row
        ]
        assert repr(float(line[4])) == repr(rate)


def test_chunks_are_whole_lines_and_count_their_rows() -> None:
    chunks = list(csv_chunks(lesson(), rows_per_chunk=2))
    assert [rows for _, rows in chunks] == [0, 2, 3]
    assert [text.count("\r\n") for text, _ in chunks] == [1, 2, 1]
    assert "".join(text for text, _ in chunks) == DEFAULT_EXPERIMENT


def test_an_empty_log_is_a_header() -> None:
    assert (
        text_of(TrainingLog(Columns({"w": (), "b": ()}), "float64").snapshot())
        == "epoch,loss,w,w_grad,b,b_grad,lr\r\n"
    )


def test_the_file_is_the_log_as_it_was_when_the_writing_began() -> None:
    log = log_of([(float(epoch), 0.0, 0.0) for epoch in range(100)], [0.5] * 100, "float64")
    expected = text_of(log.snapshot())
    written = []
    for text, rows in csv_chunks(log.snapshot(), rows_per_chunk=10):
        written.append(text)
        log.truncate(min(rows, len(log)))
        log.append(EpochBatch(len(log) + 1, np.full((30, 4), -1.0)))
    assert "".join(written) == expected


def test_progress_counts_up_to_all_rows(tmp_path: Path) -> None:
    log = log_of([(0.0, 0.0, 0.0)] * 10_000, [0.5] * 10_000, "float32")
    seen: list[int] = []
    write_csv(log.snapshot(), tmp_path / "log.csv", seen.append)
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0, 10_000)
    assert len(seen) > 2


def test_stopping_leaves_the_older_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("older")
    log = log_of([(0.0, 0.0, 0.0)] * 10_000, [0.5] * 10_000, "float32")

    def stop_halfway(rows: int) -> None:
        if rows > 5_000:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        write_csv(log.snapshot(), path, stop_halfway)
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]
