"""What is worked out of a run besides its log."""

from msgspec import Struct


class RunView(Struct, frozen=True):
    """A view of a run at one moment, as plain values: of each kind the window keeps the latest."""
