"""Signals, kills, full disks and files that exist: the program as a person starts it, with real keys."""

import re
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest
from msgspec import structs
from PySide6.QtCore import QSettings

from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, MOST_EPOCHS
from gradgui.experiment.optimizers import SGD
from gradgui.experiment.run_spec import RunSpec, read_run_spec, run_spec_text
from gradgui.numbers import write_count
from gradgui.record.run_store import Ended, RunStore
from gradgui.worker.commands import Run
from gradgui.worker.session import Session
from tests.e2e.program import Program

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.skipif(
        not all(map(shutil.which, ("Xvfb", "openbox", "xdotool"))), reason="needs Xvfb, openbox and xdotool"
    ),
]

MODEL_FIELD = ("120", "178")
"""Where the model's formula is, in pixels of a window of 1280×800."""
STATE = Path(".local", "state", "GradGUI")
UNSAVED = Path(".local", "share", "GradGUI", "unsaved")
RUNS = Path(".local", "share", "GradGUI", "runs.sqlite")
FULL_SPEED = ["ctrl+bracketright"] * 31

Start = Callable[..., Program]


@pytest.fixture
def start(display: str, tmp_path: Path) -> Iterator[Start]:
    """Start the program in the home folder of this test, and wait until it can train."""
    programs: list[Program] = []

    def start_one(*arguments: str) -> Program:
        log = tmp_path / STATE / "gradgui.log"
        ready = log.read_text("utf-8").count("ready: ") if log.exists() else 0
        programs.append(Program(display, tmp_path, *arguments))
        programs[-1].xdotool("windowfocus", "--sync", programs[-1].find_window())
        wait_until(lambda: log.exists() and log.read_text("utf-8").count("ready: ") > ready)
        return programs[-1]

    yield start_one
    for program in programs:
        if program.process.returncode is None:
            program.kill()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = monotonic() + 60
    while not is_so():
        assert monotonic() < deadline


def edit_model(program: Program, formula: str) -> None:
    """Type another model into its field."""
    program.xdotool("mousemove", "--window", program.find_window(), *MODEL_FIELD, "click", "--repeat", "3", "1")
    program.type(formula)
    program.press("Return")
    program.wait_for_log(f"ready: {formula}")


