"""What is handed to people: the archive with its installer, and the Debian package."""

import os
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
from tests.app.conftest import DIST, PATIENCE, Start, clean_environment, step_run_and_export

NAME = f"GradGUI-{__version__}-linux-x86_64"
ARCHIVE = DIST / f"{NAME}.tar.xz"
DEB = DIST / f"gradgui_{__version__}_amd64.deb"
LARGEST = 170_000_000
"""Bytes of an archive at most."""
SIZES = ("16x16", "22x22", "24x24", "32x32", "48x48", "64x64", "128x128", "256x256", "512x512", "scalable")
SYSTEM = "/usr/bin:/bin:/usr/sbin:/sbin"


def _run(*command: str | Path, **environment: str) -> str:
    """Run a tool of the system and give what it said."""
    done = subprocess.run(
        [str(part) for part in command],
        check=False,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


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
    assert _run("desktop-file-validate", entry) == ""
    for size in SIZES:
        assert list((data / "icons" / "hicolor" / size / "apps").glob("gradgui.*"))
    assert "application/x-gradgui-experiment" in (data / "mime" / "globs2").read_text("utf-8")
    lesson = resource_path("lessons", "04-a-line-with-an-intercept.gradgui")
    assert _run(home / ".local" / "bin" / "gradgui", "--version") == f"gradgui {__version__}\n"
    program = start(command=_command_of(entry, str(lesson)))
    program.find_window("04-a-line-with-an-intercept")
    program.wait_for_log("ready: w*x + b")
    program.quit()
    kept = _files(home / ".local" / "state") | _files(home / ".config")
    subprocess.run(["/bin/sh", installer, "--remove"], check=True, env=environment, capture_output=True)
    databases = {path for path in _files(data) if path.parts[len(data.parts)] in ("mime", "applications")}
    assert _files(home) - kept - databases == before
    assert not any("gradgui" in path.name for path in databases)


@pytest.fixture(scope="module")
def installed() -> Iterator[Path]:
    """The Debian package, installed: gives its desktop entry."""
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    apt = [*as_root, "apt-get", "--quiet", "--yes", "--no-install-recommends"]
    _run(*apt, "install", DEB, DEBIAN_FRONTEND="noninteractive")
    yield Path("/usr/share/applications/gradgui.desktop")
    _run(*apt, "purge", "gradgui", DEBIAN_FRONTEND="noninteractive")
    assert not Path("/opt/gradgui").exists()


def test_the_installed_package_works_from_its_desktop_entry(installed: Path, start: Start, tmp_path: Path) -> None:
    program = start(command=_command_of(installed))
    step_run_and_export(program, tmp_path)
    program.quit()


def test_a_double_click_on_an_experiment_opens_it(installed: Path, start: Start, tmp_path: Path) -> None:
    experiment = tmp_path / "a narrow välley.gradgui"
    experiment.write_bytes(resource_path("lessons", "12-a-narrow-valley.gradgui").read_bytes())
    kind = _run("gio", "info", "--attributes=standard::content-type", experiment)
    assert "application/x-gradgui-experiment" in kind
    launcher = start(str(experiment), command=["/usr/bin/gio", "open"], PATH=SYSTEM)
    launcher.find_window("a narrow välley")
    launcher.wait_for_log("ready")
    launcher.press("ctrl+q")
    launcher.wait_until(lambda: not launcher.visible_windows("a narrow välley"))


def test_the_desktop_finds_what_it_needs(installed: Path) -> None:
    assert _run("desktop-file-validate", installed) == ""
    metainfo = "/usr/share/metainfo/org.gradgui.GradGUI.metainfo.xml"
    assert "Validation was successful" in _run("appstreamcli", "validate", "--no-net", metainfo)
    assert f'<release version="{__version__}"' in Path(metainfo).read_text("utf-8")
    for size in SIZES:
        assert list(Path("/usr/share/icons/hicolor", size, "apps").glob("gradgui.*"))
    assert _run("/usr/bin/gradgui", "--version") == f"gradgui {__version__}\n"


def test_every_library_is_inside_or_declared(installed: Path) -> None:
    inside, needed = set(), set()
    for path in _files(Path("/opt/gradgui")):
        if ".so" in path.name or path.name == "GradGUI":
            inside.add(path.name)
            needed |= set(re.findall(r"\(NEEDED\).*\[(.+)\]", _run("readelf", "--dynamic", path)))
    declared = _run("dpkg-query", "--show", "--showformat=${Depends}", "gradgui")
    packages = {name.split()[0] for name in declared.split(", ")}
    listed = "".join(_run("dpkg-query", "--listfiles", package) for package in packages)
    provided = {Path(line).name for line in listed.splitlines()}
    assert needed - inside - provided == set()


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
