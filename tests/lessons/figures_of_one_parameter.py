"""The figures of the lessons on y = w·x, computed with plain PyTorch."""

import itertools
import math

import numpy as np
import torch

from tests.lessons.figures import CURVATURE, DIGITS, PHASES, RIGHT, SCALE, Figures, share_left, told
from tests.lessons.plain_torch import (
    X,
    Y,
    backward,
    first_below,
    gradient,
    train,
)


def one_epoch() -> Figures:
    squares = [y**2 for y in Y]
    left = share_left(RIGHT)
    assert sum(squares) / len(squares) == RIGHT[0].loss
    assert RIGHT[19].parameters[0] < 2
    prediction = RIGHT[19].parameters[0] * 5
    return {
        *told(RIGHT[0], RIGHT[1], RIGHT[19]), *squares, float(len(squares)), float(len(PHASES)), 2.0 * 5, 0.0,
        prediction,
        3.0,  # epochs to try the way back with
        2 * RIGHT[0].parameters[0],  # were the second step as long as the first
        round((1 - left) * 100, 3),
    }  # fmt: skip


def second_backward() -> Figures:
    w = torch.tensor(0.0, requires_grad=True)
    x, y = torch.tensor(X), torch.tensor(Y)
    assert w.grad is None
    loss = ((y - w * x) ** 2).mean()
    backward(loss)
    try:
        backward(loss)
    except RuntimeError as error:
        assert "second time" in str(error)  # noqa: PT017
    else:
        raise AssertionError("a second backward() must fail")
    assert w.is_leaf
    assert x.is_leaf
    assert x.grad is None
    assert not loss.is_leaf
    slope = gradient(w).item()
    return {slope, 2 * slope, 0.0, 2.0, 1.0}


def by_hand() -> Figures:
    w = {start: train(1, start=(start,))[0].gradients[0] for start in (0.0, 3.0, 1.7, 2.0)}
    assert w[3.0] == CURVATURE
    products = [x * y for x, y in zip(X, Y, strict=True)]
    squares = [x**2 for x in X]
    assert -2 * float(np.mean(products)) == w[0.0]

    def loss(at: float) -> float:
        return float(np.mean([(y - at * x) ** 2 for x, y in zip(X, Y, strict=True)]))

    right, left, step = loss(0.1), loss(-0.1), 0.1
    slope = (right - left) / (2 * step)
    assert abs(slope - w[0.0]) < 0.001
    for start, slope_there in w.items():
        assert abs(slope_there - CURVATURE * (start - 2)) <= 1e-6
    by_hand = CURVATURE * (float(np.float32(1.7)) - 2)
    assert by_hand != w[1.7]
    assert f"{by_hand:.5f}" == f"{w[1.7]:.5f}" == "-4.50000"
    return {
        *w.values(), *products, sum(products), float(np.mean(products)), *squares, sum(squares),
        float(np.mean(squares)),
        right, left, step, round(right - left, 9), round(2 * step, 9), slope, -2.0, 2.0, 4.0, 1.0,
        1e-6, 0.001,  # how near the answers above come
        6.0,  # digits in which the three ways agree
        *DIGITS,
    }  # fmt: skip


def zero_grad() -> Figures:
    wrong = train(20, zero_grad=False)
    assert wrong[7].parameters[0] > 4
    assert max(row.loss for row in wrong) < SCALE
    assert abs(wrong[3].loss - 1) < 0.5
    assert abs(wrong[8].loss - 30) < 0.5
    # Mended after 8 epochs: the old sum is there once more.
    w, left_over = wrong[7].parameters[0], wrong[7].gradients[0]
    path = []
    for _ in range(32):
        w, left_over = w - 0.01 * (left_over + CURVATURE * (w - 2)), 0.0
        path.append(w)
    assert 12 < next(epoch for epoch, value in enumerate(path, 1) if abs(value - 2) <= 0.1) <= 32
    second = RIGHT[1].gradients[0]
    return {
        *told(RIGHT[0], *wrong[:2], wrong[3], wrong[7]), second, CURVATURE, 0.3 - 2, -(0.3 - 2), SCALE, 2.0, 0.0,
        8.0, 4.0, 9.0, 1.0, 30.0,  # epochs, and the losses there, as asserted above
        round((1 - share_left(RIGHT)) * 100, 3), 0.1,
    }  # fmt: skip


def no_grad() -> Figures:
    w = torch.tensor(0.0, requires_grad=True)
    loss = ((torch.tensor(Y) - w * torch.tensor(X)) ** 2).mean()
    backward(loss)
    try:
        w -= 0.01 * gradient(w)
    except RuntimeError as error:
        assert "a leaf Variable that requires grad is being used in an in-place operation" in str(error)  # noqa: PT017
    else:
        raise AssertionError("the update must fail")
    other = w - 0.01 * gradient(w)
    assert other.item() == RIGHT[0].parameters[0]
    assert not other.is_leaf
    assert (w - 0.3).is_leaf is False
    backward(((torch.tensor(Y) - other * torch.tensor(X)) ** 2).mean())
    return {other.item(), 0.0, 2.0, 3.0}  # 3 epochs after mending


def rate() -> Figures:
    tenth = train(3, 0.1)
    largest, best = 2 / CURVATURE, 1 / CURVATURE
    for rate in (0.12, 0.13):
        signs = [math.copysign(1, row.gradients[0]) for row in train(6, rate)]
        assert all(a == -b for a, b in itertools.pairwise(signs))
    for rate in (0.1334, 0.14, 0.2):
        losses = [row.loss for row in train(6, rate)]
        assert losses == sorted(losses)
        assert len({*losses}) == 6
    ends = {rate: len(train(2000, rate)) for rate in (0.2, 1.0, 10.0)}
    assert ends[10.0] <= 10
    assert train(2, 0.0667)[1].loss < 0.001
    assert train(2, 0.01)[1].loss > 0.001
    return {
        *told(tenth[0]), tenth[1].loss, 0.1, share_left(tenth), largest, best, CURVATURE, 2.0, 1.0, 0.0, -1.0,
        *ends.keys(), *map(float, ends.values()), float(np.finfo(np.float32).max), 0.12, 0.13, 0.14,
        share_left(train(2, 0.12)), 4.0, 5.0, 6.0, 10.0, 0.001, 0.0005,
    }  # fmt: skip


def epochs_or_rate() -> Figures:
    needed = {rate: first_below(train(200, rate), 0.01) for rate in (0.01, 0.02, 0.03, 0.12)}
    assert needed[0.01] > 15 >= needed[0.02]
    assert needed[0.12] > needed[0.02]
    left = share_left(RIGHT)
    larger = needed[0.01] / 12
    return {
        *told(RIGHT[0], RIGHT[19]), RIGHT[19].parameters[0] * 5, 10.0, left, left**2, *needed.keys(),
        *map(float, needed.values()), float(needed[0.01] - 20), 0.01, 15.0, 120.0, float(math.floor(larger)),
        float(math.ceil(larger)), 2 / CURVATURE, share_left(train(2, 0.12)) ** 2, SCALE, 0.0,
        100.0,  # times the rate: an answer that is wrong, as 1 is above the largest rate
        20.0, 2.0,
    }  # fmt: skip


def bugs() -> Figures:
    begun = train(2, start=(5.0,))
    wrong = train(2, zero_grad=False)
    x, y = torch.tensor(X), torch.tensor(Y)
    w = torch.tensor(0.0, requires_grad=True)
    backward(((y - w * y) ** 2).mean())  # y where x is meant
    added, compared = (y**2).sum().item(), (x**2).mean().item()  # no mean; x where y is meant
    assert added == RIGHT[0].loss * len(X)
    return {
        gradient(w).item(), added, compared,
        *told(RIGHT[0], RIGHT[1], *begun), wrong[1].gradients[0], 7.5, CURVATURE, 3.0, 9.0, 2.0, 1.0, 0.01, 5.0
    }  # fmt: skip


def curves() -> Figures:
    runs = {rate: train(20, rate) for rate in (0.001, 0.05, 0.13, 0.14)}
    grown = [b.loss / a.loss for a, b in itertools.pairwise(runs[0.14])]
    assert max(grown) - min(grown) < 1e-4
    assert max(row.loss for row in runs[0.14]) < 1200
    assert runs[0.05][1].loss < 2
    assert runs[0.13][0].loss < SCALE
    return {
        30.0, SCALE, 20.0, 1200.0, 0.0, CURVATURE, *runs.keys(), *(row[-1].loss for row in runs.values()),
        runs[0.05][1].loss, 0.05 * CURVATURE, -share_left(runs[0.13]), grown[0], 2 / CURVATURE,
        share_left(RIGHT) ** 2,
    }  # fmt: skip
