"""Where the files that are no code lie: beside the checkout, inside the wheel, or inside the frozen program."""

import sys
from functools import cache
from pathlib import Path


@cache
def resource_path(*parts: str) -> Path:
    """Give the path of a file in ``resources``.

    Parameters
    ----------
    *parts
        Folder and file names below ``resources``, as in ``resource_path("icons", "run.svg")``. The guide with its
        pictures, which is in ``docs`` of a checkout, is among them: ``resource_path("guide.md")``.

    Raises
    ------
    FileNotFoundError
        When the installation is damaged and there is no such file.
    """
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    beside = [package.parent / "resources", package.parent / "docs"]
    roots = [Path(frozen) / "resources"] if frozen else [package / "_resources", *beside]
    for root in roots:
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"{'/'.join(parts)} is missing from this installation of GradGUI; install it again")
