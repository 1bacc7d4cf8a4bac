"""The lines of a program compiled: the very lines that are shown, run by the phase or many epochs at once."""

import ast
import linecache
import math
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from time import perf_counter
from typing import Any

import torch
from torch.autograd import Variable

from gradgui.experiment.columns import Columns, Role
from gradgui.experiment.program.program import OWN_NAMES, Line, Program, reading
from gradgui.experiment.training_loop import PHASES, Phase

FILE_NAME = "<training loop>"
"""Where a traceback says that a line of the loop stands."""

QUICKER_LINES = (
    # As loss.backward() does when it has checked its arguments: a fifth of an epoch is spent there.
    (
        r"loss\.backward\(\)",
        "__run_backward((loss,), __one, False, False, (), allow_unreachable=True, accumulate_grad=True)",
    ),
    # The same numbers outside of the graph: to change those needs no torch.no_grad(), a twentieth of an epoch.
    (r"with torch\.no_grad\(\):", "if True:"),
    (r"    (\w+) ([-+])= learning_rate \* (\w+)\.grad", r"    __outside_\1 \2= learning_rate * \3.grad"),
)
"""Lines that are replaced at speed, by lines that give the same bits; the others are run as they are shown."""

# Its own names begin with two underscores, as no parameter's does.
_TRAIN = """
def __train(__namespace, __rows, __epochs, __deadline, __ends):
    {load}
    try:
        while True:
            "forward, loss, backward"
            __gradients = {gradients}
            "update"
            __row = {row}
            __buffers = {buffers}
            "zero_grad"
            y_pred = loss = None
            __rows.append(__row + __buffers)
            if not __isfinite(__sum(__row)) and not __all(__map(__isfinite, __row)):
                return
            if __ends is not None and __ends(__row):
                return
            if __len(__rows) >= __epochs or __now() >= __deadline:
                return
    finally:
        __namespace["y_pred"], __namespace["loss"] = y_pred, loss
"""

Namespace = dict[str, Any]
Row = tuple[float, ...]


