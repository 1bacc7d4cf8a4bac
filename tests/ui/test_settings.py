"""Settings of any value: what cannot be is as none."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QSettings

from gradgui.ui.app.settings import FOLLOWED, MOST_RECENT, Settings
from gradgui.ui.app.theme import Appearance
from gradgui.ui.app.type_scale import SIZES

KEYS = (
    "appearance",
    "speed",
    "last_epochs",
    "log_axis",
    "recent",
    "folder",
    "type_size",
    "presentation_size",
    "geometry",
    "panels",
    "layout_version",
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**31), 2**31 - 1),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(["9" * 5000, "٣", "²", "a\0b", "\0", "20", "-1", "1e3", "/x\n" * 1000, "no", "3"]),
    st.binary(max_size=20).map(QByteArray),
    st.lists(st.text(max_size=5), max_size=3),
)


def stored() -> QSettings:
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "GradGUI", "GradGUI")


@given(st.dictionaries(st.sampled_from(KEYS), VALUES))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_stored_the_values_are_of_their_kind(values: dict[str, object]) -> None:
    store = stored()
    store.clear()
    for key, value in values.items():
        store.setValue(key, value)
    store.sync()
    found = Settings()
    assert isinstance(found.appearance, Appearance)
    assert found.speed is None or 0 <= found.speed < 10**9
    assert found.last_epochs is None or found.last_epochs in FOLLOWED
    assert isinstance(found.log_axis, bool)
    assert found.type_size in SIZES
    assert found.presentation_size in SIZES
    assert len(found.recent) <= MOST_RECENT
    for text in (*found.recent, found.folder):
        Path(text).resolve()
    assert found.layout is None or all(isinstance(part, QByteArray) for part in found.layout)


def test_what_was_set_comes_back() -> None:
    first = Settings()
    first.recent, first.folder, first.speed, first.last_epochs = ["/a b/ä.gradgui", "/c"], "/d", 40, 100
    first.type_size, first.presentation_size = 125, 250
    first.log_axis, first.appearance = False, Appearance.DARK
    again = Settings()
    assert again.recent == ["/a b/ä.gradgui", "/c"]
    assert (again.folder, again.speed, again.last_epochs) == ("/d", 40, 100)
    assert (again.type_size, again.presentation_size) == (125, 250)
    assert (again.log_axis, again.appearance) == (False, Appearance.DARK)


@pytest.mark.parametrize("count", [100_000])
def test_of_very_many_recent_files_the_first_are_taken(count: int) -> None:
    stored().setValue("recent", "\n".join(f"/nowhere/{number}" for number in range(count)))
    assert Settings().recent == [f"/nowhere/{number}" for number in range(MOST_RECENT)]
