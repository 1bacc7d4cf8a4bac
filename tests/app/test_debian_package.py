"""The Debian package as a maintainer and the archive's tools look at it, without installing it."""

import gzip
import re
import struct
import subprocess
from fnmatch import fnmatch
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from gradgui import __version__
from tests.app.conftest import DEB, TOP, run_tool, run_without_window

METAINFO = "usr/share/metainfo/org.gradgui.gradgui.metainfo.xml"
UNKNOWN_IN_DEBIAN_12 = re.compile(r"I: \S+ unknown-tag developer\n")
"""AppStream 0.16 does not know yet what 1.0 wants instead of ``developer_name``."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package unpacked, with its control files in ``DEBIAN``."""
    folder = tmp_path_factory.mktemp("deb") / "root"
    run_tool("dpkg-deb", "--raw-extract", DEB, folder)
    return folder


def _gunzip(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode()


def _paragraphs(text: str) -> list[dict[str, str]]:
    """Give the paragraphs of a file of fields as Debian writes them."""
    return [
        {name: value.strip() for name, value in re.findall(r"^([A-Z][\w-]*):((?:.*)(?:\n .*)*)", part, re.M)}
        for part in text.split("\n\n")
    ]


def test_lintian_reports_nothing_but_what_the_documentation_lists() -> None:
    """The overrides in the package are the table in docs/packaging.md.

    Which of them are used depends on the Python that the bundle was built with, and is not asked.
    """
    command = [
        "lintian",
        "--allow-root",
        "--pedantic",
        "--display-info",
        "--suppress-tags",
        "unused-override",
        str(DEB),
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_the_documentation_gives_a_reason_for_every_override(root: Path) -> None:
    lines = (root / "usr/share/lintian/overrides/gradgui").read_text("utf-8").splitlines()
    tags = [line.removeprefix("gradgui: ") for line in lines[1::2]]
    assert tags
    assert all(re.fullmatch(r"# .{10,}\.", reason) for reason in lines[::2])
    documented = (TOP / "docs" / "packaging.md").read_text("utf-8")
    assert all(f"| `{tag}` |" in documented for tag in tags)


def test_the_sums_are_those_of_all_files(root: Path) -> None:
    sums = (root / "DEBIAN/md5sums").read_text("utf-8")
    files = {path.relative_to(root) for path in root.rglob("*") if path.is_file() and not path.is_symlink()}
    listed = {Path(line.split("  ", 1)[1]) for line in sums.splitlines()}
    assert listed == {path for path in files if path.parts[0] != "DEBIAN"}
    run_tool("sh", "-c", 'cd "$0" && md5sum --quiet --check DEBIAN/md5sums', root)


def test_the_changelog_says_what_the_projects_own_says(root: Path, tmp_path: Path) -> None:
    changelog = tmp_path / "changelog"
    changelog.write_text(_gunzip(root / "usr/share/doc/gradgui/changelog.gz"), "utf-8")
    parsed = run_tool("dpkg-parsechangelog", "--file", changelog, "--all")  # complains of whatever is malformed
    assert "warning" not in parsed
    assert f"\nVersion: {__version__}\n" in parsed
    ours = re.findall(r"^\* (?:.+\n)(?:  .+\n)*", (TOP / "CHANGELOG.md").read_text("utf-8"), re.M)
    theirs = re.findall(r"^  \* (?:.+\n)(?:    .+\n)*", changelog.read_text("utf-8"), re.M)
    assert [bullet.split() for bullet in theirs] == [bullet.split() for bullet in ours]


def test_the_copyright_file_covers_every_library_and_points_to_texts_that_are_there(root: Path) -> None:
    text = (root / "usr/share/doc/gradgui/copyright").read_text("utf-8")
    _, whole, *parts = (
        paragraph for paragraph in _paragraphs(text) if "License" not in paragraph or "Files" in paragraph
    )
    assert (whole["Files"], whole["License"]) == ("*", "Expat")
    patterns = [pattern for part in parts for pattern in part["Files"].split()]
    own = [path.relative_to(root) for path in (root / "opt").rglob("*.so*")]
    assert own
    assert [path for path in own if not any(fnmatch(str(path), pattern) for pattern in patterns)] == []
    for pattern in patterns:
        assert any(root.glob(pattern)), pattern
    for path in re.findall(r" /((?:opt|usr/share/doc)/gradgui/[^\s,]*[^\s,.])", text):
        assert any(root.glob(path)), path
    for path in re.findall(r"/usr/share/common-licenses/[\w-]*\w", text):
        assert Path(path).exists()
    for system_library in (root / "opt/gradgui/_internal").glob("lib*.so*"):
        if not system_library.is_symlink() and not system_library.name.startswith("libpython"):
            owner = run_tool("dpkg-query", "--search", f"*/x86_64-linux-gnu/{system_library.name}").split(":")[0]
            assert (root / "usr/share/doc/gradgui/copyrights" / owner).stat().st_size


def test_the_manual_page_is_clean_and_knows_every_option(root: Path, program_folder: Path, tmp_path: Path) -> None:
    page = root / "usr/share/man/man1/gradgui.1.gz"
    assert run_tool("mandoc", "-Tlint", page) == ""
    text = _gunzip(page).replace("\\-", "-")
    assert f'"GradGUI {__version__}"' in text
    for command in ([], ["train"]):
        help_text = run_without_window(program_folder / "GradGUI", tmp_path, *command, "--help").stdout
        options = set(re.findall(r"--[a-z][a-z-]*", help_text))
        assert options
        assert {option for option in options if option not in text} == set()


def test_the_appstream_metadata_is_valid_and_true(root: Path) -> None:
    path = root / METAINFO
    done = subprocess.run(
        ["appstreamcli", "validate", "--pedantic", "--no-net", str(path)], check=True, capture_output=True, text=True
    )
    findings = UNKNOWN_IN_DEBIAN_12.sub("", done.stdout)
    assert re.findall(r"^[EWIP]: .*", findings, re.M) == []
    component = ET.parse(path).getroot()  # noqa: S314 - our own file
    newest = component.find("releases/release")
    assert newest is not None
    assert newest.get("version") == __version__
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", newest.get("date", ""))
    for tag in ("developer/name", "content_rating", "project_license", "metadata_license"):
        assert component.find(tag) is not None
    assert (root / "usr/share/applications" / component.findtext("launchable", "")).is_file()
    assert (root / "usr/bin" / component.findtext("provides/binary", "")).is_symlink()
    kind = component.findtext("provides/mediatype", "")
    assert f'type="{kind}"' in (root / "usr/share/mime/packages/gradgui.xml").read_text("utf-8")


def test_the_screenshots_are_the_pictures_of_the_guide(root: Path) -> None:
    images = ET.parse(root / METAINFO).getroot().findall("screenshots/screenshot/image")  # noqa: S314 - our own file
    assert len(images) >= 3
    for image in images:
        address = image.text or ""
        assert address.startswith("https://")
        name = Path(address).name
        picture = (root / "usr/share/doc/gradgui/pictures" / name).read_bytes()
        assert picture == (TOP / "docs/pictures" / name).read_bytes()
        assert struct.unpack(">II", picture[16:24]) == (int(image.get("width", 0)), int(image.get("height", 0)))
