"""The update of one parameter with the numbers of an epoch plugged in, rule by rule as PyTorch writes them."""

import math

from msgspec import Struct

from gradgui.experiment.optimizers import SGD, Adagrad, Adam, AdamW, GradientDescent, Optimizer, RMSprop
from gradgui.experiment.training_loop import Fault
from gradgui.numbers import readable, significant
from gradgui.record.trace import EpochTrace
from gradgui.ui.widgets.labels import in_formula

DIGITS = 15
"""Of a setting: all that a person typed, and not what 1 − 0.9 leaves in the last place."""


def update_lines(
    optimizer: Optimizer, trace: EpochTrace, name: str, place: int, fault: Fault | None = None
) -> tuple[str, ...]:
    """Give what an update did to a parameter: a line for each number that the rule remembers, then the step.

    Parameters
    ----------
    optimizer
        The rule.
    trace
        An epoch whose update has run.
    name
        The parameter's.
    place
        Where it stands among the parameters.
    fault
        Of the loop in that epoch.
    """
    is_last = place > 0 and place == len(trace.before) - 1
    followed = 0 if fault is Fault.OTHER_GRADIENT and is_last else place
    gradient = trace.gradients[followed] if trace.gradients else None
    after = trace.after[place] if trace.after else math.nan
    if gradient is None:
        return (f"{name}: {readable(trace.before[place])} → {readable(after)}",)
    if fault is Fault.NOT_UPDATED and is_last:
        return (f"{name} = {readable(after)} (not updated)",)
    found, left = trace.buffers_before, trace.buffers_after or {}
    own = {key.removeprefix(f"{name}."): value for key, value in left.items() if key.startswith(f"{name}.")}
    update = _Update(name, trace.learning_rate, trace.before[place], after, gradient, found, own)
    match optimizer:
        case GradientDescent():
            return (update.step(update.gradient_text, sign="+" if fault is Fault.WRONG_SIGN else "−"),)
        case SGD():
            return _sgd(optimizer, update)
        case RMSprop():
            return _rmsprop(optimizer, update)
        case Adagrad():
            return _adagrad(optimizer, update)
        case Adam() | AdamW():
            return _adam(optimizer, update)


class _Update(Struct, frozen=True):
    """One parameter's numbers: what its buffers held before by their full names, and hold now by their own."""

    name: str
    rate: float
    before: float
    after: float
    gradient: float
    found: dict[str, float]
    buffers: dict[str, float]

    @property
    def gradient_text(self) -> str:
        return in_formula(self.gradient)

    def old(self, buffer: str) -> float | None:
        return self.found.get(f"{self.name}.{buffer}")

    def decayed(self, weight_decay: float) -> tuple[str, tuple[str, ...]]:
        """Give the gradient with the weight decay in it, and the line that says how it came there."""
        if not weight_decay:
            return self.gradient_text, ()
        gradient = self.gradient + weight_decay * self.before
        pull = f"{_setting(weight_decay)} · {in_formula(self.before)}"
        return in_formula(gradient), (f"g = {self.gradient_text} + {pull} = {readable(gradient)}",)

    def remembered(self, buffer: str, made: str) -> str:
        return f"{self.name}.{buffer} = {made} = {readable(self.buffers[buffer])}"

    def mean(self, buffer: str, kept: float, new: str) -> str:
        old = in_formula(self.old(buffer) or 0.0)
        return self.remembered(buffer, f"{_setting(kept)} · {old} + {_setting(1.0 - kept)} · {new}")

    def step(self, direction: str, shrunk: str = "", sign: str = "−") -> str:
        start = f"{in_formula(self.before) if shrunk else readable(self.before)}{shrunk}"
        return f"{self.name} = {start} {sign} {_setting(self.rate)} · {direction} = {readable(self.after)}"

    def overflow(self, buffer: str) -> tuple[str, ...]:
        """Say why a gradient moves nothing where the square it is divided by has become infinite."""
        if not math.isinf(self.buffers[buffer]):
            return ()
        so = "the step is 0" if self.after == self.before else "the gradient moves nothing"
        return (f"{self.name}.{buffer} is inf: a number divided by its root is 0, so {so}",)


def _sgd(rule: SGD, update: _Update) -> tuple[str, ...]:
    gradient, lines = update.decayed(rule.weight_decay)
    if not rule.momentum:
        return (*lines, update.step(gradient))
    kept, old = _setting(rule.momentum), update.old("momentum_buffer")
    made = f"{kept} · {in_formula(old)} + {gradient}" if old is not None else f"{gradient}, the first gradient,"
    momentum = in_formula(update.buffers["momentum_buffer"])
    direction = f"({gradient} + {kept} · {momentum})" if rule.nesterov else momentum
    return (*lines, update.remembered("momentum_buffer", made), update.step(direction))


def _rmsprop(rule: RMSprop, update: _Update) -> tuple[str, ...]:
    gradient, lines = update.decayed(rule.weight_decay)
    lines += (update.mean("square_avg", rule.alpha, f"{gradient}²"), *update.overflow("square_avg"))
    direction = f"{gradient} / {_root(update.buffers['square_avg'], rule.epsilon)}"
    if not rule.momentum:
        return (*lines, update.step(direction))
    old = in_formula(update.old("momentum_buffer") or 0.0)
    momentum = update.remembered("momentum_buffer", f"{_setting(rule.momentum)} · {old} + {direction}")
    return (*lines, momentum, update.step(in_formula(update.buffers["momentum_buffer"])))


def _adagrad(rule: Adagrad, update: _Update) -> tuple[str, ...]:
    gradient, lines = update.decayed(rule.weight_decay)
    total = update.remembered("sum", f"{readable(update.old('sum') or 0.0)} + {gradient}²")
    root = _root(update.buffers["sum"], rule.epsilon)
    return (*lines, total, *update.overflow("sum"), update.step(f"{gradient} / {root}"))


def _adam(rule: Adam | AdamW, update: _Update) -> tuple[str, ...]:
    is_apart = isinstance(rule, AdamW)  # its weight decay does not pass through the gradient
    gradient, lines = update.decayed(0.0 if is_apart else rule.weight_decay)
    first, second = _setting(rule.beta1), _setting(rule.beta2)
    count = f"{update.buffers['step']:.0f}"
    mean = f"{in_formula(update.buffers['exp_avg'])} / (1 − {first}^{count})"
    root = f"(√({readable(update.buffers['exp_avg_sq'])} / (1 − {second}^{count})) + {_setting(rule.epsilon)})"
    rate, decay = _setting(update.rate), _setting(rule.weight_decay)
    return (
        *lines,
        update.mean("exp_avg", rule.beta1, gradient),
        update.mean("exp_avg_sq", rule.beta2, f"{gradient}²"),
        *update.overflow("exp_avg_sq"),
        update.step(f"({mean}) / {root}", f" · (1 − {rate} · {decay})" if is_apart and rule.weight_decay else ""),
    )


def _root(square: float, epsilon: float) -> str:
    return f"(√({readable(square)}) + {_setting(epsilon)})"


def _setting(value: float) -> str:
    return significant(value, DIGITS)