def copies(home: Path) -> list[Path]:
    return sorted((home / UNSAVED).glob("*.gradgui"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_as_ctrl_q_does_and_keeps_what_is_not_saved(
    start: Start, tmp_path: Path, number: signal.Signals
) -> None:
    program = start()
    edit_model(program, "w*x + b")
    program.process.send_signal(number)
    assert program.see_it_end() == (0, "", "")
    assert [read_run_spec(copy).experiment.model for copy in copies(tmp_path)] == ["w*x + b"]
    settings = QSettings(str(tmp_path / ".config/GradGUI/GradGUI.ini"), QSettings.Format.IniFormat)
    assert settings.contains("geometry")
    assert not list((tmp_path / STATE).glob("crash-*"))
    assert not list((tmp_path / UNSAVED).glob("*.lock"))


def test_a_signal_while_it_asks_what_is_not_saved(start: Start, tmp_path: Path) -> None:
    program = start()
    edit_model(program, "w*x + b")
    program.press("ctrl+q")
    program.wait_for_window("Save changes")
    program.process.send_signal(signal.SIGTERM)
    assert program.see_it_end() == (0, "", "")
    assert len(copies(tmp_path)) == 1


def test_a_signal_without_anything_to_lose_leaves_nothing(start: Start, tmp_path: Path) -> None:
    program = start()
    program.process.send_signal(signal.SIGTERM)
    assert program.see_it_end() == (0, "", "")
    assert list((tmp_path / UNSAVED).iterdir()) == []


@pytest.mark.parametrize("library", ["libshiboken", "QtWidgets"])
def test_interrupted_while_it_loads_it_ends_without_a_word(display: str, tmp_path: Path, library: str) -> None:
    program = Program(display, tmp_path)
    maps = Path(f"/proc/{program.process.pid}/maps")
    wait_until(lambda: library in maps.read_text("utf-8"))
    program.process.send_signal(signal.SIGINT)
    code, output, errors = program.see_it_end()
    assert code in {0, -signal.SIGINT}, "0 when the window heard of it already"
    assert (output, errors) == ("", "")


def test_what_a_killed_start_left_is_offered_and_opened(start: Start, tmp_path: Path) -> None:
    program = start()
    edit_model(program, "w*x + b")
    wait_until(lambda: len(copies(tmp_path)) == 1)
    program.kill()
    assert len(list((tmp_path / STATE).glob("crash-*.txt"))) == 1, "empty: it had no time to say anything"
    left = tmp_path / UNSAVED / ".gradgui-0123456789abcdef.part"
    left.write_text("half of it")
    again = start()
    again.wait_for_window("Open the kept copy")
    assert not left.exists()
    assert [int(re.findall(r"\d+", path.name)[0]) for path in (tmp_path / STATE).glob("crash-*.txt")] == [
        again.process.pid
    ]
    again.press("Return")  # the first button: Open copy
    wait_until(lambda: again.log.read_text("utf-8").count("ready: w*x + b") == 2)
    assert [read_run_spec(copy).experiment.model for copy in copies(tmp_path)] == ["w*x + b"], "it is still not saved"
    again.xdotool("windowfocus", "--sync", again.find_window())
    again.press("ctrl+q")
    again.wait_for_window("Save changes")
    again.press("Tab", "Return")  # Discard
    assert again.see_it_end() == (0, "", "")
    assert copies(tmp_path) == []


def test_two_at_once_do_not_offer_each_others_copies(start: Start, tmp_path: Path) -> None:
    first = start()
    edit_model(first, "w*x + b")
    wait_until(lambda: len(copies(tmp_path)) == 1)
    second = start()
    assert not second.titles("Open the kept copy")
    second.process.send_signal(signal.SIGTERM)
    assert second.see_it_end() == (0, "", "")
    assert len(copies(tmp_path)) == 1


def kept_epochs(path: Path) -> int:
    """Give how many epochs the newest run has, as anybody can read it."""
    with closing(sqlite3.connect(path)) as database:
        return int((database.execute("SELECT epochs FROM run ORDER BY id DESC").fetchone() or (0,))[0])


def test_a_run_that_is_killed_at_full_speed_is_kept_and_said(start: Start, tmp_path: Path) -> None:
    path, experiment = tmp_path / RUNS, tmp_path / "long.gradgui"
    experiment.write_text(run_spec_text(RunSpec(structs.replace(DEFAULT_EXPERIMENT, epochs=MOST_EPOCHS))))
    program = start(str(experiment))
    program.press(*FULL_SPEED, "F5")
    wait_until(lambda: kept_epochs(path) > 1000)
    seen = kept_epochs(path)
    program.kill()
    store = RunStore(path)
    (run,) = store.runs()
    losses = store.log(run.id).column("loss")
    store.close()
    assert run.ended is Ended.INTERRUPTED
    assert len(losses) == run.epochs >= seen
    assert losses[0] == 30.0, "the mean of 2², 4², 6² and 8²"
    assert (losses[1:] <= losses[:-1]).all()
    again = start()
    again.wait_for_log(f"The run “w * x” was interrupted at epoch {write_count(run.epochs)}; it is kept.")
    again.press("ctrl+q")
    assert again.see_it_end()[0] == 0
    assert again.log.read_text("utf-8").count("was interrupted") == 1
    third = start()
    third.press("ctrl+q")
    assert third.see_it_end()[0] == 0
    assert third.log.read_text("utf-8").count("was interrupted") == 1, "it is said once"
    assert sorted(one.name for one in path.parent.iterdir() if one.is_file()) == ["runs.sqlite"]


def test_a_run_that_was_killed_is_resumed_to_the_bits_of_a_straight_one(start: Start, tmp_path: Path) -> None:
    path, experiment = tmp_path / RUNS, tmp_path / "long.gradgui"
    experiment.write_text(
        run_spec_text(RunSpec(structs.replace(DEFAULT_EXPERIMENT, epochs=MOST_EPOCHS, optimizer=SGD(momentum=0.9))))
    )
    program = start(str(experiment))
    program.press(*FULL_SPEED, "F5")
    wait_until(lambda: kept_epochs(path) > 2000)
    program.kill()
    killed = kept_epochs(path)
    again = start("--run", "1")
    again.press("F5")  # it waits until the run is at its last epoch
    wait_until(lambda: kept_epochs(path) > killed + 100)
    again.press("ctrl+q")
    assert again.see_it_end() == (0, "", "")
    store = RunStore(path)
    (run,) = store.runs()
    log, spec = store.log(run.id), store.spec(run.id)
    store.close()
    assert len(log) > killed + 100
    session = Session(structs.replace(spec, trained=0))
    session.do(Run())
    straight = session.train(len(log), 600.0)
    assert straight is not None
    for place, name in enumerate(log.columns.names):
        column = log.column(name)
        assert column.tobytes() == straight.rows[:, place].astype(column.dtype).tobytes(), name


def test_a_run_that_goes_on_when_the_window_is_closed_is_kept_as_paused(start: Start, tmp_path: Path) -> None:
    path, experiment = tmp_path / RUNS, tmp_path / "long.gradgui"
    experiment.write_text(run_spec_text(RunSpec(structs.replace(DEFAULT_EXPERIMENT, epochs=MOST_EPOCHS))))
    program = start(str(experiment))
    program.press(*FULL_SPEED, "F5")
    wait_until(lambda: kept_epochs(path) > 0)
    program.process.send_signal(signal.SIGTERM)
    assert program.see_it_end() == (0, "", "")
    store = RunStore(path)
    (run,) = store.runs()
    assert (run.ended, len(store.log(run.id))) == (Ended.PAUSED, run.epochs)
    assert store.take_interrupted() == []
    store.close()


def test_half_a_file_of_a_killed_save_is_removed_at_the_next_start(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    experiment = folder / "one.gradgui"
    experiment.write_text(run_spec_text(RunSpec()))
    program = start(str(experiment))
    program.press("ctrl+q")
    assert program.see_it_end() == (0, "", "")
    left, other = folder / ".gradgui-0123456789abcdef.part", folder / "other.part"
    left.write_text("half of it")
    other.write_text("not ours")
    start()
    wait_until(lambda: not left.exists())
    assert other.exists()


def test_a_name_without_its_ending_is_asked_about_in_the_real_dialog(start: Start, tmp_path: Path) -> None:
    precious = tmp_path / "precious.gradgui"
    precious.write_text("the only copy")
    program = start()
    program.press("ctrl+shift+s")
    program.wait_for_window("Save experiment")
    program.type(str(tmp_path / "precious"))
    program.press("Return")
    program.wait_for_window("Replace the file")
    program.press("Escape")
    program.wait_for_window("Save experiment")
    program.press("Escape")
    assert precious.read_text() == "the only copy"


def test_a_log_on_a_full_disk_is_one_sentence_in_the_window(display: str, tmp_path: Path) -> None:
    folder = tmp_path / STATE
    folder.mkdir(parents=True)
    (folder / "gradgui.log").symlink_to("/dev/full")
    program = Program(display, tmp_path)
    program.xdotool("windowfocus", "--sync", program.find_window())
    program.press("F10", "ctrl+q")
    code, output, errors = program.see_it_end()
    assert (code, output) == (0, "")
    assert errors.splitlines() == [f"The log cannot be written to {folder}: No space left on device."]


def test_settings_of_any_kind_do_not_keep_it_from_starting(start: Start, tmp_path: Path) -> None:
    path = tmp_path / ".config/GradGUI/GradGUI.ini"
    path.parent.mkdir(parents=True)
    recent = "\\n".join(f"/nowhere/{number}.gradgui" for number in range(100_000))
    path.write_text(
        "[General]\nappearance=@ByteArray(\\0\\x1)\nspeed=99999999999999999999999\nlast_epochs=-3, 4\n"
        f'log_axis=@Variant(\\0\\0\\0\\b\\0\\0)\nrecent="{recent}"\nfolder="/a\\0b"\nlayout_version=3\n'
        "geometry=@ByteArray(nonsense)\npanels=@ByteArray(\\0\\0\\0\\xff)\n"
    )
    program = start()
    program.press("F10", "ctrl+q")
    assert program.see_it_end() == (0, "", "")
