"""Every figure that the course tells, lesson by lesson, computed with plain PyTorch."""

from collections.abc import Callable

from tests.lessons import figures_of_models, figures_of_one_parameter
from tests.lessons.figures import Figures

FIGURES: dict[str, Callable[[], Figures]] = {
    "01-one-epoch": figures_of_one_parameter.one_epoch,
    "02-what-backward-does": figures_of_one_parameter.second_backward,
    "03-the-gradient-by-hand": figures_of_one_parameter.by_hand,
    "04-zero-grad": figures_of_one_parameter.zero_grad,
    "05-no-grad-and-leaves": figures_of_one_parameter.no_grad,
    "06-the-learning-rate": figures_of_one_parameter.rate,
    "07-more-epochs-or-a-larger-rate": figures_of_one_parameter.epochs_or_rate,
    "08-my-own-data": figures_of_models.own_data,
    "09-outliers-and-losses": figures_of_models.outliers,
    "10-momentum-and-the-valley": figures_of_models.valley,
    "11-float32": figures_of_models.float32,
    "12-a-neuron": figures_of_models.one_neuron,
    "13-find-the-bug": figures_of_one_parameter.bugs,
    "14-reading-a-loss-curve": figures_of_one_parameter.curves,
}
"""What computes a lesson's figures, by the name of its file."""
