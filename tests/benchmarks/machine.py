"""What a figure was measured on: without that it means nothing."""

import gc
import os
import platform
from importlib.metadata import version
from pathlib import Path

import gradgui

STATM = Path("/proc/self/statm")
PACKAGES = ("torch", "PySide6-Essentials", "pyqtgraph", "numpy", "pandas")


def describe_machine() -> dict[str, str]:
    """Give cores, CPU model, system, versions, load and Qt's platform plugin, each as text under its name."""
    facts = {
        "cpu": f"{_cpu_model()}, {os.cpu_count()} cores",
        "system": platform.platform(),
        "python": platform.python_version(),
        "gradgui": gradgui.__version__,
    }
    facts |= {name: version(name) for name in PACKAGES}
    if hasattr(os, "getloadavg"):  # what else was running matters to every figure
        facts["load before"] = " ".join(f"{load:.2f}" for load in os.getloadavg())
    facts["qt platform"] = os.environ.get("QT_QPA_PLATFORM", "default")
    return facts


def choose_platform() -> None:
    """Draw into memory where there is no display; figures of painting are then those of Qt's offscreen plugin."""
    displays = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if platform.system() == "Linux" and not any(os.environ.get(name) for name in displays):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


def resident_bytes() -> int:
    """Give the memory the process has now, 0 where the system does not tell."""
    gc.collect()
    if not STATM.exists():
        return 0
    return int(STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _cpu_model() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
