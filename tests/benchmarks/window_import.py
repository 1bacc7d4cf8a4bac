"""How long the window's own code takes to load and to be seen, torch left out."""

import json
import os
import subprocess
import sys
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from figures import Figure, spread

ROUNDS = 5
WANTED_SECONDS = 0.5


def measure_window_import() -> list[Figure]:
    """Open the window in a fresh process a few times, the first time to warm the system's caches."""
    seconds = [_open_apart() for _ in range(ROUNDS + 1)][1:]
    return [Figure("import → first frame, s", median(seconds), at_most=WANTED_SECONDS, note=spread(seconds, 2))]


def _open_apart() -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with TemporaryDirectory(prefix="gradgui-benchmark-") as home:
        environment |= {"HOME": home, "XDG_CONFIG_HOME": f"{home}/.config"}
        done = subprocess.run([sys.executable, __file__], check=True, env=environment, stdout=subprocess.PIPE)
    seconds, torch_loaded = json.loads(done.stdout)
    if torch_loaded:
        raise RuntimeError("torch was imported before the first frame was painted")
    return float(seconds)


def open_window() -> None:
    """Import and show the window in this process, print how long it took and whether torch was there, and end."""
    began = perf_counter()
    from gradgui.app import create_main_window
    from gradgui.ui.app.application import FirstPaint, create_application

    def tell() -> None:
        print(json.dumps([perf_counter() - began, "torch" in sys.modules]), flush=True)
        os._exit(0)  # torch's import, which begins now, is not waited for

    window = create_main_window()
    FirstPaint(window).painted.connect(tell)  # comes before the window's own, which has torch imported
    window.show()
    create_application().exec()


if __name__ == "__main__":
    open_window()
