"""A sweep written and read again, and files that are none."""

from pathlib import Path

import numpy as np
import pytest

from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.sweep.sweep import GeneratedData, Sweep
from gradgui.experiment.sweep.varied import Varied
from gradgui.record import sweep_file
from gradgui.record.sweep_file import SweepFileError, read_sweep, write_sweep
from gradgui.record.sweep_outcomes import LossCurves, SweepOutcomes

ARRAYS = ("epochs", "loss", "parameters", "lowest_loss", "lowest_epoch", "diverged_epoch", "reached_epoch")


def outcomes(epochs: int = 7) -> SweepOutcomes:
    varied = (Varied("seed", 0, 3, 4), Varied("learning_rate", 0.01, 0.1, 3, "log"))
    sweep = Sweep(DEFAULT_EXPERIMENT, varied, epochs, 0.5, GeneratedData("noisy line", 5, 0.25, 2))
    random = np.random.default_rng(1)
    runs = sweep.runs
    whole = random.integers(0, 9, (4, runs))
    numbers = random.normal(size=(2, runs)).astype(np.float32)
    numbers[0, :3] = np.inf, -np.inf, np.nan
    losses = random.normal(size=(epochs, runs)).astype(np.float32)
    return SweepOutcomes(
        sweep=sweep,
        epochs=whole[0],
        loss=numbers[0],
        parameters=random.normal(size=(runs, 1)),
        lowest_loss=numbers[1],
        lowest_epoch=whole[1],
        diverged_epoch=whole[2],
        reached_epoch=whole[3],
        curves=LossCurves(np.arange(1, epochs + 1), losses),
        curvature=15.0,
    )


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    known, path = outcomes(), tmp_path / "folder" / "one.sweep.npz"
    write_sweep(known, path)
    read = read_sweep(path)
    assert read.sweep == known.sweep
    assert read.curvature == 15.0
    for name in ARRAYS:
        assert getattr(read, name).dtype == getattr(known, name).dtype
        np.testing.assert_array_equal(getattr(read, name), getattr(known, name))
    np.testing.assert_array_equal(read.curves.losses, known.curves.losses)


def test_of_many_losses_a_file_has_fewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_file, "MOST_LOSSES", 500)
    known = outcomes(100)
    write_sweep(known, tmp_path / "one.sweep.npz")
    read = read_sweep(tmp_path / "one.sweep.npz")
    assert read.curves.epochs.tolist() == [*range(1, 101, 3)]
    np.testing.assert_array_equal(read.curves.losses, known.curves.losses[::3])


@pytest.mark.parametrize("content", [b"", b"no file", b"PK\x03\x04 half a file"])
def test_a_file_that_is_none_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "one.sweep.npz"
    path.write_bytes(content)
    with pytest.raises(SweepFileError, match=r"one\.sweep\.npz is no sweep of this program"):
        read_sweep(path)


def test_a_file_that_was_cut_or_is_not_there_is_told(tmp_path: Path) -> None:
    write_sweep(outcomes(), tmp_path / "one.sweep.npz")
    whole = (tmp_path / "one.sweep.npz").read_bytes()
    for length in range(0, len(whole), 97):
        (tmp_path / "cut.sweep.npz").write_bytes(whole[:length])
        with pytest.raises(SweepFileError):
            read_sweep(tmp_path / "cut.sweep.npz")
    with pytest.raises(SweepFileError, match="cannot be read"):
        read_sweep(tmp_path / "none.sweep.npz")
    np.savez(tmp_path / "other.sweep.npz", sweep=np.array(["an object"], dtype=object))
    with pytest.raises(SweepFileError):
        read_sweep(tmp_path / "other.sweep.npz")
