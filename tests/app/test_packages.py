"""What is handed to people: the archive with its installer, and the Debian package."""

import re
import shlex
import subprocess
import tarfile
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest

from gradgui import __version__
from gradgui.resources import resource_path
from tests.app.conftest import (
    DEB,
    DIST,
    PATIENCE,
    SYSTEM,
    Start,
    as_root,
    clean_environment,
    run_tool,
    step_run_and_export,
)

NAME = f"GradGUI-{__version__}-linux-x86_64"
ARCHIVE = DIST / f"{NAME}.tar.xz"
LARGEST = 170_000_000
"""Bytes of an archive at most."""
SIZES = ("16x16", "22x22", "24x24", "32x32", "48x48", "64x64", "128x128", "256x256", "512x512", "scalable")


def _command_of(entry: Path, *files: str) -> list[str]:
    """Give the command of a desktop entry as a menu starts it."""
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(entry, "utf-8")
    value = parser["Desktop Entry"]["Exec"].replace("\\\\", "\\")
    parts = [part.replace("%%", "%") if part != "%f" else part for part in shlex.split(value)]
    place = parts.index("%f")
    return [*parts[:place], *files, *parts[place + 1 :]]


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() or path.is_symlink()}


@pytest.mark.parametrize("package", [ARCHIVE, DEB])
def test_a_package_is_no_larger_than_promised(package: Path) -> None:
    assert package.stat().st_size <= LARGEST


def test_the_archive_is_installed_for_one_user_started_and_removed(start: Start, tmp_path: Path) -> None:
    downloads = tmp_path / "Téléchargements $HOME"
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(downloads, filter="data")
    home = tmp_path / "home"
    data = home / 'the user\'s 100 % own "data"'
    installer = str(downloads / NAME / "install.sh")
    before = _files(home)
    environment = clean_environment(home, PATH=SYSTEM, XDG_DATA_HOME=str(data))
    said = subprocess.run(["/bin/sh", installer], check=True, env=environment, capture_output=True, text=True)
    assert (said.stderr, len(said.stdout.splitlines())) == ("", 1)
    entry = data / "applications" / "gradgui.desktop"
    assert run_tool("desktop-file-validate", entry) == ""
    for size in SIZES:
        assert list((data / "icons" / "hicolor" / size / "apps").glob("gradgui.*"))
    globs = (data / "mime" / "globs2").read_text("utf-8")
    assert "application/x-gradgui-experiment" in globs
    assert "60:application/x-gradgui-lesson:*.lesson.md" in globs
    assert f"GradGUI {__version__}" in (home / ".local" / "share" / "man" / "man1" / "gradgui.1").read_text("utf-8")
    lesson = resource_path("lessons", "04-a-line-with-an-intercept.gradgui")
    assert run_tool(home / ".local" / "bin" / "gradgui", "--version") == f"gradgui {__version__}\n"
    program = start(command=_command_of(entry, str(lesson)))
    program.find_window("04-a-line-with-an-intercept")
    program.wait_for_log("ready: w*x + b")
    program.quit()
    own = (".local/state", ".config", ".local/share/GradGUI")  # logs, settings, and what the person's runs left
    kept = {path for folder in own for path in _files(home / folder)}
    subprocess.run(["/bin/sh", installer, "--remove"], check=True, env=environment, capture_output=True)
    databases = {path for path in _files(data) if path.parts[len(data.parts)] in ("mime", "applications")}
    assert _files(home) - kept - databases == before
    assert not any("gradgui" in path.name for path in databases)


@pytest.fixture(scope="module")
def installed() -> Iterator[Path]:
    """The Debian package, installed: gives its desktop entry."""
    apt = [*as_root(), "apt-get", "--quiet", "--yes", "--no-install-recommends"]
    run_tool(*apt, "install", DEB, DEBIAN_FRONTEND="noninteractive")
    yield Path("/usr/share/applications/gradgui.desktop")
    run_tool(*apt, "purge", "gradgui", DEBIAN_FRONTEND="noninteractive")
    assert not Path("/opt/gradgui").exists()


def test_the_installed_package_works_from_its_desktop_entry(installed: Path, start: Start, tmp_path: Path) -> None:
    program = start(command=_command_of(installed))
    step_run_and_export(program, tmp_path)
    program.quit()


def test_a_double_click_on_an_experiment_opens_it(installed: Path, start: Start, tmp_path: Path) -> None:
    experiment = tmp_path / "a narrow välley.gradgui"
    experiment.write_bytes(resource_path("lessons", "12-a-narrow-valley.gradgui").read_bytes())
    kind = run_tool("gio", "info", "--attributes=standard::content-type", experiment)
    assert "application/x-gradgui-experiment" in kind
    launcher = start(str(experiment), command=["/usr/bin/gio", "open"], PATH=SYSTEM)
    launcher.find_window("a narrow välley")
    launcher.wait_for_log("ready")
    launcher.press("ctrl+q")
    launcher.wait_until(lambda: not launcher.visible_windows("a narrow välley"))


def test_the_desktop_finds_what_it_needs(installed: Path) -> None:
    assert run_tool("desktop-file-validate", installed) == ""
    for size in SIZES:
        assert list(Path("/usr/share/icons/hicolor", size, "apps").glob("gradgui.*"))
    assert run_tool("/usr/bin/gradgui", "--version") == f"gradgui {__version__}\n"


def test_every_library_is_inside_or_declared(installed: Path) -> None:
    inside, needed = set(), set()
    for path in _files(Path("/opt/gradgui")):
        if ".so" in path.name or path.name == "GradGUI":
            inside.add(path.name)
            needed |= set(re.findall(r"\(NEEDED\).*\[(.+)\]", run_tool("readelf", "--dynamic", path)))
    declared = run_tool("dpkg-query", "--show", "--showformat=${Depends}", "gradgui")
    packages = {name.split()[0] for name in declared.split(", ")}  # of alternatives the first, which is here
    listed = "".join(run_tool("dpkg-query", "--listfiles", package) for package in packages)
    provided = {Path(line).name for line in listed.splitlines()}
    assert needed - inside - provided == set()


def test_no_library_looks_for_others_in_a_folder_of_the_build_machine(program_folder: Path) -> None:
    libraries = [path for path in _files(program_folder) if path.read_bytes()[:4] == b"\x7fELF"]
    dynamic = run_tool("readelf", "--dynamic", "--wide", *libraries)
    searched = re.findall(r"\((?:RPATH|RUNPATH)\).*\[(.+)\]", dynamic)
    assert searched
    assert {path for paths in searched for path in paths.split(":") if not path.startswith("$ORIGIN")} == set()


def test_the_command_of_the_package_trains(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        ["/usr/bin/gradgui", "train", "--epochs", "1"],
        check=True,
        env=clean_environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert "epoch 1: w = 0.300, loss = 30.000" in done.stdout


def test_a_double_click_on_a_lesson_opens_it(installed: Path, start: Start, tmp_path: Path) -> None:
    lesson = tmp_path / "my.lesson.md"
    lesson.write_bytes(resource_path("template.lesson.md").read_bytes())
    kind = run_tool("gio", "info", "--attributes=standard::content-type", lesson)
    assert "application/x-gradgui-lesson" in kind
    launcher = start(str(lesson), command=["/usr/bin/gio", "open"], PATH=SYSTEM)
    launcher.find_window("My lesson")
    launcher.wait_for_log("lesson my.lesson.md, step 1")
    launcher.press("ctrl+q")
    launcher.wait_until(lambda: not launcher.visible_windows("My lesson"))
