"""A process that trains, keeps what it trains, and is killed at a seeded moment; PyTorch is loaded once for all.

Reads the path of a file of runs and a seed from each line, and answers with one line of JSON: what was acknowledged.
"""

import json
import os
import random
import select
import signal
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

from msgspec import structs

from gradgui.engine.run import Run
from gradgui.experiment.changes import LearningRateChange
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.optimizers import SGD, Adam, GradientDescent
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.record.run_store import Ended, RunStore

OPTIMIZERS = (GradientDescent(), SGD(momentum=0.5), Adam())
MOST_LINES = 40
STEPS, MOST_STEPS = 7, 6000
"""A process with an odd seed dies at one of so many times so many steps of SQLite's own machine."""


def work(path: Path, seed: int, said: int) -> None:  # noqa: PLR0912 - a list of what can be done
    """Do whatever a window does, in no order, and say what is done when it is done."""
    generator = random.Random(seed)
    store = RunStore(path)
    if seed % 2:
        steps = iter(range(generator.randrange(1, MOST_STEPS)))
        store.database.set_progress_handler(lambda: die_after(steps), STEPS)
    runs: dict[int, tuple[RunSpec, Run]] = {}
    while True:
        number = generator.choice(list(runs) or [0])
        doing = generator.choices(
            ["begin", "train", "train much", "branch", "delete", "end", "shrink", "forget", "purge"],
            [3, 12, 2, 4, 2, 2, 2, 1, 1],
        )[0]
        match doing if runs else "begin":
            case "begin":
                optimizer = generator.choice(OPTIMIZERS)
                spec = RunSpec(structs.replace(DEFAULT_EXPERIMENT, optimizer=optimizer, epochs=1000))
                number = store.begin(spec)
                runs[number] = (spec, Run(spec.experiment, ()))
            case "branch":
                epoch = generator.randrange(runs[number][1].trainer.epoch + 1)
                experiment = runs[number][0].experiment
                before = [change for change in runs[number][0].interventions if change.epoch < epoch]
                spec = RunSpec(experiment, (*before, LearningRateChange(epoch, 0.005)))
                run = Run(experiment, spec.interventions)
                if epoch:
                    run.train(epoch)
                number = store.begin(spec, number, epoch)
                runs[number] = (spec, run)
            case "train" | "train much":
                run = runs[number][1]
                count = 100 if doing == "train much" else generator.choice([1, 5, 20])
                with store.transaction():
                    for _ in range(2):
                        first = run.trainer.epoch + 1
                        store.append(number, EpochBatch(first, run.train(count).rows))
            case "delete":
                store.delete(number)
                if generator.random() < 0.5:
                    store.restore(number)
            case "end":
                store.update(number, runs[number][0], Ended.FINISHED)
            case "shrink" | "forget" | "purge":
                os.write(said, b'"going"\n')
                if doing == "shrink":
                    store.keep_at_most(50_000)
                else:
                    (store.forget_all if doing == "forget" else store.purge)()
                there = {row[0] for row in store.database.execute("SELECT id FROM run WHERE deleted < 2")}
                runs = {one: run for one, run in runs.items() if one in there}
                os.write(said, f'{{"left": {sorted(there)}}}\n'.encode())
                continue
        os.write(said, f'{{"run": {number}, "epochs": {runs[number][1].trainer.epoch}}}\n'.encode())


def die_after(steps: Iterator[int]) -> None:
    """Be killed in the middle of a statement of SQLite's, when so many steps of its machine have been made."""
    if next(steps, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)


def kill(path: Path, seed: int) -> list[object]:
    """Let a process work and kill it; gives what it said until then."""
    generator = random.Random(seed)
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.close(reading)
            work(path, seed, writing)
        except BaseException:  # noqa: BLE001 - whatever it is, this process ends here
            traceback.print_exc()
        os._exit(1)
    os.close(writing)
    enough, patience = generator.randrange(1, MOST_LINES), generator.random() * 0.02
    if seed % 2:  # that one dies by itself
        enough = 100 * MOST_LINES
    said = b""
    while said.count(b"\n") < enough and (more := os.read(reading, 65536)):
        said += more
    select.select([], [], [], patience)
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    while more := os.read(reading, 65536):
        said += more
    os.close(reading)
    lines: list[object] = [json.loads(line) for line in said.splitlines()]
    return [os.WTERMSIG(status) if os.WIFSIGNALED(status) else -1, lines]


def load() -> None:
    """Have PyTorch import what its optimizers need, once for all."""
    for optimizer in OPTIMIZERS:
        Run(structs.replace(DEFAULT_EXPERIMENT, optimizer=optimizer), ())


if __name__ == "__main__":
    load()
    for line in sys.stdin:
        path, _, seed = line.rstrip("\n").rpartition(" ")
        sys.stdout.write(json.dumps(kill(Path(path), int(seed))) + "\n")
        sys.stdout.flush()
