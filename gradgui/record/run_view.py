"""What is worked out of a run besides its log."""


class RunView:
    """A view of a run at one moment, as plain values: of each kind the window keeps the latest."""
