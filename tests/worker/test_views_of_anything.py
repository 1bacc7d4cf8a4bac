"""Whatever is trained, everything there is to see of it can be worked out, without a word on the way."""

import warnings
from random import Random

import pytest

from gradgui.engine.warm_up import warm_up
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import Experiment, Parameter
from gradgui.experiment.formula import parse_formula
from gradgui.experiment.optimizers import SGD, Adam, GradientDescent, RMSprop
from gradgui.experiment.run_spec import RunSpec
from gradgui.worker import commands
from gradgui.worker.session import Session

MODELS = (
    "w * x",
    "w*x + b",
    "a*x**2 + b*x + c",
    "a*exp(-k*x)",
    "w/x",
    "log(w*x)",
    "w*x**50",
    "1e300*w*x",
    "sqrt(w)*x",
    "w**x",
    "x**w/b",
    "exp(exp(w*x))",
    "relu(w*x + b)*c",
    "1/(w - 1)*x",
)
LOSSES = ("(y - y_pred)**2", "abs(y - y_pred)", "exp(y_pred**2)", "y_pred*1e300", "y - y_pred", "(y - y_pred)**4")
EXTREMES = (0.0, 1.0, -2.0, 1e-300, 5e-324, 1e-160, 1e39, 1e153, 1e154, 1e160, -1e160, 1e299, -1e300, 1e308, -1.7e308)
SETTINGS = (1e-320, 1e-300, 0.01, 1.0, 1e39, 1e300, 1e308)
RULES = (GradientDescent(), SGD(), SGD(momentum=0.9), Adam(), RMSprop())
PER_SEED = 50


def draw(random: Random) -> Experiment:
    """Draw an experiment, most of it far from 1."""

    def number() -> float:
        return random.choice(EXTREMES) if random.random() < 0.6 else round(random.uniform(-4, 4), 2)

    model, count = random.choice(MODELS), random.randint(1, 4)
    return Experiment(
        model=model,
        parameters=tuple(Parameter(name, number()) for name in parse_formula(model).parameters),
        data=Data(tuple(number() for _ in range(count)), tuple(number() for _ in range(count))),
        learning_rate=random.choice(SETTINGS),
        loss=random.choice(LOSSES),
        optimizer=random.choice(RULES),
        dtype=random.choice(["float32", "float64"]),
        probe=number(),
    )


@pytest.mark.parametrize("seed", range(4))
def test_every_view_of_an_experiment_far_from_1(seed: int) -> None:
    random = Random(seed)
    for place in range(PER_SEED):
        experiment = draw(random)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                look_at_all_of(experiment)
        except Exception as error:
            raise AssertionError(f"seed {seed}, experiment {place}: {experiment}") from error


def look_at_all_of(experiment: Experiment) -> None:
    """Work out all that there is to be seen at the start and after each of some steps."""
    warm_up(experiment)
    session = Session(RunSpec(experiment))
    names = experiment.parameter_names
    for command in (commands.GoTo(0), commands.StepPhase(), commands.StepEpoch(), commands.StepEpoch()):
        session.do(command)
        session.fit()
        session.forecast(0.5)
        session.gradient_checks(session.trace())
        session.landscape(names[0])
        if len(names) > 1:
            session.landscape(*names[:2])
