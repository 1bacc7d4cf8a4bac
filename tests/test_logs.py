"""The log file, and what a crash leaves behind."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gradgui.logs import LARGEST_LOG, OLD_LOGS, Logs

CRASH = """
import ctypes, sys
from pathlib import Path
from gradgui.logs import Logs
Logs(Path(sys.argv[1]))
ctypes.string_at(0)
"""


def test_what_is_logged_is_in_the_file_and_old_files_are_bounded(tmp_path: Path) -> None:
    logs = Logs(tmp_path / "state" / "GradGUI")
    logging.getLogger("gradgui.test").info("a line")
    for _ in range(6):
        logging.getLogger("gradgui.test").info("x" * LARGEST_LOG)
    logs.close()
    names = sorted(path.name for path in (tmp_path / "state" / "GradGUI").iterdir())
    assert names == ["gradgui.log", *(f"gradgui.log.{number}" for number in range(1, OLD_LOGS + 1))]
    logging.getLogger("gradgui.test").info("after the end")
    assert "after the end" not in (tmp_path / "state" / "GradGUI" / "gradgui.log").read_text("utf-8")


def test_a_crash_leaves_a_trace_that_the_next_start_finds_once(tmp_path: Path) -> None:
    crashed = subprocess.run([sys.executable, "-c", CRASH, str(tmp_path)], check=False, capture_output=True)
    assert crashed.returncode < 0
    first = Logs(tmp_path)
    first.close()
    assert first.crash is not None
    assert "Segmentation fault" in first.crash.read_text("utf-8")
    second = Logs(tmp_path)
    second.close()
    assert second.crash is None
    assert [path.name for path in tmp_path.glob("crash-*.txt")] == []


NO_LOG = """
import logging, sys
from pathlib import Path
from gradgui.logs import Logs
logs = Logs(Path(sys.argv[1]))
logging.getLogger("gradgui.test").warning("a warning", exc_info=ValueError("with a traceback"))
logs.close()
"""


def test_without_a_log_nothing_is_printed_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    command = [sys.executable, "-c", NO_LOG, str(tmp_path / "file" / "logs")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_folder_that_cannot_be_made_is_said_and_borne(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    logs = Logs(tmp_path / "file" / "logs")
    logs.close()
    assert str(tmp_path / "file" / "logs") in logs.problem


@pytest.fixture(autouse=True)
def _root_logger_as_it_was() -> object:
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)


def test_a_full_disk_is_said_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "gradgui.log").symlink_to("/dev/full")
    logs = Logs(tmp_path)
    told: list[str] = []
    logs.tell = told.append
    for _ in range(3):
        logging.getLogger("gradgui.test").info("a line")
    logs.close()
    assert told == [f"The log cannot be written to {tmp_path}: No space left on device."]
    assert logs.problem == told[0]
    assert capfd.readouterr().err == ""


def test_traces_of_programs_that_were_killed_are_removed(tmp_path: Path) -> None:
    """Only theirs: that of a program that still runs is needed."""
    (tmp_path / "crash-1.txt").touch()
    running = Logs(tmp_path)
    other = Logs(tmp_path)
    assert other.crash is None
    assert [path.name for path in tmp_path.glob("crash-*")] == [f"crash-{os.getpid()}.txt"]
    running.close()
    other.close()
    assert list(tmp_path.glob("crash-*")) == []
