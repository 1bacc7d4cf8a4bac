"""What can be read in the help: the guide, section by section, the file of runs, and the glossary."""

import re
from functools import cache
from html import escape

from msgspec import Struct

from gradgui.resources import resource_path
from gradgui.ui.help.glossary import find_entry, glossary, glossary_text, link_terms
from gradgui.ui.help.markdown import slug, to_html

GUIDE = "guide"
PICTURE = "picture"
"""The schemes of links to a section, and of a picture, whose name goes without ``-light.png``."""

_PICTURE = re.compile(r'src="pictures/([\w-]+?)(?:-light)?\.png"')


class Page(Struct, frozen=True):
    """What is shown at once.

    Attributes
    ----------
    url
        Its address, as ``guide:back-in-time`` or ``glossary:loss``.
    title
        Its heading.
    html
        What it says, with links to the glossary.
    """

    url: str
    title: str
    html: str


def guide_url(section: str) -> str:
    """Give the address of a section of the guide."""
    return f"{GUIDE}:{section}"


BESIDES = {"runs.md": "the-file-of-runs", "lessons.md": "how-to-write-a-lesson"}
"""What the guide refers to, each with the address of its page."""

GLOSSARY_URL = guide_url("glossary")


@cache
def guide_pages() -> tuple[Page, ...]:
    """Give the guide's sections in its order, the first being its beginning, and what it refers to."""
    first, *sections = re.split(r"^(?=## )", resource_path("guide.md").read_text("utf-8"), flags=re.MULTILINE)
    besides = (resource_path(name).read_text("utf-8") for name in BESIDES)
    return tuple(map(_guide_page, (first, *sections, *besides)))


def _guide_page(text: str) -> Page:
    title = text.partition("\n")[0].lstrip("# ").strip()
    html = to_html(text)
    for name, section in BESIDES.items():
        html = html.replace(f'href="{name}', f'href="{guide_url(section)}')
    html = html.replace('href="#', f'href="{GUIDE}:')
    return Page(guide_url(slug(title)), title, link_terms(_PICTURE.sub(rf'src="{PICTURE}:\1"', html)))


@cache
def glossary_pages() -> tuple[Page, ...]:
    """Give the list of all words, and a page for each."""
    words = "".join(
        f'<li><a href="{entry.url}">{escape(entry.term)}</a>'
        f"{'' if not entry.spellings else ' – ' + escape(', '.join(entry.spellings))}</li>"
        for entry in glossary().values()
    )
    beginning = to_html(glossary_text().partition("\n## ")[0])
    pages = [Page(GLOSSARY_URL, "Glossary", f"{link_terms(beginning)}<ul>{words}</ul>")]
    for entry in glossary().values():
        also = f"<p><i>Also: {escape(', '.join(entry.spellings))}</i></p>" if entry.spellings else ""
        text = link_terms(to_html(entry.text), entry.term)
        pages.append(Page(entry.url, entry.term, f"<h2>{escape(entry.term)}</h2>{text}{also}"))
    return tuple(pages)


@cache
def _by_url() -> dict[str, Page]:
    return {page.url: page for page in (*guide_pages(), *glossary_pages())}


def find_page(url: str) -> Page | None:
    """Give the page at an address, whatever the place in it and the spelling of a word; None where there is none."""
    address = url.partition("#")[0]
    if (page := _by_url().get(address)) is not None or address.startswith(f"{GUIDE}:"):
        return page
    entry = find_entry(address)
    return None if entry is None else _by_url()[entry.url]
