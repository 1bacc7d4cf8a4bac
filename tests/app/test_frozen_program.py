"""The built program: started, driven by keys, and closed, as by somebody without Python."""

import os
import subprocess
from pathlib import Path

from gradgui import __version__
from tests.app.conftest import (
    DIST,
    PATIENCE,
    Start,
    clean_environment,
    package_csv,
    run_without_window,
    step_run_and_export,
)

DATA = Path(__file__).parents[1] / "data"
LARGEST = 600_000_000
"""Bytes of the unpacked program at most."""


def test_train_prints_the_notebooks_lines_and_writes_the_packages_csv(program_folder: Path, tmp_path: Path) -> None:
    done = run_without_window(program_folder / "GradGUI", tmp_path, "train", "--csv", "log.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (DATA / "notebook_first_listing.txt").read_text("utf-8")
    assert (tmp_path / "log.csv").read_bytes() == package_csv(tmp_path)


def test_version(program_folder: Path, tmp_path: Path) -> None:
    done = run_without_window(program_folder / "GradGUI", tmp_path, "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"gradgui {__version__}\n", "")


def test_a_bad_file_is_one_line(program_folder: Path, tmp_path: Path) -> None:
    done = run_without_window(program_folder / "GradGUI", tmp_path, "train", "nowhere.gradgui")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "nowhere.gradgui" in done.stderr


def test_no_display_is_one_line(program_folder: Path, tmp_path: Path) -> None:
    done = run_without_window(program_folder / "GradGUI", tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "display" in done.stderr


def test_the_folder_is_no_larger_than_promised() -> None:
    files = [path for path in (DIST / "GradGUI").rglob("*") if path.is_file() and not path.is_symlink()]
    assert sum(path.stat().st_size for path in files) <= LARGEST


def test_it_steps_runs_exports_and_closes_without_a_word(start: Start, tmp_path: Path) -> None:
    program = start()
    step_run_and_export(program, tmp_path)
    program.quit()


def test_closing_as_soon_as_it_is_seen_is_clean(start: Start) -> None:
    program = start()
    program.find_window("GradGUI")
    program.press("alt+F4")  # the window manager asks it to close, as with the cross in the window's frame
    program.see_it_end()
    assert "first frame painted" in program.log


def test_a_damaged_file_that_was_double_clicked_is_said_in_the_window(start: Start, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.gradgui"
    damaged.write_text("{")
    program = start(str(damaged))
    program.find_window("GradGUI")
    program.wait_for_log("damaged.gradgui could not be opened")
    program.wait_for_log("ready")
    program.press("ctrl+q")
    assert program.process.wait(PATIENCE) == 0


def test_the_file_manager_finds_the_systems_libraries(start: Start, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    opened = tmp_path / "opened"
    (tools / "xdg-open").write_text(f'#!/bin/sh\nprintf "%s %s" "$1" "${{LD_LIBRARY_PATH-unset}}" >"{opened}"\n')
    (tools / "xdg-open").chmod(0o755)
    program = start(PATH=str(tools))
    program.find_window("GradGUI")
    program.wait_for_log("ready")
    program.press("alt+h", "l")  # Help, Open log folder
    program.wait_until(lambda: opened.exists() and bool(opened.read_text()))
    folder = Path(program.environment["HOME"]) / ".local" / "state" / "GradGUI"
    assert opened.read_text() == f"file://{folder} unset"
    program.quit()


def test_a_read_only_program_and_a_home_that_cannot_be_written_work(start: Start, program_folder: Path) -> None:
    """As another user than the one that may write everywhere."""
    home = program_folder.parent / "locked"
    home.mkdir(mode=0o555)
    for folder in (program_folder.parent, *program_folder.parent.parents):
        if folder.stat().st_uid == os.geteuid() and not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o055)
    somebody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    subprocess.run(["chmod", "-R", "a-w", str(program_folder)], check=True)
    executable = str(program_folder / "GradGUI")
    trained = subprocess.run(
        [*somebody, executable, "train", "--epochs", "1"],
        check=False,
        env=clean_environment(home),
        capture_output=True,
        text=True,
    )
    assert (trained.returncode, trained.stderr) == (0, "")
    assert "epoch 1: w = 0.300, loss = 30.000" in trained.stdout
    program = start(command=[*somebody, executable], HOME=str(home))
    program.find_window("GradGUI")
    program.press("ctrl+q")
    _, errors = program.process.communicate(timeout=PATIENCE)
    assert program.process.returncode == 0
    assert errors == f"The log cannot be written to {home}/.local/state/GradGUI: Permission denied.\n"
