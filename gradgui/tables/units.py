"""Numbers with a unit, a currency or a percent sign in their cell."""

import re

_CURRENCY = "$€£¥₹₽₩₺₴₪₫₱₿¢"
_CODES = "USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RUB|BRL|MXN|ZAR|KRW|TRY"
_UNIT = rf"""(?:[^\W\d_]|[%‰°′″{_CURRENCY}])[^\s\d,;:"'=()|]{{0,11}}(?:\^?[-−]?[1-4])?"""
_IN_NUMBERS = "0123456789.,-+−eEdD \u00a0\u202f'’_"
_NO_UNIT = frozenset({"inf", "infinity", "nan", "na", "n/a", "null", "none"})
_QUANTITY = re.compile(
    rf"""(?P<sign>[-+−]?)(?P<before>(?:[A-Z]{{0,3}}[{_CURRENCY}]|{_CODES})?)[ \u00a0\u202f]*
    (?P<number>[-+−]?[\d.,](?:[\d.,\ \u00a0\u202f'’_]*[\d.,])?(?:[eEdD][-+−]?\d+)?)
    [ \u00a0\u202f]?(?P<after>(?:{_UNIT}(?:[/·*]{_UNIT})*)?)""",
    re.VERBOSE,
)


def split_unit(text: str) -> tuple[str, str]:
    """Cut the unit from a number.

    Parameters
    ----------
    text
        A cell without spaces around it.

    Returns
    -------
    number, unit
        Such as ``("62", "m²")``, ``("41,400.0", "$")``, ``("23,78", "%")``; the text itself and nothing where it is
        not a number beside a unit.
    """
    if not text.strip(_IN_NUMBERS):
        return text, ""
    found = _QUANTITY.fullmatch(text)
    if not found or (found["before"] and found["after"]) or not re.search(r"\d", found["number"]):
        return text, ""
    if found["after"].casefold() in _NO_UNIT:
        return text, ""
    if found["sign"] and found["number"][0] in "-+−":
        return text, ""
    return found["sign"] + found["number"], found["before"] or found["after"]
