"""Points as spreadsheets copy and paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradgui.experiment.data import Data
from gradgui.ui.data.points_text import points_text, read_points

numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(st.tuples(numbers, numbers), min_size=1))
def test_what_is_copied_can_be_pasted(points: list[tuple[float, float]]) -> None:
    x, y = zip(*points, strict=True)
    assert read_points(points_text(Data(x, y), list(range(len(x))))) == [list(point) for point in points]


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("1\t2\n3\t4\n", [[1, 2], [3, 4]]),
        ("x\ty\r\n1,5\t2\r\n3\t-4,25\r\n", [[1.5, 2], [3, -4.25]]),
        ("1;2,5\n3;4", [[1, 2.5], [3, 4]]),
        ("1, 2\n3, 4", [[1, 2], [3, 4]]),
        ("1 2\n\n3   4", [[1, 2], [3, 4]]),
        ("1,5\n2,5", [[1.5], [2.5]]),
        ("time\n1e-3\n\u22122", [[0.001], [-2]]),
        ("1\u00a0000\t2\n3,5\t4", [[1000, 2], [3.5, 4]]),
        ("1\u202f000\n2", [[1000], [2]]),
        ("1.000\t2.5", [[1, 2.5]]),
        ("1,000\t0,25", [[1, 0.25]]),
        ("x,y\n1.000,2.000", [[1, 2]]),
        ("1.000,2.5\n3,4", [[1, 2.5], [3, 4]]),
        ("1.5,2.5\n3,4", [[1.5, 2.5], [3, 4]]),
    ],
)
def test_spreadsheets_of_all_countries(text: str, points: list[list[float]]) -> None:
    assert read_points(text) == points


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no number"),
        ("hello", "no number"),
        ("1\t2\n3\tabc", "Row 2, column 2 of what was copied is “abc”"),
        ("1\t2\t3", "has 3 cells"),
        ("1\t2\n3", "Row 2 of what was copied has 1 cells"),
        ("1\tinf", "Row 1, column 2"),
        ("1,000\t2", "Row 1, column 1 of what was copied: “1,000” can mean 1000 or 1"),
        ("1.000\t2.000", "Row 1, column 1 of what was copied: “1.000” can mean 1000 or 1"),
        ("1,000\t2.5", "“1,000” can mean 1000 or 1"),
        ("1,000\n2,000", "“1,000” can mean 1000 or 1"),
        ("1 000\n2 500", "Row 1 of what was copied, “1 000”, can be one number or more"),
        ("1,234.5\n2,345.5", "Row 1 of what was copied, “1,234.5”, can be one number or more"),
        ("1 2\n3", "has 1 cells"),
    ],
)
def test_what_is_no_table_of_numbers_is_refused_with_its_place(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told.replace("(", r"\(")):
        read_points(text)


def test_a_comma_that_separates_the_header_separates_the_numbers() -> None:
    assert read_points("x,y\n1,2\n3,4\n") == [[1, 2], [3, 4]]
