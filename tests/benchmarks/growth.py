"""How speed, frames and memory grow with the epochs, the points and the parameters: the measurements of a picture.

Every size is measured in a process of its own, as every row is. What is measured at each:

epochs
    A run at full speed that goes on from a log of that length, whose epochs were never trained; frames with a few new
    epochs and a new fit while the loop rests; the bytes an epoch that the log itself counts.
points
    The lesson at full speed with so many points; the same frames; what the process takes more than with the lesson's
    four points.
parameters
    A polynomial with so many at full speed; the same frames and bytes as for the epochs.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import torch
from bare_loop import measure_bare_loop
from driven_window import DrivenWindow, run_events, wait_until
from fed_epochs import Stretcher, feed, make_batches
from figures import Figure
from frame_costs import measure_frame_costs
from machine import describe_machine, resident_bytes
from many_points import make_problem

from gradgui.engine.model import compile_loss, compile_model, leaf_tensors
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import Experiment, Parameter

RESULT = Path(__file__).parents[2] / "build" / "growth.json"
EPOCHS = tuple(10**power for power in range(2, 8))
POINTS = (4, *(10**power for power in range(2, 7)))
PARAMETERS = (1, 2, 3, 5, 8, 12, 16, 20)
ROUNDS = 3
SECONDS = 2.0
FED_EPOCHS = 1_000_000
"""How long the log is whose bytes are counted for so many parameters."""


@dataclass(frozen=True)
class Sample:
    """What was measured at one size.

    Attributes
    ----------
    size
        How many epochs, points or parameters.
    window, bare_loop
        Epochs a second.
    frame_ms
        From a frame's beginning until it is painted.
    memory
        Bytes an epoch; for points, MB.
    """

    size: int
    window: float
    bare_loop: float
    frame_ms: float
    memory: float


def measure_growth() -> list[Figure]:
    """Measure every size, keep all of it for the pictures, and tell how the largest compares with the smallest."""
    machine = describe_machine()
    series = {name: [_measure_apart(name, size) for size in sizes] for name, (sizes, _measure) in SERIES.items()}
    kept = {name: [asdict(sample) for sample in samples] for name, samples in series.items()}
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({"machine": machine, "series": kept}, indent=2) + "\n", "utf-8")
    figures = []
    for name, samples in series.items():
        first, last = samples[0], samples[-1]
        sizes = f"{last.size} ÷ {first.size} {name}"
        figures += [
            Figure(f"{sizes}: epochs/s", last.window / first.window, note=f"{last.window:.0f} ÷ {first.window:.0f}"),
            Figure(f"{sizes}: frame", last.frame_ms / first.frame_ms, note=f"{last.frame_ms:.1f} ms in the end"),
            Figure(f"{last.size} {name}: {'MB' if name == 'points' else 'bytes/epoch'}", last.memory),
        ]
    return figures


def _measure_apart(name: str, size: int) -> Sample:
    """Measure a size in a process of its own."""
    print(f"{size} {name} … ", end="", file=sys.stderr, flush=True)
    done = subprocess.run([sys.executable, __file__, name, str(size)], check=True, stdout=subprocess.PIPE)
    return Sample(**json.loads(done.stdout.splitlines()[-1]))


def _measure_epochs(epochs: int) -> Sample:
    with DrivenWindow() as driven:
        run = driven.run
        feed(driven, epochs, max(100, epochs // 100))
        memory = run.log.memory_bytes / epochs
        frames = _measure_frames(driven)
        driven.go_full_speed()
        bare = [measure_bare_loop(SECONDS)]
        driven.start()
        Stretcher(driven)
        for batch in make_batches(len(run.log) + 1, max(1, epochs - len(run.log)), 100_000):
            run.take_epochs(batch)
        speed = _measure_on_the_way(driven)
        driven.pause()
        bare.append(measure_bare_loop(SECONDS))
    return Sample(epochs, speed, median(bare), frames, memory)


def _measure_on_the_way(driven: DrivenWindow) -> float:
    """Give epochs a second of a run that is under way, from one batch to another: there are few a second."""
    run = driven.run
    marks = []
    for seconds in (SECONDS / 2, ROUNDS * SECONDS):
        run_events(seconds)
        seen = run.epoch
        wait_until(lambda seen=seen: run.epoch > seen, run.frame)  # type: ignore[misc]
        marks.append((perf_counter(), run.epoch))
    (began, first), (ended, last) = marks
    return (last - first) / (ended - began)


def _measure_points(points: int) -> Sample:
    with DrivenWindow() as driven:
        driven.go_full_speed()
        driven.measure_speed(SECONDS)
        before = resident_bytes()
        driven.open(make_problem(points))
        driven.go_full_speed()
        driven.measure_speed(SECONDS)
        memory = (resident_bytes() - before) / 1e6
        data = driven.run.experiment.data
        return _measure_in_turns(
            driven, points, lambda: measure_bare_loop(SECONDS, data, look_every=1), lambda: memory
        )


def _measure_parameters(parameters: int) -> Sample:
    def bytes_an_epoch() -> float:
        feed(driven, FED_EPOCHS, FED_EPOCHS // 100)
        return driven.run.log.memory_bytes / len(driven.run.log)

    problem = _polynomial(parameters)
    with DrivenWindow() as driven:
        driven.open(problem)
        driven.go_full_speed()
        return _measure_in_turns(driven, parameters, lambda: _measure_bare(problem), bytes_an_epoch)


def _measure_in_turns(
    driven: DrivenWindow, size: int, measure_bare: Callable[[], float], measure_memory: Callable[[], float]
) -> Sample:
    """Measure window and bare loop in turns, then frames, then memory."""
    live, bare = [], []
    for _ in range(ROUNDS):
        live.append(driven.measure_speed(SECONDS))
        bare.append(measure_bare())
    return Sample(size, median(live), median(bare), _measure_frames(driven), measure_memory())


def _measure_frames(driven: DrivenWindow) -> float:
    """Give a frame's milliseconds when the window has come to rest."""
    run_events(0.5)
    return median(measure_frame_costs(driven, new_fit=True))


