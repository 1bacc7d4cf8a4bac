"""``gradgui train --data``: a table in the terminal, and what is said where it is not clear."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from gradgui.cli import UsageError
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.run_spec import RunSpec, run_spec_text
from gradgui.train import main_train

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def trained(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> list[str]:
    """Train five epochs and give the lines."""
    assert main_train([*map(str, arguments), "--epochs", "5"]) == 0
    return capsys.readouterr().out.splitlines()


def refused(*arguments: str | Path) -> str:
    with pytest.raises(UsageError) as sentence:
        main_train(list(map(str, arguments)))
    assert "\n" not in str(sentence.value)
    return str(sentence.value)


def saved(folder: Path, data: Data) -> Path:
    """Write the lesson with other points."""
    path = folder / "same.gradgui"
    path.write_text(run_spec_text(RunSpec(replace(DEFAULT_EXPERIMENT, data=data))))
    return path


@pytest.mark.parametrize(
    ("text", "options", "data"),
    [
        ("x;y\n0,5;1\n1,5;3\n", [], Data((0.5, 1.5), (1.0, 3.0))),
        ("Y;X\n1;0,5\n3;1,5\n", [], Data((0.5, 1.5), (1.0, 3.0))),
        ("a,b,c\n1,2,3\n4,5,6\n", ["--columns", "c", "a"], Data((3.0, 6.0), (1.0, 4.0))),
        ("a,b,c\n1,2,3\n4,5,6\n", ["--columns", "3", "1"], Data((3.0, 6.0), (1.0, 4.0))),
        ("x;y\n1;1.204\n2;2.315\n", ["--decimal", "."], Data((1.0, 2.0), (1.204, 2.315))),
        ("x\ty\n.1\t,1\n.2\t,2\n", ["--delimiter", "tab"], Data((0.1, 0.2), (0.1, 0.2))),
        ("1,5\n2,7\n", ["--delimiter", "none"], Data((1.0, 2.0), (1.5, 2.7))),
        ("1,5\n2,7\n", ["--delimiter", ","], Data((1.0, 2.0), (5.0, 7.0))),
        ("x;y\n1;2\n3;4\n", ["--thousands", "."], Data((1.0, 3.0), (2.0, 4.0))),
        (
            "D;T;v\n01/02/2024;1;5\n02/02/2024;2;6\n",
            ["--columns", "D", "T", "--day-first"],
            Data((0.0, 1.0), (1.0, 2.0)),
        ),
        ("x,y\n1,2\n2,oops\n3,6\n", ["--leave-out-bad"], Data((1.0, 3.0), (2.0, 6.0))),
    ],
)
def test_it_trains_on_the_points_of_the_table(
    table: Path, capsys: pytest.CaptureFixture[str], *, text: str, options: list[str], data: Data
) -> None:
    table.write_text(text)
    lines = trained(capsys, "--data", table, *options)
    assert lines == trained(capsys, saved(table.parent, data))


def test_thousands_are_read_where_they_are_meant(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table.write_text("x;y\n1;1.204\n2;2.315\n")
    expected = saved(table.parent, Data((1.0, 2.0), (1204.0, 2315.0)))
    assert trained(capsys, "--data", table, "--thousands", ".") == trained(capsys, expected)


def test_another_model_is_fitted(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table.write_text("x,y\n1,2\n2,4\n")
    lines = trained(capsys, "--data", table, "--model", "a*x + w")
    assert lines[1].startswith("epoch 1: a = ")
    assert ", w = " in lines[1]


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        (
            "x;y\n1;1.204\n2;2.315\n",
            [],
            "{}: line 2, y: 1.204 can be 1204 or 1.204; expected a choice: add --decimal , or --decimal .",
        ),
        (
            "1,5\n2,7\n",
            [],
            "{}: line 1: 1,5 can be 2 cells or 1 cell; expected a choice: add --delimiter , or --delimiter none",
        ),
        (
            "Date;T\n01/02/2024;1\n02/02/2024;2\n",
            [],
            "{}: line 2, Date: 01/02/2024 can be 2024-02-01 or 2024-01-02; expected a choice:"
            " add --day-first or --no-day-first",
        ),
        (
            "city;2020;2021\na;1;2\nb;3;4\n",
            [],
            "{}: line 1 can have the names of the columns or numbers; expected a choice: add --header or --no-header",
        ),
        (
            "x,y\n1,2\n2,oops\n3,6\n",
            [],
            "{}: line 3, y: oops is not a number; expected a finite number or add --leave-out-bad",
        ),
        (
            "Date;T;v\n01/02/2024;1;5\n02/02/2024;2;6\n",
            ["--columns", "Date", "T"],
            "{}: Date: its dates can have the day or the month first: add --day-first or --no-day-first",
        ),
        (
            "x;y\n1;2\n",
            ["--decimal", ",", "--thousands", ","],
            "the thousands sign must be a point or a comma, and other than the decimal sign",
        ),
        ("x,y\n1,2\n", ["--columns", "x", "z"], "{}: has no column z; expected one of x, y"),
        ("", [], "{}: has nothing in it; expected rows of numbers"),
    ],
)
def test_what_is_not_clear_is_one_sentence(table: Path, *, text: str, options: list[str], sentence: str) -> None:
    table.write_text(text)
    assert refused("--data", table, *options) == f"gradgui train: {sentence.format(table)}"


def test_options_of_a_table_need_one(table: Path) -> None:
    assert refused("--decimal", ",").startswith(
        "gradgui train: --decimal tells how a table is read: add --data TABLE"
    )
    assert "expected one sign" in refused("--data", table, "--delimiter", "ab")
    assert refused("--data", table).endswith("No such file or directory; expected a readable file")
    table.write_text("x,y\n1,2\n")
    assert refused("--data", table, "--model", "w*").startswith("gradgui train: ")
