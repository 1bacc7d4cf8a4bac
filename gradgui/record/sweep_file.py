"""A sweep on the disk: its settings as JSON and its outcomes as arrays, in one file that NumPy reads."""

import io
import zipfile
import zlib
from pathlib import Path

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from gradgui.experiment.data import decode_values, encode_values
from gradgui.experiment.sweep.sweep import Sweep
from gradgui.record.atomic_file import AtomicFile
from gradgui.record.loss_density import LossDensity
from gradgui.record.sweep_outcomes import LossCurves, SweepOutcomes

SUFFIX = ".sweep.npz"
MOST_LOSSES = 2**21
"""Losses over the epochs that a file has; of more, every so many epochs are left out."""

_ARRAYS = ("epochs", "loss", "parameters", "lowest_loss", "lowest_epoch", "diverged_epoch", "reached_epoch")


class SweepFileError(ValueError):
    """A file that is no sweep; its text is one sentence."""


def sweep_bytes(outcomes: SweepOutcomes) -> bytes:
    """Pack a sweep."""
    curves, density = _fewer(outcomes.curves), outcomes.density
    arrays = {name: getattr(outcomes, name) for name in _ARRAYS}
    if density is not None:
        arrays |= {"density": density.counts, "density_axis": _axis(density)}
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        sweep=np.frombuffer(msgspec.json.encode(outcomes.sweep, enc_hook=encode_values), dtype=np.uint8),
        curvature=np.array(outcomes.curvature),
        curve_epochs=curves.epochs,
        curve_losses=curves.losses,
        **arrays,
    )
    return buffer.getvalue()


def write_sweep(outcomes: SweepOutcomes, path: Path) -> None:
    """Write a sweep to a file, all of it or nothing.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with AtomicFile(path) as file:
        file.write(sweep_bytes(outcomes))


def read_sweep(path: Path) -> SweepOutcomes:
    """Read a sweep.

    Raises
    ------
    SweepFileError
        When the file cannot be read, or is no sweep.
    """
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            sweep = msgspec.json.decode(file["sweep"].tobytes(), type=Sweep, dec_hook=decode_values)
            outcomes = SweepOutcomes(
                sweep=sweep,
                **{name: file[name] for name in _ARRAYS},
                curves=LossCurves(file["curve_epochs"], file["curve_losses"]),
                curvature=float(file["curvature"]),
                density=_density(file["density"], file["density_axis"]) if "density" in file else None,
            )
    except OSError as error:
        raise SweepFileError(f"{path.name} cannot be read: {error.strerror or error}") from error
    except (KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, msgspec.DecodeError) as error:
        raise SweepFileError(f"{path.name} is no sweep of this program") from error
    if any(len(getattr(outcomes, name)) != sweep.runs for name in _ARRAYS):
        raise SweepFileError(f"{path.name} is no sweep of this program")
    return outcomes


def kept_sweeps(folder: Path) -> list[Path]:
    """Give the files of sweeps in a folder, named by when they were trained, the newest first."""
    try:
        return sorted(folder.glob(f"*{SUFFIX}"), reverse=True)
    except OSError:
        return []


def _axis(density: LossDensity) -> NDArray[np.float64]:
    return np.array([density.is_logarithmic, density.low, density.high], dtype=np.float64)


def _density(counts: NDArray[np.int64], axis: NDArray[np.float64]) -> LossDensity:
    return LossDensity(bool(axis[0]), float(axis[1]), float(axis[2]), counts)


def _fewer(curves: LossCurves) -> LossCurves:
    """Leave out epochs until there is room, never the first and the last."""
    every = -(-curves.losses.size // MOST_LOSSES)
    if every <= 1:
        return curves
    rows = np.unique([*range(0, len(curves.epochs), every), len(curves.epochs) - 1])
    return replace(curves, epochs=curves.epochs[rows], losses=curves.losses[rows])
