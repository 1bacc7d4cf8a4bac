"""Every run of a sweep against the same run in plain PyTorch, alone: bit for bit."""

import math
from dataclasses import dataclass
from random import Random

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.optim import lr_scheduler

from gradgui.engine.sweeps import stacks
from gradgui.engine.sweeps.stacks import Stacks
from gradgui.engine.trainer import Trainer
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, DType, Experiment, Parameter
from gradgui.experiment.generators import generate
from gradgui.experiment.optimizers import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    CosineSchedule,
    ExponentialSchedule,
    GradientDescent,
    Optimizer,
    RMSprop,
    Schedule,
    StepSchedule,
)
from gradgui.experiment.sweep.exactness import inexact_part
from gradgui.experiment.sweep.sweep import GeneratedData, Sweep
from gradgui.experiment.sweep.varied import Varied, variable_names
from gradgui.record.sweep_outcomes import SweepOutcomes
from tests.engine import twins
from tests.engine.twins import Twin

MODELS = (
    twins.PROPORTIONAL,
    twins.LINE,
    twins.PARABOLA,
    twins.CONSTANT,
    Twin("0.1*w*w*x + w", lambda x, w: 0.1 * w * w * x + w, ("w",)),
    Twin("v*tanh(w*x + b)", lambda x, v, w, b: v * torch.tanh(w * x + b), ("v", "w", "b")),
    twins.DECAY,
    Twin("sin(k*x) + sqrt(abs(a))", lambda x, k, a: torch.sin(k * x) + torch.sqrt(torch.abs(a)), ("k", "a")),
    Twin("sigmoid(w*x + b)", lambda x, w, b: torch.sigmoid(w * x + b), ("w", "b")),
    Twin("softplus(w*x)**1.5", lambda x, w: torch.nn.functional.softplus(w * x) ** 1.5, ("w",)),
    Twin("x**4*w", lambda x, w: x**4 * w, ("w",)),
)
LOSSES = (
    twins.SQUARED,
    twins.ABSOLUTE,
    Twin("sqrt(1 + (y - y_pred)**2)", lambda y, y_pred: torch.sqrt(1 + (y - y_pred) ** 2).mean()),
    twins.LOG_COSH,
)
OPTIMIZERS: tuple[Optimizer, ...] = (
    GradientDescent(),
    SGD(),
    SGD(momentum=0.8),
    SGD(momentum=0.8, nesterov=True, weight_decay=0.05),
    RMSprop(),
    RMSprop(momentum=0.5, weight_decay=0.1),
    Adagrad(weight_decay=0.01),
    Adam(),
    Adam(weight_decay=0.1),
    AdamW(),
)
RANGES = {
    "learning_rate": (1e-3, 0.9),
    "momentum": (0.01, 0.95),
    "weight_decay": (0.0, 0.4),
    "alpha": (0.1, 0.99),
    "epsilon": (1e-9, 1e-3),
    "beta1": (0.0, 0.95),
    "beta2": (0.5, 0.999),
    "seed": (0, 6),
    "noise": (0.0, 2.0),
}
SCHEDULES = (None, None, None, StepSchedule(4, 0.5), ExponentialSchedule(0.9), CosineSchedule(8))


@dataclass(frozen=True)
class Problem:
    """A sweep, and what is needed to do one of its runs by hand."""

    sweep: Sweep
    model: Twin
    loss: Twin


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    model, loss = draw(st.sampled_from(MODELS)), draw(st.sampled_from(LOSSES))
    optimizer = draw(st.sampled_from(OPTIMIZERS))
    number = st.floats(-1.5, 1.5)
    points = draw(st.sampled_from([1, 2, 4, 5, 8, 9, 17, 33, 100]))
    made = GeneratedData("noisy line", points, 0.5, 3) if draw(st.booleans()) else None
    x = draw(st.lists(st.floats(0.125, 2.0), min_size=points, max_size=points))
    y = draw(st.lists(number, min_size=points, max_size=points))
    experiment = Experiment(
        model=model.formula,
        parameters=tuple(Parameter(name, draw(number)) for name in model.names),
        data=Data(x, y),
        learning_rate=draw(st.floats(1e-3, 0.5)),
        loss=loss.formula,
        optimizer=optimizer,
        schedule=None if isinstance(optimizer, GradientDescent) else draw(st.sampled_from(SCHEDULES)),
        dtype=draw(st.sampled_from(["float32", "float64"])),
    )
    known = variable_names(experiment, has_generated_data=made is not None)
    names = draw(st.lists(st.sampled_from(known), min_size=1, max_size=2, unique=True))
    varied = tuple(_varied(draw, name) for name in names)
    epochs = draw(st.integers(1, 12))
    wanted = draw(st.none() | st.floats(0.01, 2.0))
    return Problem(Sweep(experiment, varied, epochs, wanted, made), model, loss)


