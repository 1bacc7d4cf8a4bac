"""The glossary, and the links to it that an explanatory text gets."""

import re
from functools import cache, lru_cache
from html import escape
from types import MappingProxyType
from urllib.parse import quote, unquote

from msgspec import Struct

from gradgui.resources import resource_path

SCHEME = "glossary"
_ALSO = "Also:"
_UNLINKED = frozenset({"a", "code", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "style", "head", "title"})
_PARAGRAPHS = frozenset({"p", "div", "li", "td", "th", "tr", "ul", "ol", "table", "br", "blockquote", "body"})
_RICH = re.compile(r"</?(?:a|b|i|br|p|div|span|code|pre|ul|li|table|sub|sup)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z]\w*)[^<>]*>")


class Entry(Struct, frozen=True):
    """A word and what it means.

    Attributes
    ----------
    term
        The word, as its heading spells it.
    spellings
        Other ways to write it, such as its plural.
    text
        What it means, in Markdown.
    """

    term: str
    spellings: tuple[str, ...]
    text: str

    @property
    def url(self) -> str:
        """Where a link to it leads."""
        return f"{SCHEME}:{quote(self.term)}"


@cache
def glossary() -> MappingProxyType[str, Entry]:
    """Read the glossary: its entries by term, in the order of the alphabet."""
    entries = map(_entry, glossary_text().split("\n## ")[1:])
    return MappingProxyType({entry.term: entry for entry in sorted(entries, key=_sorted_by)})


def glossary_text() -> str:
    """Give the file that it is written in."""
    return resource_path("glossary.md").read_text("utf-8")


def _entry(section: str) -> Entry:
    term, _, text = section.partition("\n")
    also, _, rest = text.partition("\n") if text.startswith(_ALSO) else ("", "", text)
    spellings = tuple(word.strip() for word in also.removeprefix(_ALSO).split(",") if word.strip())
    return Entry(term.strip(), spellings, rest.strip())


def _sorted_by(entry: Entry) -> str:
    return entry.term.lstrip(".").lower()


def find_entry(word: str) -> Entry | None:
    """Give the entry for a word in any of its spellings, or for the address of a link to it; None for others."""
    found, spoken = _by_spelling(), unquote(word.removeprefix(f"{SCHEME}:")).lower()
    spellings = (spoken, spoken.replace("-", " "), f".{spoken}")  # as a lesson's link has it
    return next((found[spelling] for spelling in spellings if spelling in found), None)


@cache
def _by_spelling() -> dict[str, Entry]:
    return {word.lower(): entry for entry in glossary().values() for word in (entry.term, *entry.spellings)}


@cache
def _words() -> re.Pattern[str]:
    """Match every spelling as a whole word, the longest first, over the end of a line too."""
    longest_first = sorted(_by_spelling(), key=len, reverse=True)
    spellings = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)
    return re.compile(rf"(?<![\w.\-])(?:{spellings})(?!\w|\.\w|-\w|\()(?!\s+of\b(?<=in\splace\sof))", re.IGNORECASE)


@lru_cache(maxsize=512)
def link_terms(html: str, besides: str = "") -> str:
    """Make each word of the glossary in a text a link to its entry, where it first stands in a paragraph.

    Nothing is changed inside links, code, headings and tags.

    Parameters
    ----------
    html
        A text for people, with its special characters escaped.
    besides
        A term that gets no link, as it is what the text explains.
    """
    parts: list[str] = []
    linked = {besides}
    unlinked = end = 0
    for tag in _TAG.finditer(html):
        text = html[end : tag.start()]
        parts += [text if unlinked else _linked(text, linked), tag.group()]
        end = tag.end()
        name = tag[2].lower()
        if name in _UNLINKED:
            unlinked = max(0, unlinked + (-1 if tag[1] else 1))
        if name in _PARAGRAPHS:
            linked = {besides}
    text = html[end:]
    return "".join([*parts, text if unlinked else _linked(text, linked)])


def _linked(text: str, linked: set[str]) -> str:
    def link(word: re.Match[str]) -> str:
        entry = _by_spelling()[" ".join(word.group().lower().split())]
        if entry.term in linked:
            return word.group()
        linked.add(entry.term)
        return f'<a href="{entry.url}">{word.group()}</a>'

    return _words().sub(link, text)


def linked_html(text: str) -> str:
    """Give a text, which may have a label's marks such as ``<b>``, as HTML whose words of the glossary are links."""
    return link_terms(text) if _RICH.search(text) else link_plain_text(text)


def link_plain_text(text: str) -> str:
    """Give a text without marks as HTML whose words of the glossary are links; each line is a paragraph."""
    return "<br>".join(link_terms(line) for line in escape(text, quote=False).split("\n"))
