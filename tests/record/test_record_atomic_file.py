"""Whole files or none: with real full disks, real permissions and real kills."""

import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import gradgui
from gradgui.record.atomic_file import AtomicFile, explain_write_error

ROOT = Path(gradgui.__file__).parents[1]


def start(script: str, *arguments: str | Path) -> subprocess.Popen[str]:
    """A Python of its own: it may lower its limits, change its user or be killed."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def output(script: str, *arguments: str | Path) -> str:
    process = start(script, *arguments)
    text, _ = process.communicate()
    assert process.returncode == 0
    return text.strip()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def older(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_bytes(b"older")
    return path


@pytest.fixture
def usual_umask() -> Iterator[None]:
    before = os.umask(0o027)
    yield
    os.umask(before)


def test_text_is_utf8_with_its_line_ends_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    with AtomicFile(path) as file:
        file.write("w·x\r\n")
        file.write(b"\x00\n")
    assert path.read_bytes() == "w·x\r\n".encode() + b"\x00\n"
    assert list(tmp_path.iterdir()) == [path]


def test_the_older_file_is_whole_until_the_end(older: Path) -> None:
    with AtomicFile(older) as file:
        file.write("newer" * 100_000)
        others = [path.name for path in older.parent.iterdir() if path != older]
        assert older.read_bytes() == b"older"
        assert len(others) == 1
        assert others[0].startswith(".")
        assert others[0].endswith(".part")
    assert older.read_bytes() == b"newer" * 100_000
    assert list(older.parent.iterdir()) == [older]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, GeneratorExit])
def test_an_exception_leaves_the_older_file_and_nothing_else(older: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), AtomicFile(older) as file:  # noqa: PT012 - it is raised inside
        file.write("newer" * 100_000)
        raise error
    assert older.read_bytes() == b"older"
    assert list(older.parent.iterdir()) == [older]


@pytest.mark.usefixtures("usual_umask")
def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    with AtomicFile(tmp_path / "new.csv") as file:
        file.write("new")
    assert mode(tmp_path / "new.csv") == 0o640


@pytest.mark.usefixtures("usual_umask")
@pytest.mark.parametrize("bits", [0o600, 0o666, 0o755])
def test_a_replaced_file_keeps_its_permissions(older: Path, bits: int) -> None:
    older.chmod(bits)
    with AtomicFile(older) as file:
        (part,) = [path for path in older.parent.iterdir() if path != older]
        assert mode(part) == bits
        file.write("newer")
    assert older.read_bytes() == b"newer"
    assert mode(older) == bits


def test_a_link_stays_a_link_to_the_replaced_file(older: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.csv"
    link.symlink_to(Path("..") / older.name)
    with AtomicFile(link) as file:
        file.write("newer")
    assert link.is_symlink()
    assert older.read_bytes() == b"newer"
    assert list(link.parent.iterdir()) == [link]


def test_a_link_to_nothing_makes_its_target(tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to("target.csv")
    with AtomicFile(link) as file:
        file.write("new")
    assert link.is_symlink()
    assert (tmp_path / "target.csv").read_bytes() == b"new"


def test_the_longest_name_that_a_file_may_have(tmp_path: Path) -> None:
    path = tmp_path / ("n" * os.pathconf(tmp_path, "PC_NAME_MAX"))
    with AtomicFile(path) as file:
        file.write("new")
    assert path.read_bytes() == b"new"


def test_a_path_within_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with AtomicFile("new.csv") as file:
        file.write("new")
    assert (tmp_path / "new.csv").read_bytes() == b"new"


def test_a_pipe_is_written_and_not_replaced() -> None:
    script = """
import sys
from gradgui.record.atomic_file import AtomicFile
with AtomicFile("/dev/stdout") as file:
    file.write("through the pipe")
"""
    assert output(script) == "through the pipe"


def test_a_named_pipe_is_written_and_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with AtomicFile(path) as file:
        file.write("through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert stat.S_ISFIFO(path.stat().st_mode)
    assert list(tmp_path.iterdir()) == [path]


IN_THE_WAY = {
    "missing folder": ("missing/log.csv", errno.ENOENT, "folder does not exist"),
    "a folder": ("folder", errno.EISDIR, "it is a folder"),
    "a file for a folder": ("file/log.csv", errno.ENOTDIR, "not a folder"),
    "too long a name": ("n" * 300, errno.ENAMETOOLONG, "name is too long"),
    "links in a circle": ("circle", errno.ELOOP, "circle"),
}


@pytest.mark.parametrize(("name", "number", "reason"), IN_THE_WAY.values(), ids=IN_THE_WAY.keys())
def test_what_cannot_be_a_file_is_an_error_with_a_reason(tmp_path: Path, name: str, number: int, reason: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "circle").symlink_to("circle")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OSError) as caught, AtomicFile(tmp_path / name):  # noqa: PT011 - by number
        pytest.fail("it was not refused at once")
    assert caught.value.errno == number
    sentence = explain_write_error(caught.value, tmp_path / name)
    assert reason in sentence
    assert str(tmp_path / name) in sentence
    assert "unchanged" not in sentence
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_that_took_the_name_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    with pytest.raises(IsADirectoryError), AtomicFile(path) as file:  # noqa: PT012 - it is raised on leaving
        path.mkdir()
        file.write("new")
    assert list(tmp_path.rglob("*")) == [path]


def test_a_folder_that_vanished_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "log.csv"
    path.parent.mkdir()
    with pytest.raises(FileNotFoundError), AtomicFile(path) as file:  # noqa: PT012 - it is raised on leaving
        file.write("new")
        shutil.rmtree(path.parent)
    assert list(tmp_path.iterdir()) == []


# A limit on the size of files stops a write in its midst as a full disk does, and needs no disk to fill.
WRITE_UNDER_A_LIMIT = """
import resource, signal, sys
from gradgui.record.atomic_file import AtomicFile, explain_write_error
path, limit, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    with AtomicFile(path) as file:
        file.write("n" * size)
        print("written,", end=" ")
