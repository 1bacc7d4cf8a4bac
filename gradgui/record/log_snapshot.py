"""The log as it was at one moment, for reading in the background."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gradgui.record.column import Rows


@dataclass(frozen=True, eq=False)
class LogSnapshot:
    """A log that changes no more, whatever becomes of the one it was taken from; any thread may read it.

    Attributes
    ----------
    column_names
        ``epoch`` and then one name for each of ``columns``.
    columns
        Rows of the columns behind the epoch, all of the same length; row 0 is epoch 1.
    """

    column_names: tuple[str, ...]
    columns: tuple[Rows[np.floating[Any]], ...]

    def __len__(self) -> int:
        return len(self.columns[0])
