"""The Markdown of guide and glossary as HTML: headings, paragraphs, lists, tables, pictures, code."""

import re
from collections.abc import Iterator
from html import escape

_HEADING = re.compile(r"(#{1,4}) +(.+)")
_ITEM = re.compile(r"(?:[*-]|\d+\.) +(.*)")
_INLINE = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|!\[(?P<alt>[^\]]*)\]\((?P<picture>[^)\s]+)\)"
    r"|\[(?P<label>[^\]]+)\]\((?P<target>(?:[^()\s]|\([^()]*\))+)\)"
    r"|\*\*(?P<bold>[^*]+)\*\*"
    r"|\*(?P<slanted>[^*\s][^*]*)\*"
)


def slug(heading: str) -> str:
    """Give the name that a heading has in links, as ``#the-loss-landscape``."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def inline_html(text: str) -> str:
    """Give a line's marks as HTML; everything else in it is text."""
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    end = 0
    for mark in _INLINE.finditer(text):
        yield escape(text[end : mark.start()], quote=False)
        end = mark.end()
        match mark.lastgroup:
            case "code":
                yield f"<code>{escape(mark['code'], quote=False)}</code>"
            case "picture":
                yield f'<img src="{escape(mark["picture"])}" alt="{escape(mark["alt"])}">'
            case "target":
                yield f'<a href="{escape(mark["target"])}">{inline_html(mark["label"])}</a>'
            case "bold":
                yield f"<b>{inline_html(mark['bold'])}</b>"
            case _:
                yield f"<i>{inline_html(mark['slanted'])}</i>"
    yield escape(text[end:], quote=False)


def to_html(text: str) -> str:
    """Give a text as HTML, with a named anchor at every heading.

    Parameters
    ----------
    text
        Markdown with blank lines between blocks.
    """
    blocks = re.split(r"^```.*\n((?:.*\n)*?)```$", text, flags=re.MULTILINE)  # every other one is code
    return "".join(
        f"<pre>{escape(block.rstrip(), quote=False)}</pre>\n" if place % 2 else "".join(map(_block, _split(block)))
        for place, block in enumerate(blocks)
    )


def _split(text: str) -> list[str]:
    return [block for block in re.split(r"\n\s*\n|(?<=\n)(?=#)", text.strip("\n")) if block.strip()]


def _block(block: str) -> str:
    if heading := _HEADING.match(block):
        title, level = heading[2].strip(), len(heading[1])
        rest = block[heading.end() :].strip()
        return f'<h{level}><a name="{slug(title)}"></a>{inline_html(title)}</h{level}>\n' + (
            _block(rest) if rest else ""
        )
    if block.startswith("|"):
        return _table(block)
    if _ITEM.match(block):
        return f"<ul>{''.join(f'<li>{inline_html(item)}</li>' for item in _items(block))}</ul>\n"
    return f"<p>{inline_html(' '.join(block.split()))}</p>\n"


def _table(block: str) -> str:
    """Give a table: a head, the line below it, and rows."""
    head, _, *rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in block.split("\n")]
    lines = [
        "".join(f"<{tag}>{inline_html(cell)}</{tag}>" for cell in cells)
        for tag, cells in (("th", head), *(("td", row) for row in rows))
    ]
    return f'<table cellpadding="4">{"".join(f"<tr>{line}</tr>" for line in lines)}</table>\n'


def _items(block: str) -> list[str]:
    """Give the items of a list, each as one line."""
    items: list[str] = []
    for line in block.split("\n"):
        if begun := _ITEM.match(line):
            items.append(begun[1])
        else:
            items[-1] += f" {line.strip()}"
    return items
