"""A desktop for the tests that drive the real program."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def desktop(size: str) -> Iterator[str]:
    """Give the name of a virtual X server with a window manager, whose screen is as large as ``1280x800``."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as number:
        name = f":{number.readline().strip()}"
    manager = subprocess.Popen(["openbox"], env=os.environ | {"DISPLAY": name}, stderr=subprocess.DEVNULL)
    yield name
    for process in (manager, server):
        process.terminate()
        process.wait()
