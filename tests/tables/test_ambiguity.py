"""What can be read in two ways is a question, and what settles it."""

from itertools import accumulate
from pathlib import Path

import pytest
from msgspec.structs import replace

from gradgui.tables.detection import Detection, detect_table
from gradgui.tables.preview import preview_table
from gradgui.tables.reader import read_table
from gradgui.tables.source import PastedText


def points(detection: Detection) -> list[list[tuple[float, float]]]:
    """Give the points of every reading."""
    tables = [read_table(reading, *reading.suggested) for reading in detection.readings]
    return [list(zip(table.x.tolist(), table.y.tolist(), strict=True)) for table in tables]


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1,5\n2,7\n", [[(1, 5), (2, 7)], [(1, 1.5), (2, 2.7)]]),
        ("Jahr;Preis\n2018;1.204\n2019;2.315\n", [[(2018, 1204), (2019, 2315)], [(2018, 1.204), (2019, 2.315)]]),
        ("t\tv\n1\t1,204\n2\t2,315\n", [[(1, 1204), (2, 2315)], [(1, 1.204), (2, 2.315)]]),
        ("1,204\n2,310\n", [[(1, 204), (2, 310)], [(1, 1204), (2, 2310)], [(1, 1.204), (2, 2.31)]]),
        ("1.204\n2.315\n", [[(1, 1.204), (2, 2.315)], [(1, 1204), (2, 2315)]]),
        ("1 204\n2 310\n", [[(1, 204), (2, 310)], [(1, 1204), (2, 2310)]]),
        ("Date;T\n01/02/2024;1.5\n02/02/2024;2.5\n", [[(0, 1.5), (1, 2.5)], [(0, 1.5), (31, 2.5)]]),
        ("x,y\n1,1.125\n2,2\n3,3.250\n", [[(1, 1.125), (2, 2), (3, 3.25)], [(1, 1125), (2, 2), (3, 3250)]]),
        ("By hand\n\n1,5\n2,7\n", [[(1, 5), (2, 7)], [(1, 1.5), (2, 2.7)]]),
        ("Price, net\n1,5\n2,7\n", [[(1, 5), (2, 7)], [(1, 1.5), (2, 2.7)]]),
        ("city;2020;2021\na;1;2\nb;3;4\n", [[(1, 2), (3, 4)], [(2020, 2021), (1, 2), (3, 4)]]),
        ("a;b\n1,204;2.315\n1,305;2.416\n", [[(1.204, 2315), (1.305, 2416)], [(1204, 2.315), (1305, 2.416)]]),
    ],
)
def test_what_is_open_is_a_question(text: str, readings: list[list[tuple[float, float]]]) -> None:
    detection = detect_table(PastedText(text))
    assert points(detection) == readings
    assert detection.ambiguous
    assert detection.question.startswith("what was pasted: line ")
    assert " can " in detection.question
    assert detection.question.endswith("; expected a choice")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x,y\n1,5\n2,7\n", [(1, 5), (2, 7)]),
        ("price\n1,5\n2,7\n", [(1, 1.5), (2, 2.7)]),
        ("x;y\n1.204;1\n1.987;2\n998;3\n2.310;4\n", [(1204, 1), (1987, 2), (998, 3), (2310, 4)]),
        ("x;y\n1.204;1\n1.987;2\n12345;3\n", [(1.204, 1), (1.987, 2), (12345, 3)]),
        ("x;y\n1.204;1\n0.987;2\n", [(1.204, 1), (0.987, 2)]),
        ("x;y\n1.204;0,5\n1.987;2\n", [(1204, 0.5), (1987, 2)]),
        ("x;y\n1.204;0.5\n1.987;2\n", [(1.204, 0.5), (1.987, 2)]),
        ("x\ty\n1\t1,313,973\n2\t65,773\n", [(1, 1313973), (2, 65773)]),
        ("t\tv\n1\t10 237\n2\t11 004\n", [(1, 10237), (2, 11004)]),
        ("Datum;T\n01.02.2024;1,5\n02.02.2024;2,5\n", [(0, 1.5), (1, 2.5)]),
        ("Date;T\n01/02/2024;1.5\n01/13/2024;2.5\n", [(0, 1.5), (11, 2.5)]),
        ("1;2\n2020;2021\n", [(1, 2), (2020, 2021)]),
        ("1, 2\n3, 4\n", [(1, 2), (3, 4)]),
    ],
)
def test_what_settles_it(text: str, expected: list[tuple[float, float]]) -> None:
    assert points(detect_table(PastedText(text))) == [expected]


def test_what_the_beginning_leaves_open_is_looked_for_in_the_middle_and_the_end(tmp_path: Path) -> None:
    rows = [f"{place};{1 + place % 9}.{100 + place % 900}\n" for place in range(400_000)]
    path = tmp_path / "long.csv"
    path.write_text("".join(rows))
    assert detect_table(path).ambiguous
    half, passed = sum(map(len, rows)) // 2, accumulate(map(len, rows))
    rows[next(place for place, length in enumerate(passed) if length > half) + 50] = "1;0.5\n"
    path.write_text("".join(rows))
    detection = detect_table(path)
    assert not detection.ambiguous
    assert detection.best.table_format.decimal == "."


def test_a_sign_that_comes_after_whole_numbers_only_is_no_number_until_it_is_known(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    filler = "1;2\n" * 500_000
    path.write_text(f"x;y\n{filler[:900_000]}{'3;4' + chr(10)}{filler[:1_000_000]}1.204;5\n1.5;6\n{filler}")
    best = detect_table(path).best
    table = read_table(best, 0, 1)
    assert [(cell.text, cell.problem) for cell in table.bad_cells] == [
        ("1.204", "a number of thousands or one with decimals")
    ]
    assert 1.5 in table.x


def test_a_choice_of_a_person_decides_what_is_open_and_nothing_else() -> None:
    text = PastedText("a;b;c\n1.204;0,5;1\n1.987;2,5;2\n")
    best = detect_table(text).best
    assert (best.columns[0].notation, best.columns[1].notation) == ((",", "."), (",", "."))
    chosen = preview_table(text, replace(best.table_format, decimal=".", thousands=""))
    assert (chosen.columns[0].notation, chosen.columns[1].notation) == ((".", ""), (",", ""))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Jahr;Preis\n2018;1.204\n2019;2.315\n", "line 2, Preis: 1.204 can be 1204 or 1.204"),
        ("\n1,5\n2,7\n", "line 2: 1,5 can be 2 cells or 1 cell"),
        ("Date;T\n01/02/2024;1\n02/02/2024;2\n", "line 2, Date: 01/02/2024 can be 2024-02-01 or 2024-01-02"),
        ("city;2020;2021\na;1;2\nb;3;4\n", "line 1 can have the names of the columns or numbers"),
    ],
)
def test_the_question_names_a_place(text: str, what: str) -> None:
    assert detect_table(PastedText(text)).question == f"what was pasted: {what}; expected a choice"


def test_every_reading_can_be_asked_for_again() -> None:
    detection = detect_table(PastedText("1,204\n2,310\n"))
    for reading in detection.readings:
        assert preview_table(reading.origin, reading.table_format) == reading
        assert reading.description
    assert len({reading.description for reading in detection.readings}) == len(detection.readings)


def test_where_there_is_no_choice_there_is_no_question() -> None:
    detection = detect_table(PastedText("x,y\n1,2\n"))
    assert (detection.ambiguous, detection.question) == (False, "")