def _varied(draw: st.DrawFn, name: str) -> Varied:
    first, last = RANGES.get(name, (-1.5, 1.5))
    if name == "seed":
        return Varied(name, first, last, 7)
    scale = draw(st.sampled_from(["linear", "log"])) if first > 0 else "linear"
    return Varied(name, first, last, draw(st.integers(2, 9)), scale)  # type: ignore[arg-type]


def by_hand(problem: Problem, values: tuple[float, ...]) -> list[tuple[float, ...]]:
    """Train one run as anybody would write it: loss, parameters and gradients of each epoch while they are finite."""
    sweep, experiment = problem.sweep, problem.sweep.experiment
    chosen = dict(zip((one.name for one in sweep.varied), values, strict=True))
    data = experiment.data
    if sweep.generated is not None:
        made = sweep.generated
        data = generate(made.kind, made.points, chosen.get("noise", made.noise), int(chosen.get("seed", made.seed)))
    dtype = getattr(torch, experiment.dtype)
    x, y = torch.tensor(data.x.tolist(), dtype=dtype), torch.tensor(data.y.tolist(), dtype=dtype)
    parameters = [
        torch.tensor(chosen.get(f"start.{one.name}", one.start), dtype=dtype, requires_grad=True)
        for one in experiment.parameters
    ]
    rate = chosen.get("learning_rate", experiment.learning_rate)
    optimizer = _torch_optimizer(experiment.optimizer, parameters, rate, chosen)
    scheduler = None if optimizer is None else _torch_scheduler(experiment.schedule, optimizer)
    rows: list[tuple[float, ...]] = []
    for _ in range(sweep.epochs):
        loss = problem.loss.by_hand(y, problem.model.by_hand(x, *parameters))
        torch.autograd.backward(loss)
        gradients = [math.nan if one.grad is None else one.grad.item() for one in parameters]
        if optimizer is None:
            with torch.no_grad():
                for one in parameters:
                    assert one.grad is not None
                    one.sub_(rate * one.grad)
                    one.grad.zero_()
        else:
            optimizer.step()
            optimizer.zero_grad()
        if scheduler is not None:
            scheduler.step()
        rows.append((loss.item(), *(one.item() for one in parameters), *gradients))
        if not all(map(math.isfinite, rows[-1])):
            break
    return rows


def _torch_scheduler(schedule: Schedule | None, optimizer: torch.optim.Optimizer) -> lr_scheduler.LRScheduler | None:
    match schedule:
        case StepSchedule(step_size, gamma):
            return lr_scheduler.StepLR(optimizer, step_size, gamma)
        case ExponentialSchedule(gamma):
            return lr_scheduler.ExponentialLR(optimizer, gamma)
        case CosineSchedule(epochs, lowest):
            return lr_scheduler.CosineAnnealingLR(optimizer, epochs, lowest)
    return None


def _torch_optimizer(
    rule: Optimizer, parameters: list[Tensor], rate: float, chosen: dict[str, float]
) -> torch.optim.Optimizer | None:
    def setting(name: str) -> float:
        return float(chosen.get(name, getattr(rule, name)))

    match rule:
        case SGD(nesterov=nesterov):
            return torch.optim.SGD(
                parameters, rate, setting("momentum"), weight_decay=setting("weight_decay"), nesterov=nesterov
            )
        case RMSprop():
            return torch.optim.RMSprop(
                parameters, rate, setting("alpha"), setting("epsilon"), setting("weight_decay"), setting("momentum")
            )
        case Adagrad():
            return torch.optim.Adagrad(parameters, rate, weight_decay=setting("weight_decay"), eps=setting("epsilon"))
        case Adam() | AdamW():
            kind = torch.optim.AdamW if isinstance(rule, AdamW) else torch.optim.Adam
            betas = (setting("beta1"), setting("beta2"))
            return kind(parameters, rate, betas, setting("epsilon"), setting("weight_decay"))
    return None


def trained(sweep: Sweep) -> SweepOutcomes:
    stack = Stacks(sweep)
    *_, last = stack.train()
    assert last <= stack.total
    return stack.outcomes()


