"""The glossary: every figure from plain PyTorch, every link to an entry, and which words of a text become links."""

import math
import re
from html.parser import HTMLParser

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gradgui.ui.help.glossary import find_entry, glossary, link_plain_text, link_terms
from gradgui.ui.help.markdown import to_html

X = torch.tensor([1.0, 2.0, 3.0, 4.0])
Y = torch.tensor([2.0, 4.0, 6.0, 8.0])
WANTED = (
    *("epochs", "phase", "forward pass", "prediction", "loss", "mean squared error", "outlier", "gradient", "seed"),
    *("derivative", "partial derivative", "backward pass", "backward()", "autograd", "graph", "leaf tensor", "leaf"),
    *("requires_grad", ".grad", "zero_grad", "no_grad", "in place", "tensor", "parameter", "learning rate", "update"),
    *("gradient descent", "divergence", "stable rate", "momentum", "optimizer", "schedule", "float32", "float64"),
    *("rounding", "bias", "intercept", "neuron", "activation", "early stopping", "checkpoint", "loss landscape"),
    *("eigenvalue", "Hessian", "finite difference"),
)


def _epochs(rate: float, count: int, *, zeroed: bool = True, begin: float = 0.0) -> list[tuple[float, float, float]]:
    """Run the notebook's loop: loss, gradient and the w after the update of each epoch."""
    w = torch.tensor(begin, requires_grad=True)
    rows = []
    for _ in range(count):
        loss = ((Y - w * X) ** 2).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        gradient = w.grad.item()  # type: ignore[union-attr]
        with torch.no_grad():
            w -= rate * w.grad  # type: ignore[operator]
        if zeroed:
            w.grad.zero_()  # type: ignore[union-attr]
        rows.append((loss.item(), gradient, w.item()))
    return rows


def _text(term: str) -> str:
    return " ".join(glossary()[term].text.split()).replace("−", "-")


def _list(values: torch.Tensor | list[float], last: str = " and ") -> str:
    words = [f"{value:.5g}" for value in values]
    return ", ".join(words[:-1]) + last + words[-1]


def test_there_is_an_entry_for_each_word_of_the_course() -> None:
    for word in WANTED:
        assert find_entry(word) is not None, word
    assert find_entry("glossary:learning%20rate") is glossary()["learning rate"]
    assert find_entry("print") is None


def test_no_spelling_leads_to_two_entries() -> None:
    spellings = [word.lower() for entry in glossary().values() for word in (entry.term, *entry.spellings)]
    assert sorted(spellings) == sorted(set(spellings))


@pytest.mark.parametrize("term", glossary())
def test_an_entry_is_two_to_five_sentences(term: str) -> None:
    sentences = re.findall(r"[.:](?:\s+(?=[A-Z`0-9])|$)", glossary()[term].text.replace("`.grad`", "the gradient"))
    assert 2 <= len(sentences) <= 5, sentences


def test_the_figures_are_those_of_the_notebook() -> None:
    first, second = _epochs(0.01, 2)
    assert first[:2] == (30.0, -30.0)
    for term in ("backward()", "derivative", "gradient", "update"):
        assert "-30" in _text(term)
    assert f"first is {first[0]:g}: the mean of {_list(Y**2)}" in _text("loss")
    assert f"they are {_list(Y - 0.0 * X)}" in _text("residual")
    assert f"the notebook's are {_list(torch.tensor(0.3) * X)}" in _text("prediction")
    assert f"first step of the notebook is to {first[2]:.4g}, the second to {second[2]:.4g}" in _text(
        "gradient descent"
    )
    assert f"from 0 to {first[2]:.4g}" in _text("update")
    summed = _epochs(0.01, 2, zeroed=False)[1][1]
    assert f"would be {summed:g} instead of {second[1]:g}" in _text("zero_grad")
    assert f"w is 0, {_list([row[2] for row in _epochs(0.2, 3)], ', ')}" in _text("divergence")


