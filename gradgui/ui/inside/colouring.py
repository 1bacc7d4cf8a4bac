"""Python in colours."""

import io
import keyword
import tokenize
from html import escape

from gradgui.ui.theme import Theme

_LAYOUT = {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def coloured(code: str, theme: Theme) -> str:
    """Give whole statements as rich text in the theme's colours."""
    colours = {
        tokenize.COMMENT: theme.muted,
        tokenize.NUMBER: theme.loss,
        tokenize.STRING: theme.fit,
        tokenize.OP: theme.muted,
        tokenize.NAME: theme.text,
    }
    starts = [0]
    for line in code.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    parts, end = [], 0
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type in _LAYOUT:
            continue
        begin = starts[token.start[0] - 1] + token.start[1]
        colour = theme.accent if keyword.iskeyword(token.string) else colours[token.type]
        parts.append(f'{code[end:begin]}<span style="color:{colour}">{escape(token.string)}</span>')
        end = begin + len(token.string)
    return f'<div style="white-space:pre-wrap">{"".join(parts)}{code[end:]}</div>'
