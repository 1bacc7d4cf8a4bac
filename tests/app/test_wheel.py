"""The wheel, installed in an environment that has nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.conftest import TOP, Start, step_run_and_export

NOTEBOOK = Path(__file__).parents[1] / "data" / "notebook_first_listing.txt"


@pytest.fixture(scope="module")
def gradgui(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command that the wheel installs."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = ["-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(TOP)]
    subprocess.run([sys.executable, *pip, *build], check=True, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    python = folder / "venv" / "bin" / "python"
    pinned = ["install", "--constraint", str(TOP / "constraints.txt"), str(wheel)]
    subprocess.run([str(python), *pip, *pinned], check=True, cwd=folder)
    return folder / "venv" / "bin" / "gradgui"


def test_the_wheel_trains(gradgui: Path, tmp_path: Path) -> None:
    done = subprocess.run([str(gradgui), "train"], check=True, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == NOTEBOOK.read_text("utf-8")


def test_the_wheel_opens_its_window_with_its_resources(gradgui: Path, start: Start, tmp_path: Path) -> None:
    program = start(command=[str(gradgui)])
    step_run_and_export(program, tmp_path)
    program.quit()
