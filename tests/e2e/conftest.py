"""A desktop for the tests that drive the real program."""

from collections.abc import Iterator

import pytest

from tests.desktop import desktop


@pytest.fixture
def display() -> Iterator[str]:
    """A virtual X server with a window manager."""
    with desktop("1280x800") as name:
        yield name
