import numpy as np
import pytest

from gradgui.record.batch import EpochBatch, join_batches


def test_a_batch_knows_its_epochs() -> None:
    batch = EpochBatch(7, np.zeros((3, 5), np.float32), np.full(3, 0.01))
    assert (batch.first_epoch, len(batch), batch.last_epoch) == (7, 3, 9)


@pytest.mark.parametrize(
    ("first_epoch", "values", "rates"),
    [
        pytest.param(0, np.zeros((1, 3)), np.zeros(1), id="epoch zero"),
        pytest.param(1, np.zeros((0, 3)), np.zeros(0), id="no epoch"),
        pytest.param(1, np.zeros(3), np.zeros(3), id="no columns"),
        pytest.param(1, np.zeros((2, 4)), np.zeros(2), id="a parameter without a gradient"),
        pytest.param(1, np.zeros((2, 3)), np.zeros(3), id="too many learning rates"),
        pytest.param(1, np.zeros((2, 3)), np.zeros((2, 1)), id="learning rates of two dimensions"),
        pytest.param(1, np.zeros((2, 3), np.float16), np.zeros(2), id="float16"),
        pytest.param(1, np.zeros((2, 3), np.int64), np.zeros(2), id="integers"),
        pytest.param(1, np.zeros((2, 3)), np.zeros(2, np.float32), id="float32 learning rates"),
    ],
)
def test_what_is_no_batch_is_refused(
    first_epoch: int,
    values: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    rates: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> None:
    with pytest.raises(ValueError, match=r"epoch|values|learning rates"):
        EpochBatch(first_epoch, values, rates)


def test_without_buffers_there_are_none_an_epoch() -> None:
    batch = EpochBatch(7, np.zeros((3, 5), np.float32), np.full(3, 0.01))
    assert batch.buffers.shape == (3, 0)
    assert batch.buffers.dtype == np.float32


@pytest.mark.parametrize(
    "buffers",
    [
        pytest.param(np.zeros((3, 1)), id="too many epochs"),
        pytest.param(np.zeros(2), id="no columns"),
        pytest.param(np.zeros((2, 1), np.float32), id="another dtype"),
    ],
)
def test_buffers_that_do_not_fit_are_refused(buffers: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
    with pytest.raises(ValueError, match="buffers"):
        EpochBatch(1, np.zeros((2, 3)), np.zeros(2), buffers)


def test_joined_batches_are_their_epochs_in_order() -> None:
    values = np.arange(18.0).reshape(6, 3)
    rates = np.arange(6.0)
    buffers = np.arange(12.0).reshape(6, 2)
    parts = [
        EpochBatch(4 + start, values[start:stop], rates[start:stop], buffers[start:stop])
        for start, stop in [(0, 1), (1, 4), (4, 6)]
    ]
    joined = join_batches(parts)
    assert (joined.first_epoch, joined.last_epoch) == (4, 9)
    assert np.array_equal(joined.values, values)
    assert np.array_equal(joined.learning_rates, rates)
    assert np.array_equal(joined.buffers, buffers)
    assert join_batches(parts[:1]) is parts[0]


def test_the_part_after_an_epoch() -> None:
    values, rates, buffers = np.arange(9.0).reshape(3, 3), np.arange(3.0), np.arange(6.0).reshape(3, 2)
    batch = EpochBatch(4, values, rates, buffers)
    assert batch.after(3) is batch
    assert batch.after(6) is None
    rest = batch.after(4)
    assert rest is not None
    assert (rest.first_epoch, rest.last_epoch) == (5, 6)
    assert np.array_equal(rest.values, values[1:])
    assert np.array_equal(rest.learning_rates, rates[1:])
    assert np.array_equal(rest.buffers, buffers[1:])