def test_the_figures_of_curvature_are_those_of_autograd() -> None:
    w = torch.tensor(0.7, requires_grad=True, dtype=torch.float64)
    (slope,) = torch.autograd.grad(((Y.double() - w * X.double()) ** 2).mean(), w, create_graph=True)
    (curvature,) = torch.autograd.grad(slope, w)
    assert curvature.item() == 15.0
    assert "2 · mean(x²) = 15" in _text("curvature")
    assert "15" in _text("eigenvalue")
    largest = 2.0 / curvature.item()
    assert f"2 / 15 = {largest:.4f}" in _text("stable rate")
    assert f"above {largest:.4f}" in _text("divergence")
    assert f"leaves {1 - 0.01 * curvature.item():g} of w's distance" in _text("learning rate")
    assert abs(_epochs(largest * 0.999, 500)[-1][2] - 2.0) < abs(_epochs(largest * 0.999, 1)[0][2] - 2.0)
    assert abs(_epochs(largest * 1.001, 500)[-1][2] - 2.0) > abs(_epochs(largest * 1.001, 1)[0][2] - 2.0)


def test_the_figures_of_number_types_are_those_of_torch() -> None:
    stopped = _epochs(0.01, 500)[-1][2]
    assert stopped == _epochs(0.01, 501)[-1][2]
    assert f"stops at {stopped:.7f}" in _text("float32")
    assert f"after 1 is {torch.finfo(torch.float32).eps:.2e} away" in _text("float32")
    assert f"after 1 is {torch.finfo(torch.float64).eps:.2e} away" in _text("float64")
    assert str(0.1 + 0.2) in _text("float64")
    assert str(torch.tensor(0.1).item()) in _text("rounding")


def test_the_other_figures_hold() -> None:
    parameter = torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.SGD([parameter], lr=1.0, momentum=0.9)
    steps = []
    for _ in range(300):
        before = parameter.item()
        parameter.grad = torch.tensor(1.0)
        optimizer.step()
        steps.append(before - parameter.item())
    assert steps[-1] / steps[0] == pytest.approx(10.0, abs=1e-3)
    assert "ten times their length" in _text("momentum")
    optimizer.zero_grad()
    assert parameter.grad is None
    absolute = torch.tensor(0.0, requires_grad=True)
    absolute.abs().backward()  # type: ignore[no-untyped-call]
    assert absolute.grad is not None
    assert absolute.grad.item() == 0.0
    assert "PyTorch takes 0" in _text("mean absolute error")
    assert math.log10(2**24) == pytest.approx(7, abs=0.5)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.text = ""
        self._open: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._open = dict(attrs).get("href")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._open = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open is not None:
            self.found.append((data, self._open))


def _links(html: str) -> list[tuple[str, str]]:
    links = _Links()
    links.feed(html)
    return links.found


@pytest.mark.parametrize("term", glossary())
def test_every_link_of_an_entry_leads_to_another_entry(term: str) -> None:
    links = _links(link_terms(to_html(glossary()[term].text), term))
    assert all(find_entry(url) is not None for _, url in links)
    assert all(find_entry(url) is not glossary()[term] for _, url in links)
    assert links, "no entry stands alone"


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("The loss falls, the Loss rises.", ["loss"]),
        ("two epochs of an epoch", ["epochs"]),
        ("the largest stable rate is 0.1333", ["largest stable rate"]),
        ("closs lossy gloss epochal", []),
        ("a learning\nrate", ["learning\nrate"]),
        ("<p>loss</p><p>loss</p>", ["loss", "loss"]),
        ("<code>loss</code> <pre>epoch</pre> <h2>gradient</h2> <a href='x'>epoch</a>", []),
        ("<b title='loss'>the <i>loss</i></b>", ["loss"]),
        ("-30 in place of it, and in place", ["in place"]),
        ("see w.grad and loss.backward() once", ["w.grad", "loss.backward()"]),
        ("zero_grad() and no_grad", ["zero_grad()", "no_grad"]),
        ("loss-like and pre-update", []),
    ],
)
def test_words_that_become_links(text: str, linked: list[str]) -> None:
    assert [word for word, url in _links(link_terms(text)) if url.startswith("glossary:")] == linked


@given(st.lists(st.sampled_from(["loss", "a<b", "&", "w.grad", "epochs", "so", "\n", "Ünder", "no_grad()", "“"])))
def test_a_text_says_the_same_with_its_links(words: list[str]) -> None:
    text = " ".join(words)
    links = _Links()
    links.feed(link_plain_text(text).replace("<br>", "\n"))
    links.close()
    assert links.text == text
    for line in link_plain_text(text).split("<br>"):
        urls = [url for _, url in _links(line)]
        assert len(urls) == len(set(urls))
