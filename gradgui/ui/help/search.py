"""Searching the help: every paragraph of guide and glossary that has all the words."""

import re
from functools import cache
from html import unescape

from msgspec import Struct

from gradgui.ui.help.book import Page, glossary_pages, guide_pages

_BLOCK = re.compile(r"</?(?:p|h[1-6]|li|ul|pre|td|th|tr|table)\b[^>]*>|\n(?=<)")
_TAG = re.compile(r"<[^<>]+>")


class Place(Struct, frozen=True):
    """A paragraph that was found.

    Attributes
    ----------
    page
        Where it is.
    text
        What it says.
    """

    page: Page
    text: str


def paragraphs(page: Page) -> list[str]:
    """Give what a page says, without marks, paragraph by paragraph."""
    texts = (unescape(_TAG.sub("", block)) for block in _BLOCK.split(page.html))
    return [text for block in texts if (text := " ".join(block.split()))]


@cache
def _places() -> tuple[Place, ...]:
    return tuple(Place(page, text) for page in (*guide_pages(), *glossary_pages()) for text in paragraphs(page))


def find_places(words: str) -> list[Place]:
    """Find the paragraphs that have all of the words, whatever their case.

    Parameters
    ----------
    words
        Separated by spaces; parts of words count too.

    Returns
    -------
    list of Place
        First headings, then where the words stand side by side, then the others; each in the order of the book.
    """
    wanted = words.lower().split()
    if not wanted:
        return []
    found = [place for place in _places() if all(word in place.text.lower() for word in wanted)]

    def rank(place: Place) -> int:
        if place.text == place.page.title:
            return 0
        return 1 if " ".join(wanted) in place.text.lower() else 2

    return sorted(found, key=rank)


def excerpt(place: Place, words: str, longest: int = 90) -> str:
    """Give so much of a paragraph as stands around the first of the words."""
    text = place.text
    begin = min((at for word in words.lower().split() if (at := text.lower().find(word)) >= 0), default=0)
    begin = max(0, begin - longest // 3)
    if begin:
        begin = text.find(" ", begin) + 1
    cut = text[begin : begin + longest]
    if begin + longest < len(text):
        cut = cut.rpartition(" ")[0] or cut
        cut += " …"
    return f"… {cut}" if begin else cut
