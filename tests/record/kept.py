"""Runs that the engine trained, put into a file as a window would have."""

from pathlib import Path

from gradgui.engine.run import Run
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.run_store import Ended, RunStore


def keep_trained(store: RunStore, spec: RunSpec, epochs: int, parent: int | None = None, epoch: int = 0) -> int:
    """Train a run, keep it and say that it is finished; gives its number."""
    batch = Run(spec.experiment, spec.interventions).train(epochs)
    run = store.begin(spec, parent, epoch)
    store.append(run, batch)
    store.update(run, spec, Ended.FINISHED)
    return run


def fill(path: Path, runs: list[tuple[RunSpec, int]]) -> list[int]:
    """Make a file of runs, each trained for so many epochs; gives their numbers."""
    store = RunStore(path)
    numbers = [keep_trained(store, spec, epochs) for spec, epochs in runs]
    store.close()
    return numbers
