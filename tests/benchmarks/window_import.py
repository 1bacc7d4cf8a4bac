"""How long it takes until the window is seen, against its libraries alone; torch left out."""

import os
import subprocess
import sys
from statistics import median
from tempfile import TemporaryDirectory
from time import time

from figures import Figure, spread

ROUNDS = 21
WANTED_SECONDS = 0.5
WANTED_RATIO = 1.35

LIBRARIES = "import numpy, PySide6.QtWidgets, pyqtgraph"

PROGRAM = """
import logging, os, sys, time
from gradgui.__main__ import main

class Tell(logging.Handler):
    def emit(self, record):
        if record.getMessage() == "first frame painted":
            print(time.time(), "torch" in sys.modules, flush=True)
            os._exit(0)  # torch's import, which begins now, is not waited for

logging.getLogger("gradgui.ui.app.application").addHandler(Tell())
sys.exit(main())
"""


def measure_window_import() -> list[Figure]:
    """Import the libraries and start the program in turns; the first turn warms the caches."""
    turns = [(_import_libraries(), _open_window()) for _ in range(ROUNDS + 1)][1:]
    frames, beyond = [frame for _, frame in turns], [frame - libraries for libraries, frame in turns]
    ratios = [frame / libraries for libraries, frame in turns]
    return [
        Figure("first frame, s", median(frames), note=spread(frames, 2)),
        Figure("libraries → first frame, s", median(beyond), at_most=WANTED_SECONDS, note=spread(beyond, 2)),
        Figure(f"first frame ÷ {LIBRARIES}", median(ratios), at_most=WANTED_RATIO, note=spread(ratios, 2)),
    ]


def _import_libraries() -> float:
    began = time()
    subprocess.run([sys.executable, "-c", LIBRARIES], check=True, env=_environment())
    return time() - began


def _open_window() -> float:
    """Give the seconds from the start of the process to the first frame."""
    with TemporaryDirectory(prefix="gradgui-benchmark-") as home:
        places = {"HOME": home, "XDG_CONFIG_HOME": f"{home}/.config", "XDG_STATE_HOME": f"{home}/.local/state"}
        began = time()
        command = [sys.executable, "-c", PROGRAM]
        done = subprocess.run(command, check=True, env=_environment() | places, stdout=subprocess.PIPE, text=True)
    painted, torch_loaded = done.stdout.split()
    if torch_loaded == "True":
        raise RuntimeError("torch was imported before the first frame was painted")
    return float(painted) - began


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
