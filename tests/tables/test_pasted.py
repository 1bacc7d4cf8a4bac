"""What people copy: from a spreadsheet, a web page, a chat, a notebook."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gradgui.tables.format import TableError
from gradgui.tables.pasted import detect_text
from gradgui.tables.reader import read_table
from gradgui.tables.table import Table

HTML = """<html><body><table><thead><tr><th>Area</th><th>Price&nbsp;(USD)</th></tr></thead>
<tbody><tr><td>1,410</td><td>232,000</td></tr><tr><td>852<td><b>179</b>,900</td></tr></tbody></table></body></html>"""
MARKDOWN = "| x | y |\n|---|:-:|\n| 1 | 2.5 |\n| 2 | 4.5 |\n"


def read(text: str) -> Table:
    detection = detect_text(text)
    assert not detection.ambiguous, detection.question
    return read_table(detection.best, *detection.best.suggested)


@pytest.mark.parametrize(
    ("text", "x", "y"),
    [
        ("1,5\t2,5\n3,5\t4\n", [1.5, 3.5], [2.5, 4.0]),
        ("Jahr\tPreis\r\n2019\t10 237,65\r\n2020\t9 801,20\r\n", [2019, 2020], [10237.65, 9801.2]),
        (HTML, [1410, 852], [232000, 179900]),
        (MARKDOWN, [1, 2], [2.5, 4.5]),
        ("x | y\n--|--\n1 | 2\n3 | 4\n", [1, 3], [2, 4]),
        ("x_train = [1,2,3,4,35]\ny_train = [2, 4, 6, 8, 70]\n", [1, 2, 3, 4, 35], [2, 4, 6, 8, 70]),
        ("y = torch.tensor([2., 4.], dtype=torch.float32)\nx = np.array([1, 2])", [1, 2], [2, 4]),
        ("x = torch.tensor([[1.0], [2.0]], requires_grad=True)\ny = (2, 4)", [1, 2], [2, 4]),
        ("X = torch.tensor([1.0, 2.0]).unsqueeze(1)  # inputs\nY = [3, 5]", [1, 2], [3, 5]),
        ("[1, 2, 3]\n[2, 4, 6]", [1, 2, 3], [2, 4, 6]),
        ("[[1 2]\n [3 4]]", [1, 3], [2, 4]),
        ("[(1, 2), (3, 4)]", [1, 3], [2, 4]),
        ("array([[1.204, 2.31],\n       [998., 4.]])", [1.204, 998], [2.31, 4]),
        ("tensor([1.204, 2.310, 1.987])", [1, 2, 3], [1.204, 2.31, 1.987]),
        ("[1, 2, 3]", [1, 2, 3], [1, 2, 3]),
        ('{"y": [2, 4], "x": [1, 2]}', [1, 2], [2, 4]),
        ("x = [−1, 1_000, .5, 1e3]\ny = [1, 2, 3, 4]", [-1, 1000, 0.5, 1000], [1, 2, 3, 4]),
    ],
)
def test_what_is_copied_is_read(text: str, x: list[float], y: list[float]) -> None:
    table = read(text)
    assert (table.x.tolist(), table.y.tolist(), table.bad_count) == (x, y, 0)


def test_names_of_lists_name_the_axes() -> None:
    table = read("hours = [1, 2]\nscore = [3, 4]")
    assert (table.x_label, table.y_label) == ("hours", "score")


@pytest.mark.parametrize("text", ["1,2\n2,4\n3,6\n", "1,204\n2,310\n", "1 204\n2 310\n"])
def test_what_can_be_two_things_is_a_question_as_in_a_file(text: str) -> None:
    assert detect_text(text).ambiguous


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "what was pasted: has nothing in it"),
        ("[0.1 0.2 ... 0.9]", "has … in place of some numbers"),
        ("x = [1, 2", "a bracket is opened and not closed"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, sentence: str) -> None:
    with pytest.raises(TableError, match=sentence):
        detect_text(text)


@pytest.mark.parametrize("text", ["x = np.linspace(0, 1, 5)", "[i**2 for i in range(9)]", "[1, 2] * 3", "x = 2, 4"])
def test_nothing_is_evaluated(text: str) -> None:
    with pytest.raises(TableError):
        read(text).usable_data(leave_out_bad=False)


def test_lists_of_different_length_have_cells_without_a_value() -> None:
    table = read("x = [1, 2, 3]\ny = [2, 4]")
    assert table.x.tolist() == [1, 2]
    assert table.bad_rows == 1


@given(array=arrays(float, st.tuples(st.integers(2, 40), st.just(2)), elements=st.floats(-1e6, 1e6)))
def test_an_array_is_read_as_it_is_printed(array: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> None:
    with np.printoptions(threshold=10_000, floatmode="unique"):
        for text in (str(array), repr(array), str(array.tolist()), f"data = {array.tolist()}"):
            table = read(text)
            assert np.array_equal(np.stack([table.x, table.y], axis=1), array)


@pytest.mark.parametrize("text", ["1\tinf", "1 nan\n2 3", "5\tm\n6\t7"])
def test_a_word_beside_a_number_is_its_unit_only_in_the_same_cell(text: str) -> None:
    preview = detect_text(text).best
    assert len(preview.columns) == 2
    assert not any(column.unit for column in preview.columns)