def equal(one: float, other: float) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other))


@settings(max_examples=150, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_a_run_of_a_sweep_has_the_bits_that_it_has_alone(problem: Problem, random: Random) -> None:
    sweep = problem.sweep
    outcomes, cells = trained(sweep), sweep.cells
    assert len(cells) == sweep.runs == math.prod(one.count for one in sweep.varied)
    for run in random.sample(range(sweep.runs), min(16, sweep.runs)):
        rows = by_hand(problem, cells[run])
        losses = [row[0] for row in rows]
        names = problem.model.names
        assert outcomes.epochs[run] == len(rows)
        assert equal(outcomes.loss[run], losses[-1])
        for place in range(len(names)):
            assert equal(outcomes.parameters[run, place], rows[-1][1 + place])
        assert all(map(equal, outcomes.curves.losses[: len(rows), run], losses))
        known = [loss for loss in losses if loss < math.inf]
        assert outcomes.lowest_loss[run] == min(known, default=math.inf)
        assert outcomes.lowest_epoch[run] == (losses.index(min(known)) + 1 if known else 0)
        assert outcomes.diverged_epoch[run] == (0 if all(map(math.isfinite, rows[-1])) else len(rows))
        below = [epoch for epoch, loss in enumerate(losses, 1) if loss <= (sweep.wanted_loss or -1.0)]
        assert outcomes.reached_epoch[run] == (below[0] if below else 0)


@settings(max_examples=40, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_a_run_that_is_opened_is_the_run_of_the_sweep(problem: Problem, random: Random) -> None:
    sweep = problem.sweep
    outcomes = trained(sweep)
    run = random.randrange(sweep.runs)
    trainer, rows = Trainer(sweep.with_values(sweep.cells[run])), list[tuple[float, ...]]()
    trainer.train(rows, trainer.experiment.epochs)
    assert len(rows) == outcomes.epochs[run]
    assert equal(rows[-1][0], outcomes.loss[run])
    assert all(map(equal, trainer.values, outcomes.parameters[run]))


@pytest.mark.parametrize(("model", "part"), [("sigmoid(w*x)", "sigmoid"), ("w*x**4", ""), ("(w*x)**4", "**4")])
def test_what_torch_rounds_by_its_place_is_trained_alone(model: str, part: str) -> None:
    experiment = Experiment(model, (Parameter("w", 0.5),), DEFAULT_EXPERIMENT.data)
    assert inexact_part(Sweep(experiment, (Varied("learning_rate", 0.01, 0.1, 2),), 3)) == part


@pytest.mark.parametrize("most_stacks", [64, 3])
def test_more_runs_than_one_graph_takes_have_the_same_bits(monkeypatch: pytest.MonkeyPatch, most_stacks: int) -> None:
    sweep = Sweep(DEFAULT_EXPERIMENT, (Varied("learning_rate", 0.01, 0.3, 37), Varied("start.w", -3, 3, 5)), 30, 0.1)
    whole = trained(sweep)
    monkeypatch.setattr(stacks, "MOST_PREDICTIONS", 40)
    monkeypatch.setattr(stacks, "MOST_STACKS", most_stacks)
    parts = trained(sweep)
    for name in ("epochs", "loss", "parameters", "lowest_loss", "lowest_epoch", "diverged_epoch", "reached_epoch"):
        np.testing.assert_array_equal(getattr(parts, name), getattr(whole, name))
    np.testing.assert_array_equal(parts.curves.losses, whole.curves.losses)


@pytest.mark.parametrize("points", [1001, 20_001, 131_073])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_of_many_points_a_run_has_the_bits_that_it_has_alone(points: int, dtype: DType) -> None:
    random = np.random.default_rng(points)
    data = Data(random.uniform(-1, 2, points), random.uniform(-1, 2, points))
    parameters = tuple(Parameter(name, 0.25) for name in "vwb")
    experiment = Experiment("v*tanh(w*x + b)", parameters, data, optimizer=Adam(), dtype=dtype)
    sweep = Sweep(experiment, (Varied("learning_rate", 0.01, 0.5, 4),), 3)
    outcomes = trained(sweep)
    for run, values in enumerate(sweep.cells):
        rows = by_hand(Problem(sweep, MODELS[5], LOSSES[0]), values)
        assert outcomes.loss[run] == rows[-1][0]
        assert tuple(map(float, outcomes.parameters[run])) == rows[-1][1:4]


def test_of_many_losses_every_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = Sweep(DEFAULT_EXPERIMENT, (Varied("learning_rate", 0.01, 0.3, 10),), 50)
    whole = trained(sweep)
    monkeypatch.setattr(stacks, "MOST_LOSSES", 100)
    fewer = trained(sweep)
    assert fewer.curves.epochs.tolist() == [*range(1, 50, 5), 50]
    np.testing.assert_array_equal(fewer.curves.losses, whole.curves.losses[fewer.curves.epochs - 1])


@pytest.mark.parametrize("model", ["w*x", "sigmoid(w*x)"])
def test_what_is_there_when_it_is_cancelled_stays(model: str) -> None:
    experiment = Experiment(model, (Parameter("w", 0.5),), DEFAULT_EXPERIMENT.data)
    sweep = Sweep(experiment, (Varied("learning_rate", 0.01, 0.05, 4),), 10)
    whole, stack = trained(sweep), Stacks(sweep)
    assert stack.outcomes().trained == 0
    steps = stack.train()
    done = [next(steps) for _ in range(7 if model == "w*x" else 25)][-1]
    outcomes = stack.outcomes()
    expected = [done] * 4 if model == "w*x" else [10, 10, 5, 0]
    assert outcomes.epochs.tolist() == expected
    for run, epochs in enumerate(expected):
        np.testing.assert_array_equal(outcomes.curves.losses[:epochs, run], whole.curves.losses[:epochs, run])
        assert np.isnan(outcomes.curves.losses[epochs:, run]).all()


# --- What is known of them


def border(outcomes: SweepOutcomes) -> tuple[float, float]:
    """Give the last rate before the first run that ended higher than it began, and that run's."""
    rates = [values[0] for values in outcomes.sweep.cells]
    first = int(outcomes.rose.argmax())
    return rates[first - 1], rates[first]


def test_the_border_of_the_lesson_is_at_2_through_the_curvature() -> None:
    """The loss is mean(x²) (w - 2)², whose second derivative is 2 mean(x²) = 15."""
    sweep = Sweep(DEFAULT_EXPERIMENT, (Varied("learning_rate", 0.01, 0.2, 1001),), 100)
    last, first = border(trained(sweep))
    assert last <= 2 / 15 <= first
    assert first - last == pytest.approx(0.19 / 1000)


@pytest.mark.parametrize("momentum", [0.0, 0.3, 0.6, 0.9])
def test_with_momentum_it_is_at_2_times_1_plus_momentum_through_the_curvature(momentum: float) -> None:
    """Goh, Why Momentum Really Works, Distill 2017."""
    experiment = Experiment("w*x", (Parameter("w", 0.0),), DEFAULT_EXPERIMENT.data, optimizer=SGD(), dtype="float64")
    varied = (Varied("momentum", momentum, momentum, 1), Varied("learning_rate", 0.05, 0.3, 2501))
    outcomes = trained(Sweep(experiment, varied, 4000))
    rates = [values[1] for values in outcomes.sweep.cells]
    first = int(outcomes.rose.argmax())
    assert rates[first - 1] <= 2 * (1 + momentum) / 15 <= rates[first]


def test_the_fastest_rate_of_a_quadratic_is_2_through_the_sum_of_its_curvatures() -> None:
    """Both directions then shrink by the same factor, (λ₂ - λ₁) / (λ₂ + λ₁); with any other rate one shrinks less."""
    data = Data((0.0, 1.0, 2.0, 4.0), (1.0, 3.0, 2.0, 5.0))
    x, y = (torch.tensor(values.tolist(), dtype=torch.float64) for values in (data.x, data.y))
    design = torch.stack([x, torch.ones(4, dtype=torch.float64)], 1)
    best = torch.linalg.lstsq(design, y[:, None]).solution[:, 0]
    curvatures, directions = torch.linalg.eigh(2 * design.T @ design / 4)
    low, high = curvatures.tolist()
    start = best + directions.sum(1)  # as far from the best in both directions
    parameters = tuple(Parameter(name, value) for name, value in zip("wb", start.tolist(), strict=True))
    experiment = Experiment("w*x + b", parameters, data, optimizer=SGD(), dtype="float64")
    outcomes = trained(Sweep(experiment, (Varied("learning_rate", 0.05, 1.9 / high, 401),), 100))
    distances = np.abs((outcomes.parameters - best.numpy()) @ directions.numpy()).max(1)
    fastest = outcomes.sweep.cells[int(distances.argmin())][0]
    assert abs(fastest - 2 / (low + high)) <= (1.9 / high - 0.05) / 400
