"""What a random person types, presses and pastes: good, bad and far too long."""

from pathlib import Path
from random import Random

from PySide6.QtCore import Qt

SENSIBLE = ("0.01", "0.05", "0,5", "1", "2", "3", "5", "20", "100", "-1.5", "0", "1e-3", "64")
NASTY = (
    *("1e308", "-1e308", "1.7976931348623157e308", "1e300", "-1e300", "1e-300", "5e-324", "1e39", "3.4e38", "1e7"),
    *("nan", "NaN", "inf", "-inf", "1e400", "", " ", "abc", "0x10", "1,000", "1 000", "1e5", "10000000", "-0"),
    *("٣", "−2", "1" * 400, "1e-45", "1e19", "1e154", "-1e160"),
)
FORMULAS = (
    *("w * x", "w*x + b", "a*x**2 + b*x + c", "a*exp(-k*x)", "a*sin(f*x + p)", "v*tanh(w*x + b) + c", "w/x", "w"),
    *("log(w*x)", "sqrt(w)*x", "w*x**50", "1e300*w*x", "abs(w*x)", "w*x + 0*b", "min(w*x, b)", "sign(w)*x", "w**x"),
    *("exp(exp(w*x))", "1/(w - 1)*x", "optimizer*x + row", "β*x + π", "relu(w*x + b)*c + d*e1 + f + g"),
)
BAD_FORMULAS = (
    *("", " ", "x", "w*(x", "w*x;", "__import__('os')", "w**w**w**w", "+".join(["w*x"] * 358), "w" * 1431, "((("),
    *("2 + 3", "import os", "\t\n", "lambda: 0", "w*x" * 20_000),
)
LOSSES = (
    *("(y - y_pred)**2", "abs(y - y_pred)", "log(y_pred)", "exp(y_pred**2)", "y_pred*1e300", "y - y_pred", "y_pred"),
    *("sqrt(y - y_pred)", "(y - y_pred)**4", "0*y_pred"),
)
CLIPBOARDS = (
    *("1\t2\n3\t4\n", "1,2\n3,4", "x\ty\n1\t2", "1e308\t-1e308\n1e308\t1e308\n", "nan\tinf", "", "text", "5"),
    *("0\t0\n", "1e-320\t1e-320\n2e-320\t1e-320", "1\t2\t3", "\n".join(f"{i}\t{2 * i}" for i in range(5000))),
)

_PLAIN, _SHIFT, _CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
_KEY = Qt.Key
KEYS = (
    *((key, _PLAIN) for key in (_KEY.Key_Space, _KEY.Key_Tab, _KEY.Key_Escape, _KEY.Key_Return, _KEY.Key_Delete)),
    *((key, _PLAIN) for key in (_KEY.Key_Up, _KEY.Key_Down, _KEY.Key_Left, _KEY.Key_Right, _KEY.Key_Home)),
    *((key, _PLAIN) for key in (_KEY.Key_End, _KEY.Key_PageUp, _KEY.Key_PageDown, _KEY.Key_Plus, _KEY.Key_Minus)),
    *((key, _PLAIN) for key in (_KEY.Key_F5, _KEY.Key_F9, _KEY.Key_F10, _KEY.Key_F11, _KEY.Key_F, _KEY.Key_0)),
    *((key, _SHIFT) for key in (_KEY.Key_F10, _KEY.Key_F11, _KEY.Key_Tab, _KEY.Key_Up, _KEY.Key_Down)),
    *((key, _CONTROL) for key in (_KEY.Key_Z, _KEY.Key_Y, _KEY.Key_C, _KEY.Key_V, _KEY.Key_A, _KEY.Key_R)),
    *((key, _CONTROL) for key in (_KEY.Key_BracketLeft, _KEY.Key_BracketRight, _KEY.Key_0, _KEY.Key_L)),
)
"""Keys with their modifiers."""


def draw_entry(random: Random, field: str) -> str:
    """Draw what is typed into a field; half of it makes sense, or nothing would ever be trained."""
    sensible = random.random() < 0.5
    if field == "model_formula":
        return random.choice(FORMULAS if sensible else BAD_FORMULAS + FORMULAS)
    if field == "loss_formula":
        return random.choice(LOSSES if sensible else BAD_FORMULAS + LOSSES)
    return random.choice(SENSIBLE if sensible else NASTY)


def write_tables(folder: Path) -> None:
    """Write files to be opened: tables, and what is none."""
    for name, text in {
        "good.csv": "x,y\n1,2\n2,4\n3,6\n",
        "far.csv": "x;y\n1000;1\n1010;2\n1020;3,5\n",
        "huge.csv": "x,y\n1e308,1e308\n-1e308,-1e308\n",
        "gaps.csv": "a,b,c\n1,,3\nn/a,2,5\n4,5,6\n",
        "words.txt": "no numbers here\n",
        "empty.csv": "",
        "broken.gradgui": "{",
        "long.csv": "".join(f"{i},{i % 7}\n" for i in range(20_000)),
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "binary.csv").write_bytes(bytes(range(256)))
