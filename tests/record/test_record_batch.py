"""Epochs as they come from the loop: whole, in order, and never twice."""

import numpy as np
import pytest

from gradgui.record.batch import EpochBatch, join_batches


def test_it_knows_its_epochs() -> None:
    batch = EpochBatch(7, np.zeros((3, 4)))
    assert len(batch) == 3
    assert (batch.first_epoch, batch.last_epoch) == (7, 9)


@pytest.mark.parametrize(
    ("first_epoch", "rows"),
    [
        (0, np.zeros((3, 4))),
        (1, np.zeros((0, 4))),
        (1, np.zeros(4)),
        (1, np.zeros((3, 4), np.float32)),
    ],
)
def test_what_is_no_batch_is_refused(first_epoch: int, rows: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"first epoch|float64 table"):
        EpochBatch(first_epoch, rows)


def test_joined_batches_are_one() -> None:
    rows = np.arange(40.0).reshape(10, 4)
    parts = [EpochBatch(4 + start, rows[start:stop]) for start, stop in ((0, 3), (3, 4), (4, 10))]
    joined = join_batches(parts)
    assert (joined.first_epoch, joined.last_epoch) == (4, 13)
    assert np.array_equal(joined.rows, rows)
    assert join_batches(parts[:1]) is parts[0]


def test_the_part_after_an_epoch() -> None:
    rows = np.arange(12.0).reshape(3, 4)
    batch = EpochBatch(4, rows)
    assert batch.after(3) is batch
    rest = batch.after(4)
    assert rest is not None
    assert rest.first_epoch == 5
    assert np.array_equal(rest.rows, rows[1:])
    assert batch.after(6) is None
    assert batch.after(99) is None
