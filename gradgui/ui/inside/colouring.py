"""Python in colours, by pygments."""

from pygments import lex
from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, Token

from gradgui.ui.theme import Theme


def coloured(code: str, theme: Theme) -> str:
    """Give code as rich text in the theme's colours."""
    colours = {
        Comment: theme.muted,
        Keyword: theme.accent,
        Number: theme.loss,
        String: theme.fit,
        Operator.Word: theme.accent,
        Name.Function: theme.accent,
        Operator: theme.muted,
        Token: theme.text,
    }
    parts = []
    for token, text in lex(code, PythonLexer(ensurenl=False, stripnl=False)):
        colour = next(colour for kind, colour in colours.items() if token in kind)
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        parts.append(f'<span style="color:{colour}">{escaped}</span>')
    return f'<div style="white-space:pre-wrap">{"".join(parts)}</div>'
