"""Every number that a lesson tells is a setting of its step, or was computed with plain PyTorch."""

import re
from functools import cache
from itertools import pairwise

import msgspec
import pytest

from gradgui.experiment.experiment import Experiment
from gradgui.lessons.lesson import SUFFIX, Lesson
from gradgui.lessons.lesson_file import read_lesson
from gradgui.lessons.prediction import Choice
from gradgui.resources import resource_path
from gradgui.ui.help.glossary import find_entry
from tests.lessons.course_figures import FIGURES

PATHS = {path.name.removesuffix(SUFFIX): path for path in sorted(resource_path("course").glob(f"*{SUFFIX}"))}

GLOSSARY = {
    "epoch", "phase", "forward-pass", "prediction", "loss", "mean-squared-error", "outlier", "gradient",
    "derivative",
    "backward-pass", "autograd", "graph", "leaf-tensor", "requires_grad", "grad", "zero_grad", "no_grad",
    "in-place",
    "tensor", "parameter", "learning-rate", "update", "gradient-descent", "divergence", "momentum",
    "optimizer", "float32",
    "float64", "rounding", "intercept", "neuron", "activation", "loss-landscape", "finite-difference",
}  # fmt: skip

NUMBER = re.compile(r"(?<![\w.−-])[−-]?[0-9]+(?:\.[0-9]+)?(?:e[−-]?[0-9]+)?(?![\w])")
SETTINGS = ("@start", "@set", "@panels", "@light", "@lock", "@hide")


@cache
def lesson(name: str) -> Lesson:
    return read_lesson(PATHS[name])


def told(name: str, place: int) -> str:
    """Give everything that a step tells, as it stands in the file, without what leads elsewhere."""
    lines = PATHS[name].read_text(encoding="utf-8").splitlines()
    starts = [step.line - 1 for step in lesson(name).steps]
    first, last = [*pairwise([*starts, len(lines)])][place]
    kept = [line for line in lines[first:last] if not line.startswith(SETTINGS)]
    return re.sub(r"\]\([^)]*\)", "]", "\n".join(kept))


def settings(experiment: Experiment) -> set[float]:
    """Give the numbers of an experiment."""
    optimizer = msgspec.structs.asdict(experiment.optimizer).values()
    numbers = [one for one in optimizer if isinstance(one, float)]
    numbers += [one.start for one in experiment.parameters]
    numbers += [*experiment.data.x.tolist(), *experiment.data.y.tolist(), len(experiment.data.x)]
    return {*numbers, experiment.learning_rate, float(experiment.epochs), experiment.probe}


def is_computed(token: str, figures: set[float]) -> bool:
    """Tell whether a number is one of these, rounded to the digits in which it is written."""
    text = token.replace("−", "-")
    candidates = figures if text.startswith("-") else figures | {abs(one) for one in figures}
    mantissa, _, exponent = text.partition("e")
    decimals = len(mantissa.partition(".")[2])
    if exponent:
        return any(f"{one:.{decimals}e}" == f"{float(text):.{decimals}e}" for one in candidates)
    if decimals:
        return any(f"{one:.{decimals}f}" == text for one in candidates)
    return any(one == int(text) or (abs(one) >= 100 and round(one) == int(text)) for one in candidates)


@cache
def computed(name: str) -> frozenset[float]:
    return frozenset(FIGURES[name]())


STEPS = [(name, place) for name in PATHS for place in range(len(lesson(name).steps))]


def test_there_are_lessons_enough() -> None:
    assert [*PATHS] == [*FIGURES]
    assert len(PATHS) >= 13
    assert all(3 <= len(lesson(name).steps) <= 8 and 5 <= lesson(name).minutes <= 10 for name in PATHS)
    assert len({lesson(name).title for name in PATHS}) == len(PATHS)
    assert all(lesson(name).about for name in PATHS)


@pytest.mark.parametrize(("name", "place"), STEPS)
def test_every_number_was_computed(name: str, place: int) -> None:
    figures = settings(lesson(name).start_of(place)) | computed(name)
    assert [token for token in NUMBER.findall(told(name, place)) if not is_computed(token, figures)] == []


def test_a_number_that_nobody_computed_is_found() -> None:
    figures = settings(lesson("01-one-epoch").start_of(0)) | computed("01-one-epoch")
    for wrong in ("0.556", "1.921", "31", "−25.6", "-2.5", "9.613", "14", "1e-6"):
        assert not is_computed(wrong, figures), wrong
    for right in ("0.555", "−25.5", "30", "9.612", "15"):
        assert is_computed(right, figures), right


def test_numbers_are_found_in_a_text() -> None:
    text = "f(5) is 9.612, w -= 0.01 · (−30); float32 within 1e-6. y2 = 3."
    assert NUMBER.findall(text) == ["5", "9.612", "0.01", "−30", "1e-6", "3"]


@pytest.mark.parametrize("name", PATHS)
def test_links_lead_to_the_glossary(name: str) -> None:
    text = PATHS[name].read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)]*)\)", text)
    assert {link.removeprefix("glossary:") for link in links} <= GLOSSARY
    assert [link for link in links if find_entry(link) is None] == []


def test_every_word_of_the_glossary_is_explained_in_the_course() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in PATHS.values())
    assert {*re.findall(r"glossary:([\w-]+)", text)} == GLOSSARY


def test_the_answers_differ_and_the_right_one_is_not_always_at_one_place() -> None:
    predictions = [step.prediction for name in PATHS for step in lesson(name).steps]
    places = [one.right for one in predictions if isinstance(one, Choice)]
    assert {*places} >= {0, 1, 2}
