"""The figures of the lessons on other data, losses, models and numbers, computed with plain PyTorch."""

import json
import math

import numpy as np
import torch

from gradgui.resources import resource_path
from tests.lessons.figures import DIGITS, RIGHT, Figures, told
from tests.lessons.plain_torch import (
    X,
    adam,
    first_below,
    huber,
    line,
    mae,
    momentum,
    neuron,
    still_from,
    train,
)


def _example(name: str) -> tuple[list[float], list[float]]:
    data = json.loads((resource_path("lessons") / name).read_text())["experiment"]["data"]
    return data["x"], data["y"]


def own_data() -> Figures:
    moved = train(20, points=(X, (2.0, 4.0, 6.0, 12.0)))
    off = X, (3.0, 5.0, 7.0, 9.0)
    low = train(100, points=off)
    assert all(y == 2 * x + 1 for x, y in zip(*off, strict=True))
    grown = train(100, 0.01, (0.0, 1.0), points=off, model=line)  # where a new parameter begins
    assert max(row.parameters[1] for row in grown[:99]) > grown[-1].parameters[1] > 1.0
    both = {rate: train(200, rate, (0.0, 0.0), points=off, model=line) for rate in (0.01, 0.05, 0.1)}
    needed = {rate: first_below(both[rate], 0.001) for rate in (0.05, 0.1)}
    assert both[0.01][-1].loss > 0.001
    return {
        12.0, *told(moved[-1], RIGHT[19], low[-1], grown[-1]), both[0.01][-1].loss, *both.keys(),
        *map(float, needed.values()), 0.001, 200.0, float(first_below(RIGHT, 0.01)), 4.0, 6.0, 2.0, 1.0, 0.0, 100.0,
    }  # fmt: skip


def outliers() -> Figures:
    points = (1.0, 2.0, 3.0, 4.0, 5.0), (2.0, 4.0, 6.0, 8.0, 0.0)
    fits = {loss.__name__: train(200, 0.02, points=points, loss=loss) for loss in (huber, mae)}
    squared = train(100, 0.02, points=points)
    rest = squared[-1].parameters[0]
    shares = [2 * x * (rest * x - y) / 5 for x, y in zip(*points, strict=True)]
    assert abs(sum(shares)) < 1e-4
    distances = [abs(y - rest * x) for x, y in zip(*points, strict=True)]
    assert max(distances) == distances[-1]
    alone = train(1, 0.02, (2.0,), points=points)[0]
    steps = [row.parameters[0] for row in fits["mae"][80:]]
    assert max(steps) - min(steps) > 0.01
    absolute = train(1, 0.02, (1.0,), points=points, loss=mae)[0].gradients[0]
    return {
        rest, shares[-1], sum(shares[:-1]), *alone.gradients, alone.parameters[0], 0.8 * 2, absolute, -sum(X),
        -sum(X) / 5, 5 / 5,
        10.0, 2.0, fits["mae"][119].parameters[0], fits["huber"][-1].parameters[0], 0.02, 5.0, 1.1, 100.0, 1.0, 0.0,
        2 * 5.0,
    }  # fmt: skip


def valley() -> Figures:
    ball = train(20, optimizer=momentum(0.9, 0.01))
    assert max(ball, key=lambda row: row.parameters[0]) is ball[6]
    needed = {share: first_below(train(200, optimizer=momentum(share, 0.01)), 0.01) for share in (0.4, 0.5, 0.6, 0.9)}
    assert max(needed[share] for share in (0.4, 0.5, 0.6)) <= 15 < needed[0.9]
    points = _example("12-a-narrow-valley.gradgui")
    plain = train(1000, 0.005, (0.0, 0.0), points=points, model=line)
    rolled = {
        share: train(1000, 0.005, (0.0, 0.0), points=points, model=line, optimizer=momentum(share, 0.005))
        for share in (0.9, 0.95, 0.96)
    }
    assert all(row[-1].loss < 0.02 for row in rolled.values())
    assert plain[-1].loss > 0.02
    matrix = 2 * np.array([[np.mean(np.square(points[0])), np.mean(points[0])], [np.mean(points[0]), 1.0]])
    best = np.polyfit(*points, 1)
    lowest = float(np.mean((np.polyval(best, points[0]) - points[1]) ** 2))
    assert 0.25 < plain[-1].parameters[1] / best[1] < 0.26
    second = 0.9 * -30 - 25.5
    assert abs(0.3 - 0.01 * second - ball[1].parameters[0]) < 1e-6
    return {
        *told(ball[0], RIGHT[1]), ball[1].parameters[0], second, 0.01 * -second, ball[6].parameters[0], 7.0,
        10.0, 0.9,
        *map(float, needed.values()), float(first_below(RIGHT, 0.01)), *needed.keys(), 0.01, 15.0, *map(float,
        best),
        min(points[0]), max(points[0]), *plain[0].parameters, *plain[0].gradients, 0.005, plain[-1].parameters[1],
        plain[-1].loss, lowest, 2 / float(np.linalg.eigvalsh(matrix)[-1]), 1000.0, 0.02, *rolled.keys(),
        float(first_below(rolled[0.95], 0.02)), 0.0, 2.0, 1.0,
    }  # fmt: skip


def float32() -> Figures:
    short, long = train(300), train(300, dtype=torch.float64)
    end = short[-1].parameters[0]
    gap = float(np.spacing(np.float32(end)))
    step = 0.01 * -short[-1].gradients[0]
    assert step < gap / 2
    assert abs(end - 2) > 1e-7
    assert abs(long[-1].parameters[0] - 2) <= 1e-7
    assert still_from(short) < 290
    assert still_from(long) < 290
    assert abs(step - 5.2e-8) < 1e-9
    return {
        end, short[-1].gradients[0], step, gap, float(still_from(short)), float(still_from(long)),
        long[-1].parameters[0],
        300.0, 10.0, 1e-7, 1e-9, 2.0, 0.0, 0.01, *DIGITS,
    }  # fmt: skip


def one_neuron() -> Figures:
    points = _example("14-adam-on-a-neuron.gradgui")
    start = (1.0, 0.5, 0.0, 0.0)
    straight = train(500, 0.05, (0.0, 0.0), points=points, model=line)
    bent = train(500, 0.05, start, points=points, model=neuron)
    stuck = train(500, 0.05, (0.0,) * 4, points=points, model=neuron)
    assert stuck[-1].parameters[:3] == (0.0, 0.0, 0.0)
    assert abs(stuck[-1].parameters[3] - np.mean(points[1])) < 1e-5
    both = [train(500, 0.05, (sign, 0.5 * sign, 0.0, 0.0), points=points, model=neuron) for sign in (1, -1)]
    fast = train(500, 0.05, start, points=points, model=neuron, optimizer=adam(0.05))
    assert both[0][-1].loss == both[1][-1].loss
    assert [-one for one in both[0][-1].parameters[:3]] == [*both[1][-1].parameters[:3]]
    larger = train(500, 0.2, start, points=points, model=neuron)
    assert first_below(bent, 0.01) > 30
    assert abs(math.tanh(10.0) - 1) < 1e-7
    return {
        straight[-1].loss, bent[-1].loss, bent[-1].parameters[0], bent[-1].parameters[3],
        stuck[-1].parameters[3], 0.0,
        both[0][-1].parameters[0], both[1][-1].parameters[0], both[0][-1].loss, 500.0, -1.0, 1.0, -0.5, 10.0,
        7.0, 0.05,
        float(first_below(bent, 0.01)), float(first_below(fast, 0.01)), float(first_below(larger, 0.01)),
        0.2, 0.01, 30.0,
    }  # fmt: skip
