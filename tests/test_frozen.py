"""What the built program does differently."""

import os
import sys

import pytest

from gradgui.platform import give_back_library_path, is_frozen


def test_a_package_leaves_the_library_path_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/mine")
    give_back_library_path()
    assert os.environ["LD_LIBRARY_PATH"] == "/mine"
    assert not is_frozen()


@pytest.mark.parametrize("before", ["/theirs", None])
def test_the_frozen_program_gives_the_library_path_back(monkeypatch: pytest.MonkeyPatch, before: str | None) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/the/programs/own")
    if before is None:
        monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    else:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    give_back_library_path()
    assert os.environ.get("LD_LIBRARY_PATH") == before
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ
