"""Colours for a projector in a room that is not dark: what is black there is grey."""

from gradgui.ui.app.theme import Theme

PROJECTED_LIGHT = Theme(
    dark=False,
    window="#f4f4f4",
    surface="#ffffff",
    field="#ffffff",
    text="#000000",
    muted="#333333",
    outline="#404040",
    border="#b8b8b8",
    accent="#003f73",
    accent_text="#ffffff",
    error="#7f0f0a",
    warning="#583600",
    loss="#7a2800",
    data="#000000",
    fit="#004330",
    parameters=("#003f73", "#583600", "#70104a", "#004330", "#35208a", "#7a2800"),
)

PROJECTED_DARK = Theme(
    dark=True,
    window="#0a0a0a",
    surface="#000000",
    field="#101010",
    text="#ffffff",
    muted="#d8d8d8",
    outline="#c8c8c8",
    border="#4a4a4a",
    accent="#86d0ff",
    accent_text="#000000",
    error="#ffb8b0",
    warning="#ffd685",
    loss="#ffb27a",
    data="#ffffff",
    fit="#5ee6bd",
    parameters=("#86d0ff", "#ffc24d", "#ffbfe2", "#5ee6bd", "#b9c4ff", "#ffb27a"),
)


def projected(theme: Theme) -> Theme:
    """Give a theme's colours for the projector: text of at least 7 : 1, lines of at least 4.5 : 1."""
    return PROJECTED_DARK if theme.dark else PROJECTED_LIGHT