def _polynomial(parameters: int) -> Experiment:
    """Give a problem with so many parameters: ``p0 + p1 * x + p2 * x**2 + …``, on points where no power is large."""
    x = tuple(place / 8 for place in range(-8, 9))
    terms = ["p0", "p1 * x", *(f"p{power} * x**{power}" for power in range(2, parameters))][:parameters]
    return Experiment(
        model=" + ".join(terms),
        parameters=tuple(Parameter(f"p{power}", 0.0) for power in range(parameters)),
        data=Data(x, tuple(abs(value) for value in x)),
    )


def _measure_bare(problem: Experiment) -> float:
    """Give epochs a second of the bare loop with any number of parameters."""
    x, y = torch.tensor(problem.data.x.tolist()), torch.tensor(problem.data.y.tolist())
    forward, calculate_loss = compile_model(problem), compile_loss(problem)
    parameters = list(leaf_tensors(problem).values())
    rows: list[list[float]] = []
    began = perf_counter()
    while perf_counter() - began < SECONDS:
        loss = calculate_loss(y, forward(x, *parameters))
        loss.backward()  # type: ignore[no-untyped-call]
        row = [loss.item()]
        for parameter in parameters:
            gradient = parameter.grad
            assert gradient is not None
            with torch.no_grad():
                parameter.sub_(problem.learning_rate * gradient)
            row += (parameter.item(), gradient.item())
            gradient.zero_()
        rows.append(row)
    return len(rows) / (perf_counter() - began)


SERIES: dict[str, tuple[tuple[int, ...], Callable[[int], Sample]]] = {
    "epochs": (EPOCHS, _measure_epochs),
    "points": (POINTS, _measure_points),
    "parameters": (PARAMETERS, _measure_parameters),
}

if __name__ == "__main__":
    print(json.dumps(asdict(SERIES[sys.argv[1]][1](int(sys.argv[2])))))
