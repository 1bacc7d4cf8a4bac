"""What of a run is looked at, and worked out only for that."""

from collections.abc import Iterator
from time import perf_counter
from typing import TYPE_CHECKING

from gradgui.record.views import RunView
from gradgui.worker import commands

if TYPE_CHECKING:  # torch comes with it
    from gradgui.worker.session import Session

VIEWS_SECONDS = 1 / 8
"""The least time between two landscapes at speeds that nobody can follow: each costs as much as some ten epochs."""

LANDSCAPE_REST = 49.0
"""While it runs, the loop goes on for so many times as long as the last landscape took before there is another."""


class Sight:
    """Work out what is in sight, and remember what that cost.

    Attributes
    ----------
    look
        What is in sight.
    """

    def __init__(self) -> None:
        self.look = commands.Look()
        self._last_views = 0.0
        self._next_landscape = 0.0

    @property
    def opens_epochs(self) -> bool:
        """Whether an epoch that is opened up is in sight."""
        return self.look.epoch or self.look.gradients

    @property
    def is_old(self) -> bool:
        """Whether what was worked out last may be so again, at a speed that nobody can follow."""
        return perf_counter() - self._last_views >= VIEWS_SECONDS

    def views(self, session: "Session", *, followed: bool) -> Iterator[RunView]:
        """Work out what is looked at, one after the other.

        Parameters
        ----------
        session
            Whose run it is.
        followed
            Whether a person can follow its speed; at others there is only the landscape, and not always.
        """
        self._last_views = perf_counter()
        look, names = self.look, set(session.experiment.parameter_names)
        if not session.running or self._last_views >= self._next_landscape:
            began = perf_counter()
            if look.landscape_of and set(look.landscape_of) <= names:
                yield session.landscape(*look.landscape_of)
            ended = perf_counter()
            self._next_landscape = ended + LANDSCAPE_REST * (ended - began)
        if session.running and not followed:
            return
        if look.point_shares:
            yield session.point_shares()
        if self.opens_epochs:
            trace = session.trace()
            yield trace
            if look.gradients:
                yield session.gradient_checks(trace)
        if look.forecast:
            yield session.forecast(look.wanted_loss)