class CompiledProgram:
    """Run the lines of a program in a namespace.

    The namespace has ``torch``, the data ``x`` and ``y``, and what the program's set-up lines make.

    Parameters
    ----------
    program
        Whose lines.
    columns
        The layout of the row that an epoch leaves.
    scheduled
        Whether a scheduler changes the learning rate.
    """

    def __init__(self, program: Program, columns: Columns, *, scheduled: bool) -> None:
        self.program = program
        names = program.names

        def expressions(*roles: Role) -> list[str]:
            return [reading(column, names, scheduled=scheduled) for column in columns.of(*roles)]

        # A tensor that an update has put in a parameter's place is no leaf, and has no gradient.
        self._gradients = _tuple(
            f"({text} if {names[column.parameter]}.is_leaf and {names[column.parameter]}.grad is not None else __nan)"
            for column, text in zip(columns.of(Role.GRADIENT), expressions(Role.GRADIENT), strict=True)
        )
        gradient = (f"__gradients[{place}]" for place in range(len(columns.of(Role.GRADIENT))))
        numbers = [
            next(gradient) if column.role is Role.GRADIENT else text
            for column, text in zip(columns, expressions(*Role), strict=True)
            if column.role is not Role.BUFFER
        ]
        rate = next(place for place, column in enumerate(columns) if column.role is Role.LEARNING_RATE)
        self._rate, numbers[rate] = numbers[rate], "__rate"
        self._row = _tuple(numbers)
        self._buffers = _tuple(expressions(Role.BUFFER))
        self._setup = compile("\n".join(program.setup), "<set-up of the training loop>", "exec", dont_inherit=True)
        self._phases = {phase: self._compile_phase(phase) for phase in PHASES}
        self._train: Callable[..., None] | None = None

    def show_source(self) -> None:
        """Have tracebacks and ``inspect`` find the lines as they are shown."""
        text = self.program.text
        linecache.cache[FILE_NAME] = (len(text), None, text.splitlines(keepends=True), FILE_NAME)

    def set_up(self, namespace: Namespace) -> None:
        """Run the set-up lines: fresh leaf tensors at their start values, and a fresh optimizer and scheduler."""
        exec(self._setup, namespace)  # noqa: S102 - lines of our own, written from checked trees

    def run_phase(self, phase: Phase, namespace: Namespace) -> None:
        """Run the lines of a phase as they are shown; the update leaves the epoch's row as ``__row``, ``__buffers``.

        Raises
        ------
        RuntimeError, TypeError, AttributeError
            PyTorch's own error when the loop is broken; `line_of` tells the line.
        """
        exec(self._phases[phase], namespace)  # noqa: S102

    def train(
        self,
        namespace: Namespace,
        rows: list[Row],
        epochs: int,
        deadline: float,
        ends: Callable[[Row], bool] | None,
    ) -> None:
        """Train whole epochs, with the lines in one piece and local names: see `Trainer.train`."""
        if self._train is None:
            self._train = self._compile_train()
        self._train(namespace, rows, epochs, deadline, ends)

    def line_of(self, error: BaseException) -> int | None:
        """Give the place among the program's lines of the one that raised, None when none of them did."""
        traceback, place = error.__traceback__, None
        while traceback is not None:
            if traceback.tb_frame.f_code.co_filename == FILE_NAME and traceback.tb_lineno <= len(self.program.lines):
                place = traceback.tb_lineno - 1
            traceback = traceback.tb_next
        return place

    def _compile_phase(self, phase: Phase) -> Any:
        statements = self._statements(self.program.text, phase)
        if phase is Phase.UPDATE:
            before = f"__rate = {self._rate}\n__gradients = {self._gradients}"
            after = f"__row = {self._row}\n__buffers = {self._buffers}"
            statements = [*self._own(before), *statements, *self._own(after)]
        return compile(ast.Module(statements, []), FILE_NAME, "exec", dont_inherit=True)

    def _compile_train(self) -> Callable[..., None]:
        program = self.program
        quick = "".join(f"{_quicker(line.text)}\n" for line in program.lines)
        names = ["x", "y", "y_pred", "loss", "learning_rate", *program.names.values()]
        names += [name for name in OWN_NAMES if any(line.startswith(f"{name} = ") for line in program.setup)]
        load = [f'{name} = __namespace["{name}"]' for name in names]
        load += [f"__outside_{name} = {name}.detach()" for name in program.names.values()]
        load.append("__one = (__ones_like(x[0]),)")
        text = _TRAIN.format(
            load="; ".join(load),
            gradients=f"{self._gradients}; __rate = {self._rate}",
            row=self._row,
            buffers=self._buffers,
        )
        (function,) = self._own(text)
        lines: dict[object, list[Phase]] = {
            "forward, loss, backward": [Phase.FORWARD, Phase.LOSS, Phase.BACKWARD],
            "update": [Phase.UPDATE],
            "zero_grad": [Phase.ZERO_GRAD],
        }
        loop = next(node for node in ast.walk(function) if isinstance(node, ast.While))
        loop.body = [
            statement
            for own in loop.body
            for statement in (
                [one for phase in lines[own.value.value] for one in self._statements(quick, phase)]
                if isinstance(own, ast.Expr) and isinstance(own.value, ast.Constant)
                else [own]
            )
        ]
        namespace: Namespace = {
            "torch": torch,
            "__nan": math.nan,
            "__isfinite": math.isfinite,
            "__sum": sum,
            "__all": all,
            "__map": map,
            "__len": len,
            "__now": perf_counter,
            "__ones_like": torch.ones_like,
            "__run_backward": Variable._execution_engine.run_backward,
        }
        exec(compile(ast.Module([function], []), FILE_NAME, "exec", dont_inherit=True), namespace)  # noqa: S102
        train: Callable[..., None] = namespace["__train"]
        return train

    def _statements(self, text: str, phase: Phase) -> list[ast.stmt]:
        """Give a phase's statements, each with the number of its line."""
        lines = self.program.lines
        return [one for one in ast.parse(text).body if lines[one.lineno - 1].phase is phase]

    def _own(self, text: str) -> list[ast.stmt]:
        """Give statements that are no line of the program: their numbers come after its last one."""
        tree = ast.parse(text)
        ast.increment_lineno(tree, len(self.program.lines))
        return tree.body


def compiled(program: Program, columns: Columns, *, scheduled: bool) -> CompiledProgram:
    """Compile a program, unless it was compiled lately: that takes as long as some twenty epochs."""
    return _compiled(program.setup, program.lines, tuple(program.names.items()), columns, scheduled)


@lru_cache(maxsize=32)
def _compiled(
    setup: tuple[str, ...],
    lines: tuple[Line, ...],
    names: tuple[tuple[str, str], ...],
    columns: Columns,
    scheduled: bool,
) -> CompiledProgram:
    return CompiledProgram(Program(dict(names), setup, lines), columns, scheduled=scheduled)


def _quicker(text: str) -> str:
    for pattern, replacement in QUICKER_LINES:
        text = re.sub(f"^{pattern}$", replacement, text)
    return text


def _tuple(expressions: Iterable[str]) -> str:
    return f"({''.join(f'{expression}, ' for expression in expressions)})"
