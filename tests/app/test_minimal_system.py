"""The Debian package in a system that has nothing but what the package asks for."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from platform import freedesktop_os_release

import pytest

from tests.app.conftest import DEB, SYSTEM, Start, as_root, run_tool


@pytest.fixture(scope="module")
def minimal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The smallest system that apt works in, with the package and what it depends on."""
    root = tmp_path_factory.mktemp("minimal") / "root"
    run_tool(
        *as_root(),
        "mmdebstrap",
        "--variant=minbase",
        f"--customize-hook=copy-in {DEB} /tmp",
        f'--customize-hook=chroot "$1" apt-get --yes --no-install-recommends install /tmp/{DEB.name}',
        freedesktop_os_release()["VERSION_CODENAME"],
        root,
        PATH=SYSTEM,
    )
    yield root
    subprocess.run([*as_root(), "rm", "--recursive", "--force", "--one-file-system", str(root)], check=True)


def test_fonts_are_found(minimal: Path) -> None:
    for family in ("sans-serif", "monospace"):
        assert ".ttf" in run_tool(*as_root(), "chroot", minimal, "/usr/bin/fc-match", family, PATH=SYSTEM)


def test_the_window_opens_without_a_complaint(minimal: Path, start: Start) -> None:
    """Without fontconfig's files it draws boxes for letters, and says so when it starts."""
    inside = 'mount -t proc proc "$0/proc" && exec chroot "$0" /usr/bin/env HOME=/root /usr/bin/gradgui'
    command = [*as_root(), "/usr/bin/unshare", "--mount", "/bin/sh", "-c", inside, str(minimal)]
    program = start(command=command, PATH=SYSTEM, HOME=str(minimal / "root"))
    program.find_window("GradGUI")
    program.wait_for_log("ready")
    program.quit()
