"""How large the built program is, beside what PyInstaller makes by default."""

import subprocess
import sys
from pathlib import Path

from figures import Figure

from gradgui import __version__

TOP = Path(__file__).parents[2]
BUNDLE = TOP / "dist" / "GradGUI"
DEFAULT_BUNDLE = TOP / "build" / "default" / "GradGUI"
WANTED_FOLDER_MB, WANTED_ARCHIVE_MB = 600.0, 170.0


def measure_bundle() -> list[Figure]:
    """Measure what ``make package`` has built; PyInstaller's default is built here, once."""
    if not DEFAULT_BUNDLE.exists():
        _build_default()
    dist = TOP / "dist"
    archives = (f"GradGUI-{__version__}-linux-x86_64.tar.xz", f"gradgui_{__version__}_amd64.deb")
    figures = [
        Figure("PyInstaller's default folder, MB", _megabytes(DEFAULT_BUNDLE)),
        Figure("unpacked folder, MB", _megabytes(BUNDLE), at_most=WANTED_FOLDER_MB),
    ]
    figures += [
        Figure(
            f"{name.rpartition('.')[2]} package, MB", (dist / name).stat().st_size / 1e6, at_most=WANTED_ARCHIVE_MB
        )
        for name in archives
    ]
    return figures


def _build_default() -> None:
    """Have PyInstaller build the program without our plan for it."""
    build = TOP / "build" / "default"
    options = ["--noconfirm", "--windowed", "--log-level", "ERROR", "--name", "GradGUI", "--paths", str(TOP)]
    options += ["--add-data", f"{TOP / 'resources'}:resources"]
    options += ["--distpath", str(build), "--workpath", str(build / "work"), "--specpath", str(build)]
    command = [sys.executable, "-m", "PyInstaller", *options, str(TOP / "gradgui" / "__main__.py")]
    subprocess.run(command, check=True, stdout=sys.stderr)


def _megabytes(folder: Path) -> float:
    """Give the size of a folder's files in 10⁶ bytes, links not followed."""
    if not folder.exists():
        raise FileNotFoundError(f"{folder} is not there; make package builds it")
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 1e6
