"""How fast epochs come: at a pace a person can follow, or as fast as they go."""

import math

FULL_SPEED = math.inf
FASTEST_FOLLOWED = 60.0
"""Epochs a second up to which every epoch is shown by itself."""


class RateLimiter:
    """Tell how many epochs are due at a moment. Knows no clock: every method is given the time.

    Parameters
    ----------
    speed
        Epochs a second, ``FULL_SPEED`` for as many as it can.
    """

    def __init__(self, speed: float = 10.0) -> None:
        self.speed = speed
        self._next = 0.0

    def start(self, now: float) -> None:
        """Begin at a time in seconds: the first epoch is due at once."""
        self._next = now

    def set_speed(self, speed: float, now: float) -> None:
        """Change the speed; what was owed at the old one is forgotten."""
        self.speed = speed
        self._next = min(self._next, now + self.interval)

    @property
    def can_be_followed(self) -> bool:
        """Whether epochs come slowly enough to show each by itself."""
        return self.speed <= FASTEST_FOLLOWED

    @property
    def interval(self) -> float:
        """Seconds from one epoch to the next."""
        return 1.0 / self.speed

    def due(self, now: float) -> float:
        """Give how many epochs are due: infinite at full speed, one at a time while a person can follow."""
        if self.speed == FULL_SPEED:
            return math.inf
        due = max(0, math.floor((now - self._next) / self.interval) + 1)
        return min(due, 1) if self.can_be_followed else due

    def trained(self, epochs: int, now: float) -> None:
        """Take note of epochs trained. A loop that cannot keep up owes nothing from before this moment."""
        if self.speed != FULL_SPEED:
            self._next = max(self._next + epochs * self.interval, now - self.interval)

    def wait(self, now: float) -> float:
        """Give the seconds until the next epoch is due."""
        return 0.0 if self.speed == FULL_SPEED else max(0.0, self._next - now)
