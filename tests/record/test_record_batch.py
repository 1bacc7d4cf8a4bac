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


def test_joined_batches_are_their_epochs_in_order() -> None:
    values = np.arange(18.0).reshape(6, 3)
    rates = np.arange(6.0)
    parts = [EpochBatch(4 + start, values[start:stop], rates[start:stop]) for start, stop in [(0, 1), (1, 4), (4, 6)]]
    joined = join_batches(parts)
    assert (joined.first_epoch, joined.last_epoch) == (4, 9)
    assert np.array_equal(joined.values, values)
    assert np.array_equal(joined.learning_rates, rates)
    assert join_batches(parts[:1]) is parts[0]
