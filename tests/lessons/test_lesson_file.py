"""Whatever is wrong in a lesson's file is said with its line; it can hold no code; its page in the docs is true."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gradgui.lessons.lesson_file import LARGEST_FILE, parse_lesson, read_lesson
from gradgui.lessons.prediction import PREDICTIONS
from gradgui.lessons.settings import SETTINGS
from gradgui.lessons.step_lines import CHECKS, MARKS, LessonFileError
from tests.lessons.test_course_figures import PATHS

PATH = Path("my.lesson.md")
DOCS = Path(__file__).parents[2] / "docs" / "lessons.md"
GOOD = "# Title\n@about Something.\n@minutes 5\n## Step\nText.\n@do train 3 epochs\n"
"""Six lines; what is tried comes after them, in line 7."""
TEXTS = {name: path.read_text(encoding="utf-8") for name, path in PATHS.items()}


def fault(text: str, path: Path = PATH) -> LessonFileError | None:
    try:
        parse_lesson(text, path)
    except LessonFileError as error:
        found = error
    else:
        return None
    assert 1 <= found.line <= text.count("\n") + text.count("\r") + 1
    assert re.fullmatch(r"\S(.|\n)*[^.]\.", found.reason), found.reason
    assert str(found) == f"line {found.line}: {found.reason}"
    return found


WRONG_LINES = [
    ("@bogus", "no mark"),
    ("@", "no mark"),
    ("@about again", "above the first step"),
    ("@minutes 5", "above the first step"),
    ("# Another", "one title"),
    ("@do", "nothing that can be checked"),
    ("@do dance", "nothing that can be checked"),
    ("@do train 0 epochs", ">= 1"),
    ("@do train many epochs", "epochs"),
    ("@do train 1e9 epochs", "epochs"),
    ("@do diverge within -1 epochs", ">= 1"),
    ("@do reach a loss below inf within 5 epochs", "finite"),
    ("@do reach a loss below 0,1 within 5 epochs", "decimal sign"),
    ("@do step through lunch", "phase"),
    ("@do break everything", "switch"),
    ("@do use the loss MSD", "name"),
    ("@do use the optimizer Newton", "name"),
    ("@do use the numbers float16", "dtype"),
    ("@do use the model w*", "formula"),
    ("@do use a momentum between 0.9 and 0.1", "nothing lies between"),
    ("@do set the learning rate between 2 and 1", "nothing lies between"),
    ("@do train w to within -1 of 2", "distance"),
    ("@do train q to within 1 of 2", "no parameter q"),
    ("@do see q change sides for 3 epochs", "no parameter q"),
    ("@do have -3 points", "points"),
    ("@predict the weather", "nothing that can be checked"),
    ("@predict w after epoch 0", ">= 1"),
    ("@predict q after epoch 1", "no parameter q"),
    ("@predict the number 1 within 0", "distance"),
    ("@predict the loss over 1 epochs up to 4", ">= 2"),
    ("@predict the loss over 20 epochs up to -4", "highest"),
    ("@ask", "question behind it"),
    ("@ask What?", "two answers"),
    ("@option Alone", "question"),
    ("@option", "text of its own"),
    ("@right", "text of its own"),
    ("@hint", "has a text"),
    ("@explain", "line behind it"),
    ("@bug w", "stands alone"),
    ("@panels kitchen", "kitchen"),
    ("@hide log", "log"),
    ("@lock speed", "speed"),
    ("@light moon", "moon"),
    ("@start nowhere.gradgui", "no file"),
    ("@start ../12-a-narrow-valley.gradgui", "beside the lesson"),
    ("@start /etc/passwd", "beside the lesson"),
    ("@start " + "a" * 300 + ".gradgui", "no file"),
    ("@set", "sets nothing"),
    ("@set colour red", "sets nothing"),
    ("@set learning rate -1", "learning rate"),
    ("@set learning rate fast", "number"),
    ("@set epochs 1.5", "whole number"),
    ("@set model w*(x", "model"),
    ("@set start q = 1", "no parameter"),
    ("@set points 1, 2", "no points"),
    ("@set points (1, 2) (nan, 2)", "finite"),
    ("@set loss y*", "loss"),
    ("@set optimizer SGD momentum=2", "momentum"),
    ("@set optimizer SGD momentum=0.5=3", "momentum"),
    ("@set numbers float16", "float32"),
    ("@set broken heart", "breaks no line"),
    ("![a](missing.png)", "no picture"),
    ("![a](../secret.png)", "beside the lesson"),
    ("![a](https://example.org/a.png)", "beside the lesson"),
    ("![a](file:///etc/a.png)", "beside the lesson"),
    ("![a](run.exe)", "beside the lesson"),
    ("![a](" + "a" * 300 + ".png)", "no picture"),
    ("[a](file:///etc/passwd)", "must begin with"),
    ("[a](javascript:alert(1))", "must begin with"),
    ("[a [b] c](file:///etc/passwd)", "must begin with"),
    ("[![x](missing.png)](file:///x)", "no picture"),
    ("more](https://example.org)", "one line"),
    ("[a](<file:///etc/passwd>)", "HTML"),
    ("[a]: file:///etc/passwd", "round brackets"),
    ("<script>alert(1)</script>", "HTML"),
    ("Look: <img src=x onerror=y>", "HTML"),
    ("<https://example.org>", "HTML"),
    ("<!-- hidden -->", "HTML"),
    ("\\` <script> \\`", "one too many"),
    ("a ` b", "one too many"),
    ("@hint <b>bold</b>", "HTML"),
    ("## <i>Heading</i>", "HTML"),
    ("@explain [a](data:text/html,x)", "must begin with"),
    ("    ```", "``` alone"),
    ("~~~", "``` alone"),
    ("````", "``` alone"),
    ("``` inline ```", "``` alone"),
    ("a\x00b", "U+0000"),
    ("a\x0cb", "U+000C"),
    ("a\u2028b", "U+2028"),
]


@pytest.mark.parametrize(("line", "reason"), WRONG_LINES, ids=lambda one: one[:40].encode("unicode_escape").decode())
def test_a_wrong_line_is_named(line: str, reason: str) -> None:
    error = fault(f"{GOOD}{line}\n\nMore text.\n")
    assert error is not None
    assert reason in error.reason
    assert error.line == 7


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "title"),
        ("Text first\n", 1, "stands in a step"),
        ("# Title\n", 1, "no step"),
        ("# Title\n\n@do train 3 epochs\n## S\n", 3, "above the first step"),
        ("# Title\n@minutes soon\n## S\n", 2, "no number of minutes"),
        ("# Title\n@minutes ５\n## S\n", 2, "no number of minutes"),
        ("## S\nText\n", 1, "title"),
        ("# Title\n## S\n```\ncode\n", 4, "not ended"),
        ("# Title\n## S\n@hint Nothing to do.\n", 2, "something to do"),
        ("# T\n## S\n@ask A?\n@option 1\n@right 2\n@predict w after epoch 1\n", 6, "not both"),
        ("# T\n## S\n@ask A?\n@option 1\n@option 2\n", 5, "@right"),
        ("# T\n## S\n@ask A?\n@right 1\n@right 2\n", 5, "one @right"),
        ("# T\n## S\n@start\n@do set the learning rate to 0.01\n", 4, "done before"),
        ("# T\n## S\n@set broken zero_grad\n@do break zero_grad\n", 4, "done before"),
        ("# T\n## S\n@set model a*b*c*x\n@predict the ball after epoch 1\n", 4, "the model has 3"),
        ("# T\r\n## S\r\n@do dance\r\n", 3, "nothing that can be checked"),
        ("# T\r## S\r@do dance\r", 3, "nothing that can be checked"),
        ("# T\n" + "## S\n" * 101, 102, "at most 100"),
        ("# T\n## S\n```\na\n````\n<script>\n", 5, "``` alone"),
    ],
)
def test_what_does_not_go_together_is_named(text: str, line: int, reason: str) -> None:
    error = fault(text)
    assert error is not None
    assert (reason in error.reason, error.line) == (True, line)


@pytest.mark.parametrize(
    "line",
    [
        "a < b and c <3, x<=4",
        "`<script>` is inert, and ``[a](file:x) ` b`` as well",
        "[the web](https://example.org/a_(b)), [a word](glossary:epoch)",
        "```python\n@do <script>\n[a](file:x)\n# no title\n```",
        "list[0] and f(x)[1]",
        "@do train w to within 0.1 of 2\t",
        "### A smaller heading",
        "@predict the gradient of w in epoch 1 within 1e-6",
        "@set points (1, 2) (2; 4) (−3, 1e-3)",
    ],
)
def test_what_is_harmless_may_stand_there(line: str) -> None:
    assert fault(f"{GOOD}{line}\n") is None


def test_lines_of_code_stay_text() -> None:
    lesson = parse_lesson("# T\n## S\n```\n@hide everything\n<b>\n```\n", PATH)
    assert lesson.steps[0].text == "```\n@hide everything\n<b>\n```"


def test_a_picture_beside_the_lesson_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    assert fault(f"{GOOD}![a](a.png) [![b](a.png)](https://example.org)\n", tmp_path / PATH) is None


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / PATH
    for content, line, reason in (
        (b"# T\n## S\n\xff\n", 3, "UTF-8"),
        (b" " * (LARGEST_FILE + 1), 1, "larger"),
        (None, 1, "cannot be read"),
    ):
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
        with pytest.raises(LessonFileError, match=reason) as caught:
            read_lesson(path)
        assert caught.value.line == line


MARK_LINES = st.builds(
    "@{} {}".format,
    st.sampled_from([*MARKS, "start", "set", "about", "minutes", "else"]),
    st.one_of(
        st.text(max_size=30),
        st.builds("{} {}".format, st.sampled_from([*SETTINGS]), st.text("0123456789.,-+ewx*()=^ nainf", max_size=20)),
        st.sampled_from([kind.example for kind in (*CHECKS, *PREDICTIONS)]).flatmap(
            lambda text: st.builds(
                lambda place, word: " ".join([*text.split()[:place], word, *text.split()[place + 1 :]]),
                st.integers(0, 8),
                st.sampled_from(["nan", "-1", "0", "1e400", "w", "q", "", "99999999999999999999", "½", "１"]),
            )
        ),
    ),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.one_of(st.text(max_size=40), MARK_LINES, st.sampled_from(["```", "## S", "# T", "<b>"])), max_size=15)
)
@example(["@set points (1e308, 1e308)"])
def test_any_text_gives_a_lesson_or_a_line(lines: list[str]) -> None:
    fault("\n".join(lines))
    fault("\n".join(["# T", "## S", *lines]))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([*TEXTS]), st.data())
def test_a_mutated_lesson_gives_a_lesson_or_a_line(name: str, data: st.DataObject) -> None:
    lines = TEXTS[name].split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["delete", "double", "swap", "cut", "insert", "sign"])):
            case "delete" if len(lines) > 1:
                del lines[place]
            case "double":
                lines.insert(place, lines[place])
            case "swap":
                other = data.draw(st.integers(0, len(lines) - 1))
                lines[place], lines[other] = lines[other], lines[place]
            case "cut":
                lines[place] = lines[place][: data.draw(st.integers(0, 20))]
            case "insert":
                lines.insert(place, data.draw(MARK_LINES))
            case _:
                at = data.draw(st.integers(0, 60))
                lines[place] = lines[place][:at] + data.draw(st.characters()) + lines[place][at:]
    fault("\n".join(lines), PATHS[name])


@pytest.mark.parametrize("kind", [*CHECKS, *PREDICTIONS], ids=lambda kind: kind.__name__)
def test_each_form_is_read_and_stands_in_the_docs(kind: type) -> None:
    mark = "@predict" if kind in PREDICTIONS else "@do"
    known = " ".join(DOCS.read_text(encoding="utf-8").split())
    alike = re.escape(kind.form)  # type: ignore[attr-defined]
    pattern = re.sub(r"\\\{\w+\\\}", r"[^`]+?", alike).replace(r"\ ", " ")
    assert re.search(f"`{mark} {pattern}`", known), kind
    own = kind.read(kind.example)  # type: ignore[attr-defined]
    assert own is not None
    first = next(one for one in (PREDICTIONS if kind in PREDICTIONS else CHECKS) if _reads(one, kind.example))  # type: ignore[attr-defined]
    assert first is kind


def _reads(kind: type, text: str) -> bool:
    try:
        return kind.read(text) is not None  # type: ignore[attr-defined]
    except ValueError:
        return True


def test_each_mark_and_setting_stands_in_the_docs() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for mark in (*MARKS, "start", "set", "about", "minutes"):
        assert f"`@{mark}" in text, mark
    for setting in SETTINGS:
        assert f"`@set {setting} " in text, setting


def test_the_example_of_the_docs_is_a_lesson() -> None:
    found = re.search(r"```markdown\n(.*?)```\n", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    lesson = parse_lesson(found[1], PATH)
    assert (lesson.title, lesson.minutes, len(lesson.steps)) == ("The learning rate", 8, 1)
    step = lesson.steps[0]
    assert (step.panels, step.locked, step.lights) == (("experiment", "loss plot"), ("model", "points"), ("run",))
    assert step.start is not None
    assert step.start.learning_rate == 0.14
