"""How long it takes until the window is seen and until the first epoch can be trained."""

import os
import statistics
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from time import perf_counter, time

from bundle_size import BUNDLE, DEFAULT_BUNDLE
from figures import Figure, spread

ROUNDS = 5
WANTED_FRAME_SECONDS = 0.6
WANTED_READY_RATIO = 1.3
PATIENCE = 120.0


def measure_start() -> list[Figure]:
    """Start each program a few times, the first time to warm the system's caches."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    imports = [_import_seconds(environment) for _ in range(ROUNDS + 1)][1:]
    torch = statistics.median(imports)
    figures = [Figure("python -c 'import torch', s", torch, note=spread(imports, 2))]
    programs = {"package": [sys.executable, "-m", "gradgui"], "frozen": [str(BUNDLE / "GradGUI")]}
    programs |= {"PyInstaller's default": [str(DEFAULT_BUNDLE / "GradGUI")]}
    for name, command in programs.items():
        if name != "package" and not Path(command[0]).exists():
            continue  # make app builds the one, the row bundle the other
        starts = [_start(command, environment) for _ in range(ROUNDS + 1)][1:]
        frames, ready = [start[0] for start in starts], [start[1] for start in starts]
        ours = name != "PyInstaller's default"
        figures += [
            Figure(
                f"{name}: first frame, s",
                statistics.median(frames),
                at_most=WANTED_FRAME_SECONDS if ours else None,
                note=spread(frames, 2),
            ),
            Figure(
                f"{name}: first epoch possible ÷ import torch",
                statistics.median(ready) / torch,
                at_most=WANTED_READY_RATIO if ours else None,
                note=spread(ready, 2),
            ),
        ]
    return figures


def _import_seconds(environment: dict[str, str]) -> float:
    began = perf_counter()
    subprocess.run([sys.executable, "-c", "import torch"], check=True, env=environment)
    return perf_counter() - began


def _start(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Give the seconds from the start of the process to the first frame, and to the first possible epoch."""
    with tempfile.TemporaryDirectory() as home:
        log = Path(home, ".local", "state", "GradGUI", "gradgui.log")
        paths = {"HOME": home, "XDG_STATE_HOME": f"{home}/.local/state", "XDG_CONFIG_HOME": f"{home}/.config"}
        began = time()
        program = subprocess.Popen(command, env=environment | paths)
        while " ready: " not in (log.read_text("utf-8") if log.exists() else ""):
            if time() - began > PATIENCE or program.poll() is not None:
                raise RuntimeError(f"{command[0]} did not come up")
            try:
                program.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
        program.kill()
        program.wait()
        lines = log.read_text("utf-8").splitlines()
    return tuple(  # type: ignore[return-value]
        _moment(next(line for line in lines if text in line)) - began for text in ("first frame painted", " ready: ")
    )


def _moment(line: str) -> float:
    """Give the time at which a line was logged, in seconds of the system's clock."""
    return datetime.strptime(line[:23], "%Y-%m-%d %H:%M:%S,%f").astimezone().timestamp()
