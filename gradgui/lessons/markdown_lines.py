"""What may stand in a line of a lesson's Markdown: text, pictures beside it, and links; nothing that acts."""

import re
from pathlib import Path

PICTURES = (".png", ".jpg", ".jpeg", ".svg")
LINKS = ("https://", "http://", "glossary:", "guide:")

_UNSEEN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
_FENCE = re.compile(r"```[\w+-]*")
_CODE = re.compile(r"(?<![\\`])(`+)(?!`).+?(?<!`)\1(?!`)")
_HTML = re.compile(r"<[A-Za-z/!?][^\s>]*")
_TARGET = re.compile(r"\]\(([^)\s]*)")


def is_fenced_after(line: str, *, fenced: bool) -> bool:
    """Tell whether lines of code follow a line.

    Parameters
    ----------
    line
        Without spaces at its end.
    fenced
        Whether it stands among lines of code itself.

    Raises
    ------
    ValueError
        When it is not clear to every reader of Markdown whether code begins or ends there.
    """
    if not line.lstrip().startswith(("```", "~~~")):
        return fenced
    if not (line == "```" or (not fenced and _FENCE.fullmatch(line))):
        raise ValueError("lines of code stand between two lines of ``` alone, the first one as ```python if you like")
    return not fenced


def check_line(line: str, folder: Path) -> None:
    """See that a line outside of code holds text, pictures and links only.

    Parameters
    ----------
    line
        As it stands in the file.
    folder
        Where the pictures lie.

    Raises
    ------
    ValueError
        With what may not stand there.
    """
    if unseen := _UNSEEN.search(line):
        raise ValueError(f"there is a sign that nobody sees, U+{ord(unseen[0]):04X}; delete it")
    text = _CODE.sub("", line)
    if "`" in text:
        raise ValueError("code in a line stands between two `; there is one too many, or one is missing")
    if html := _HTML.search(text):
        raise ValueError(
            f"“{html[0]}” is HTML, and a lesson has none; write it between two ` to show it, or a space behind the <"
        )
    if "]:" in text:
        raise ValueError("a link has its address in round brackets: [what it says](https://…)")
    for found in _TARGET.finditer(text):
        _check_target(found[1], folder, is_picture=_is_picture(text[: found.start()]))


def _is_picture(before: str) -> bool:
    """Tell what the bracket begins with that is closed behind a text."""
    depth = 1
    for place in range(len(before) - 1, -1, -1):
        depth += {"]": 1, "[": -1}.get(before[place], 0)
        if depth == 0:
            return before[:place].endswith("!")
    raise ValueError("a picture or link stands in one line: [what it says](https://…)")


def _check_target(target: str, folder: Path, *, is_picture: bool) -> None:
    if not is_picture:
        if not target.startswith(LINKS):
            raise ValueError(f"the link “{target}” must begin with https://, glossary: or guide:")
        return
    if Path(target).name != target or not target.lower().endswith(PICTURES):
        raise ValueError(f"the picture “{target}” must be a {', '.join(PICTURES)} file beside the lesson")
    if not is_file(folder / target):
        raise ValueError(f"there is no picture {target} beside the lesson")


def is_file(path: Path) -> bool:
    """Tell whether there is such a file; under a name that is too long there is none."""
    try:
        return path.is_file()
    except OSError:
        return False
