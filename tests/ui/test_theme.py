"""Contrast, computed from the theme as WCAG 2.2 defines it (relative luminance, 1.4.3 and 1.4.11)."""

import pytest
from PySide6.QtGui import QColor

from gradgui.ui.app.projection import PROJECTED_DARK, PROJECTED_LIGHT
from gradgui.ui.app.theme import DARK, LIGHT, Theme
from gradgui.ui.plots.curves import Curve

TEXT, LINE = 4.5, 3.0


def luminance(colour: QColor) -> float:
    """Give the relative luminance of an sRGB colour."""
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colour: str | QColor, ground: str | QColor) -> float:
    """Give the contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(QColor(colour)), luminance(QColor(ground))))
    return (lighter + 0.05) / (darker + 0.05)


def written(theme: Theme) -> tuple[str, ...]:
    """Give the colours in which anything is written; keywords of the code are in the accent."""
    names = (theme.text, theme.muted, theme.accent, theme.error, theme.warning, theme.loss, theme.fit, theme.data)
    return (*names, *theme.parameters)


def washed_out(colour: str) -> QColor:
    """Give a colour as it looks where the projector's black is grey, at 40 % of the way to white."""
    veil = QColor("#ffffff")
    veil.setAlphaF(0.4)
    return mixed(veil, colour)


def mixed(colour: QColor, ground: str) -> QColor:
    """Give a translucent colour as it looks on a ground."""
    under, share = QColor(ground), colour.alphaF()
    return QColor.fromRgbF(
        share * colour.redF() + (1 - share) * under.redF(),
        share * colour.greenF() + (1 - share) * under.greenF(),
        share * colour.blueF() + (1 - share) * under.blueF(),
    )


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read(theme: Theme) -> None:
    grounds = (theme.window, theme.surface, theme.field)
    poor = [(text, ground) for text in written(theme) for ground in grounds if contrast(text, ground) < TEXT]
    assert not poor
    assert contrast(theme.text, theme.border) >= TEXT, "under the mouse"
    assert contrast(theme.accent_text, theme.accent) >= TEXT


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_lines_that_carry_meaning_can_be_seen(theme: Theme) -> None:
    for line in (theme.outline, theme.accent, theme.data):
        assert min(contrast(line, ground) for ground in (theme.window, theme.surface, theme.field)) >= LINE


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_future_that_was_left_can_be_seen(theme: Theme) -> None:
    for colour in (theme.loss, *theme.parameters):
        faded = Curve("w", "w", colour).faded_pen.color()
        assert faded.alpha() < 255
        assert contrast(mixed(faded, theme.surface), theme.surface) >= LINE


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_twelve_parameters_have_twelve_looks(theme: Theme) -> None:
    looks = {(theme.parameter(index), theme.is_dashed(index)) for index in range(12)}
    assert len(looks) == 12


@pytest.mark.parametrize("theme", [PROJECTED_LIGHT, PROJECTED_DARK], ids=["light", "dark"])
def test_projected_colours_survive_a_washed_out_picture(theme: Theme) -> None:
    pairs = [(text, ground) for text in written(theme) for ground in (theme.window, theme.surface, theme.field)]
    pairs.append((theme.accent_text, theme.accent))
    assert min(contrast(*pair) for pair in pairs) >= 7
    assert min(contrast(washed_out(text), washed_out(ground)) for text, ground in pairs) >= 3
    lines = (theme.outline, theme.accent, theme.data, theme.loss, theme.fit, *theme.parameters)
    assert min(contrast(line, ground) for line in lines for ground in (theme.window, theme.surface)) >= 4.5
    for colour in (theme.loss, *theme.parameters):
        faded = Curve("w", "w", colour).faded_pen.color()
        assert contrast(mixed(faded, theme.surface), theme.surface) >= 4.5
