"""One thing that a step asks for, as a teacher writes it and as the record is asked for it."""

import re
from collections.abc import Sequence
from enum import EnumType
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Self, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from gradgui.lessons.evidence import Evidence
from gradgui.numbers import NumberError, read_number

EpochCount = Annotated[int, Meta(ge=1, le=1_000_000)]
Positive = Annotated[float, Meta(gt=0.0)]


class Check(Struct, frozen=True):
    """Something to be done; a subclass has what stands in its form as fields, in that order.

    Attributes
    ----------
    form
        How it is written behind ``@do``, with the names of its fields in braces.
    example
        One of them written out.
    """

    form: ClassVar[str]
    example: ClassVar[str]

    def missing(self, evidence: Evidence) -> str:
        """Say in one sentence what is missing, empty when it is done."""
        raise NotImplementedError

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read it as it is written; None when it is written as another one.

        Raises
        ------
        ValueError
            When what stands in a place of its form cannot stand there.
        """
        found = _pattern(cls.form).fullmatch(text)
        if found is None:
            return None
        kinds = {field.name: field.type for field in msgspec.structs.fields(cls)}
        return cls(**{name: _converted(name, word, kinds[name]) for name, word in found.groupdict().items()})


def read_check(text: str, kinds: Sequence[type[Check]]) -> Check:
    """Read what a step asks for.

    Raises
    ------
    ValueError
        When it is written in no form that is known, or with what cannot stand there; it says what can.
    """
    text = " ".join(text.split())
    for kind in kinds:
        check = kind.read(text)
        if check is not None:
            return check
    first = text.split(" ")[0]
    alike = [kind.form for kind in kinds if kind.form.split(" ")[0] == first]
    forms = " or ".join(f"“{form}”" for form in alike or [kind.example for kind in kinds[:3]])
    raise ValueError(f"“{text}” is nothing that can be checked; {'as in' if not alike else 'write it as'} {forms}")


@cache
def _pattern(form: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(form)).replace(r"\ ", " "))


def _converted(name: str, word: str, kind: Any) -> Any:
    words = _words(kind)
    if words and word not in words:
        raise ValueError(f"“{word}” cannot be the {name}; expected one of {', '.join(words)}")
    value: object = word
    if float in {kind, *get_args(kind)[:1]}:
        try:
            value = read_number(word, ".")
        except NumberError as error:
            raise ValueError(f"“{word}” cannot be the {name}: {error}") from error
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(f"“{word}” cannot be the {name}: {str(error)[:1].lower()}{str(error)[1:]}") from error


def _words(kind: Any) -> tuple[str, ...]:
    """Give the words that may stand in a place, none where it is not words."""
    if isinstance(kind, EnumType):
        return tuple(str(one.value) for one in list[Any](kind))
    return get_args(kind) if get_origin(kind) is Literal else ()