except OSError as error:
    print(explain_write_error(error, path))
"""


@pytest.mark.parametrize(
    ("limit", "size", "where"),
    [
        pytest.param(100_000, 1_000_000, "", id="while writing"),
        pytest.param(1_000, 2_000, "written, ", id="only when the buffer is emptied at the end"),
    ],
)
def test_no_room_leaves_the_older_file_and_nothing_else(older: Path, limit: int, size: int, where: str) -> None:
    sentence = output(WRITE_UNDER_A_LIMIT, older, str(limit), str(size))
    assert sentence == (
        f"{where}Could not write {older}: the file would be larger than is allowed there; "
        "the file that was there is unchanged."
    )
    assert older.read_bytes() == b"older"
    assert list(older.parent.iterdir()) == [older]


# Root may write anywhere, so it becomes nobody first.
WRITE_AS_NOBODY = """
import os, sys
from gradgui.record.atomic_file import AtomicFile, explain_write_error
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    with AtomicFile(sys.argv[1]) as file:
        file.write("newer")
    print("written")
except OSError as error:
    print(type(error).__name__, explain_write_error(error, sys.argv[1]))
"""


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that nobody can reach too: pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)  # noqa: S103 - that is what it is for
        yield Path(folder)


@pytest.mark.parametrize("name", ["older.csv", "new.csv"])
def test_a_folder_without_permission(open_to_all: Path, name: str) -> None:
    older = open_to_all / "older.csv"
    older.write_bytes(b"older")
    older.chmod(0o666)
    open_to_all.chmod(0o555)
    answer = output(WRITE_AS_NOBODY, open_to_all / name)
    assert answer.startswith(f"PermissionError Could not write {open_to_all / name}: writing there is not permitted")
    assert ("the file that was there is unchanged" in answer) == (name == "older.csv")
    assert older.read_bytes() == b"older"
    assert list(open_to_all.iterdir()) == [older]


def test_a_protected_file_in_an_open_folder_is_not_replaced(open_to_all: Path) -> None:
    older = open_to_all / "older.csv"
    older.write_bytes(b"older")
    older.chmod(0o444)
    assert output(WRITE_AS_NOBODY, older).startswith("PermissionError")
    assert older.read_bytes() == b"older"
    assert list(open_to_all.iterdir()) == [older]


def test_a_full_device_is_a_full_disk() -> None:
    # As nobody, who could not do harm to the device if it were to be replaced by mistake.
    assert output(WRITE_AS_NOBODY, "/dev/full") == "OSError Could not write /dev/full: the disk is full."


def test_nobody_can_write_where_it_is_permitted(open_to_all: Path) -> None:
    assert output(WRITE_AS_NOBODY, open_to_all / "new.csv") == "written"


def test_a_kill_in_the_midst_leaves_the_older_file(older: Path) -> None:
    script = """
import sys
from gradgui.record.atomic_file import AtomicFile
with AtomicFile(sys.argv[1]) as file:
    file.write("newer" * 100_000)
    print("in the midst", flush=True)
    sys.stdin.read()
"""
    with start(script, older) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in the midst\n"
        process.kill()
        assert process.wait() == -signal.SIGKILL
    assert older.read_bytes() == b"older"


@pytest.mark.parametrize("saves", range(1, 11))
def test_a_kill_at_any_moment_leaves_one_whole_file(older: Path, saves: int) -> None:
    script = """
import itertools, sys
from gradgui.record.atomic_file import AtomicFile
for letter in itertools.cycle("ab"):
    with AtomicFile(sys.argv[1]) as file:
        for _ in range(20):
            file.write(letter * 50_000)
    print("saved", flush=True)
"""
    with start(script, older) as process:
        assert process.stdout is not None
        for _ in range(saves):
            assert process.stdout.readline() == "saved\n"
        process.kill()
        process.wait()
    content = older.read_bytes()
    assert content in (b"a" * 1_000_000, b"b" * 1_000_000)


def test_an_unknown_error_speaks_for_itself() -> None:
    assert explain_write_error(OSError(errno.ENODEV, "No such device"), "x.csv") == (
        "Could not write x.csv: No such device."
    )
    assert explain_write_error(OSError("odd"), "x.csv") == "Could not write x.csv: odd."
    assert explain_write_error(OSError(), "x.csv") == "Could not write x.csv: OSError."
