"""The handout: saved through the action in the real window, and what stands in it."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtGui import QImage

from gradgui.experiment.changes import LearningRateChange
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.run_spec import RunSpec
from gradgui.ui.app.theme import Appearance
from gradgui.ui.handout.pages import handout_html
from gradgui.ui.handout.pictures import handout_pictures
from gradgui.ui.runs.compared_runs import ComparedRuns
from tests.ui.driver import Driver
from tests.ui.test_compared_runs import compared, tick  # noqa: F401 - fixtures
from tests.ui.test_window_export import choose

FLAT = re.compile(r"<[^>]+>")


def text_of(driver: Driver) -> str:
    window = driver.window
    html = handout_html("Title <1>", window.run, window.compared_runs, ["Loss"])
    return FLAT.sub("\n", html).replace("&lt;", "<").replace("&gt;", ">")


def epoch_rows(driver: Driver) -> list[list[str]]:
    """Read the table of epochs back."""
    window = driver.window
    table = handout_html("", window.run, window.compared_runs, []).partition("<h3>Epochs</h3>")[2]
    return [re.findall("<td>(.*?)</td>", row) for row in re.findall("<tr>(.*?)</tr>", table)][1:]


def open_spec(driver: Driver, spec: RunSpec) -> None:
    driver.window.documents.opened.emit(spec)
    driver.qtbot.waitUntil(lambda: not driver.window.run.is_awaited, timeout=30_000)


@pytest.mark.parametrize("look", [Appearance.LIGHT, Appearance.DARK])
def test_a_pdf_of_pages(driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, look: Appearance) -> None:
    driver.window.set_appearance(look)
    driver.run_to_end(20)
    suggestions = choose(monkeypatch, tmp_path / "handout.pdf")
    driver.export("save_handout")
    assert Path(suggestions[0]).name == "the_lesson-handout.pdf"
    content = (tmp_path / "handout.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    assert re.findall(rb"/Type /Pages[^>]*?/Count (\d+)", content, re.DOTALL) == [b"2"]
    assert "The lesson".encode("utf-16-be") in content or b"The lesson" in content, "its title"
    assert b"/FontFile" in content, "text is text"


@pytest.mark.parametrize("look", [Appearance.LIGHT, Appearance.DARK])
def test_plots_are_light_whatever_the_window_is(driver: Driver, look: Appearance) -> None:
    window = driver.window
    window.set_appearance(look)
    driver.run_to_end(20)
    pictures = handout_pictures(window.run, window.compared_runs, window.data_editor, logarithmic=True)
    assert [one.caption.partition(",")[0] for one in pictures][:3] == ["Loss", "Parameters", "Data and fit"]
    for one in pictures:
        image = one.image.convertToFormat(QImage.Format.Format_Grayscale8)
        grey = np.frombuffer(image.constBits(), np.uint8)
        assert np.median(grey) == 255, one.caption
        assert grey.min() < 140, f"{one.caption} has lines that are seen in black and white"


def test_settings_before_the_first_epoch(driver: Driver) -> None:
    text = text_of(driver)
    assert "Title <1>" in text
    for said in (
        "y_pred = w * x",
        "(y - y_pred)**2",
        "w = 0",
        "0.01",
        "float32",
        "(1, 2), (2, 4)",
        "not trained yet",
    ):
        assert said in text
    assert "\nEpochs\n" not in text
    assert "for epoch in range(20):\n    y_pred = w * x\n" in text


def test_the_code_trains_to_the_same_bits(driver: Driver) -> None:
    """Run what stands there in plain Python."""
    driver.run_to_end(20)
    window = driver.window
    html = handout_html("", window.run, window.compared_runs, [])
    code = re.findall("<pre[^>]*>(.*?)</pre>", html, re.DOTALL)[0]
    names: dict[str, object] = {}
    exec(code.replace("&#x27;", "'"), names)  # noqa: S102 - our own code
    assert float(names["w"].item()) == window.run.log.value("w", 20)  # type: ignore[attr-defined]


@pytest.mark.parametrize("epochs", [1, 24, 25, 26, 100_000])
def test_the_table_of_epochs(driver: Driver, epochs: int) -> None:
    open_spec(driver, RunSpec(replace(DEFAULT_EXPERIMENT, epochs=epochs)))
    driver.run_to_end(epochs)
    rows = epoch_rows(driver)
    shown = [int(re.sub(r"\D", "", row[0])) for row in rows]
    assert (shown[0], shown[-1], len(shown)) == (1, epochs, min(epochs, 25))
    gaps = np.diff(shown)
    assert not len(gaps) or gaps.max() - gaps.min() <= 1, "evenly"
    assert ("evenly chosen" in text_of(driver)) is (epochs > 25)
    log = driver.window.run.log
    for epoch, row in zip(shown, rows, strict=True):
        assert float(row[1].replace("−", "-")) == pytest.approx(log.value("loss", epoch), rel=1e-5)


def test_many_points_are_counted_and_changes_named(driver: Driver) -> None:
    x = np.arange(1, 101) / 100
    experiment = replace(DEFAULT_EXPERIMENT, data=Data(x, 2 * x, "<hours>", "score"))
    open_spec(driver, RunSpec(experiment, (LearningRateChange(3, 0.02),)))
    driver.run_to_end(20)
    text = text_of(driver)
    assert "100 points (<hours>, score): <hours> from 0.01 to 1, score from 0.02 to 2" in text
    assert "lr 0.02 at epoch 3" in text
    assert "What was changed on the way is not in it" in text


def test_a_divergence_is_told(driver: Driver) -> None:
    open_spec(driver, RunSpec(replace(DEFAULT_EXPERIMENT, learning_rate=9.0, epochs=1000)))
    driver.set_speed(100)
    driver.action("run").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.status.state.value == "diverged", timeout=30_000)
    assert f"Diverged: {driver.window.run.status.message}" in text_of(driver)


def test_nothing_gives_a_hidden_bug_away(driver: Driver) -> None:
    assert driver.action("save_handout").isEnabled()
    driver.action("find_bug").trigger()
    assert driver.window.run.meant is not None
    assert not driver.action("save_handout").isEnabled()
    assert not driver.action("print_handout").isEnabled()


def test_compared_runs_have_a_table(
    driver: Driver,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    compared: ComparedRuns,  # noqa: F811
    tick: Callable[..., None],  # noqa: F811
) -> None:
    driver.run_to_end(20)
    tick(1, 3)
    table = text_of(driver).partition("Comparison")[2].partition("\nCode\n")[0]
    assert [one.label for one in compared.runs] == ["lr 0.01", "lr 0.05"]
    for one in compared.runs:
        last = f"{one.log.value('loss', 20):.6g}".replace("-", "−")
        assert all(said in table for said in (f"run {one.id}", one.label, last))
    assert "this run" in table
    assert compared.present_label in table
    choose(monkeypatch, tmp_path / "handout.pdf")
    driver.export("save_handout")
    assert (tmp_path / "handout.pdf").read_bytes().startswith(b"%PDF-")
