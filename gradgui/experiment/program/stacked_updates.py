"""What the optimizers of ``torch.optim`` do, written for many runs at once, each with its own rate and settings.

No class of ``torch.optim`` takes a rate for each run. These lines do what torch's own single-tensor functions do, in
the form that gives the same bits: a factor that torch takes as a number is here a column of such numbers, so that
``add_(g, alpha=-lr)`` becomes ``addcmul_(g, -lr)``.
"""

from msgspec import Struct

from gradgui.experiment.optimizers import SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop


class StackedUpdate(Struct, frozen=True):
    """An optimizer's update of a stack.

    Attributes
    ----------
    settings
        The numbers that it needs apart from the learning rate, by the names of the optimizer's fields: lists at
        first, in which every run has its own number, or one stands for all.
    columns
        Lines that make columns of them.
    buffers
        PyTorch's names of what is remembered of each parameter and is 0 at first.
    lines
        The update of one ``parameter`` with its ``state`` in an ``epoch``, by the columns ``rate``, in the runs' own
        dtype, and ``exact_rate``, in float64.
    """

    settings: tuple[str, ...]
    columns: tuple[str, ...]
    buffers: tuple[str, ...]
    lines: tuple[str, ...]


def stacked_update(optimizer: Optimizer, *, has_momentum: bool, decays: bool) -> StackedUpdate:
    """Write an optimizer's update.

    Parameters
    ----------
    optimizer
        Which rule; not plain gradient descent, whose update is the notebook's line.
    has_momentum, decays
        Whether any run has a momentum, or a weight decay: torch leaves these out where they are 0.
    """
    gradient = "torch.addcmul(parameter.grad, parameter, weight_decay)" if decays else "parameter.grad"
    match optimizer:
        case SGD(nesterov=nesterov):
            return _sgd(gradient, has_momentum=has_momentum, nesterov=nesterov)
        case Adam():
            return _adam((f"gradient = {gradient}",), "weight_decay = number(weight_decay)")
        case AdamW():
            shrink = ["parameter.mul_((1 - exact_rate * weight_decay).to(parameter.dtype))"] if decays else []
            return _adam((*shrink, "gradient = parameter.grad"), "weight_decay = exact(weight_decay)")
        case RMSprop():
            return _rmsprop(gradient, has_momentum=has_momentum)
        case Adagrad():
            return StackedUpdate(
                ("epsilon", "weight_decay"),
                ("epsilon, weight_decay = number(epsilon), number(weight_decay)",),
                ("sum",),
                (
                    f"gradient = {gradient}",
                    'state["sum"].addcmul_(gradient, gradient)',
                    'parameter.addcdiv_(-rate * gradient, state["sum"].sqrt().add_(epsilon))',
                ),
            )
        case _:
            raise ValueError(f"{type(optimizer).__name__} has its update written out")


def _sgd(gradient: str, *, has_momentum: bool, nesterov: bool) -> StackedUpdate:
    lines = [f"gradient = {gradient}"]
    if has_momentum:
        ahead = 'torch.addcmul(gradient, state["momentum_buffer"], momentum)'
        lines += [
            "if epoch == 1:",
            '    state["momentum_buffer"] = gradient.clone()',
            "else:",
            '    state["momentum_buffer"].mul_(momentum).add_(gradient)',
            f"gradient = {ahead}" if nesterov else 'gradient = state["momentum_buffer"]',
        ]
    columns = "momentum, weight_decay = number(momentum), number(weight_decay)"
    return StackedUpdate(
        ("momentum", "weight_decay"), (columns,), (), (*lines, "parameter.addcmul_(gradient, -rate)")
    )


def _adam(gradient: tuple[str, ...], weight_decay: str) -> StackedUpdate:
    columns = (
        "new1, new2 = number([1 - beta for beta in beta1]), number([1 - beta for beta in beta2])",
        "kept2, epsilon = number(beta2), number(epsilon)",
        weight_decay,
    )
    lines = (
        *gradient,
        'state["exp_avg"].lerp_(gradient, new1)',
        'state["exp_avg_sq"].mul_(kept2).addcmul_(new2 * gradient, gradient)',
        "correction1 = exact([1 - beta**epoch for beta in beta1])",
        "correction2 = number([(1 - beta**epoch) ** 0.5 for beta in beta2])",
        'denominator = (state["exp_avg_sq"].sqrt() / correction2).add_(epsilon)',
        'parameter.addcdiv_((-exact_rate / correction1).to(parameter.dtype) * state["exp_avg"], denominator)',
    )
    return StackedUpdate(("beta1", "beta2", "epsilon", "weight_decay"), columns, ("exp_avg", "exp_avg_sq"), lines)


def _rmsprop(gradient: str, *, has_momentum: bool) -> StackedUpdate:
    columns = (
        "new, alpha = number([1 - one for one in alpha]), number(alpha)",
        "epsilon, momentum, weight_decay = number(epsilon), number(momentum), number(weight_decay)",
    )
    lines = (
        f"gradient = {gradient}",
        'state["square_avg"].mul_(alpha).addcmul_(new * gradient, gradient)',
        'average = state["square_avg"].sqrt().add_(epsilon)',
    )
    settings = ("alpha", "epsilon", "momentum", "weight_decay")
    if not has_momentum:
        return StackedUpdate(
            settings, columns, ("square_avg",), (*lines, "parameter.addcdiv_(-rate * gradient, average)")
        )
    step = 'state["momentum_buffer"].mul_(momentum).addcdiv_(gradient, average)'
    update = 'parameter.addcmul_(state["momentum_buffer"], -rate)'
    return StackedUpdate(settings, columns, ("square_avg", "momentum_buffer"), (*lines, step, update))
