"""Pictures of sweeps: a map of learning rate and momentum, and the loss over the learning rate."""

from msgspec.structs import replace

from docs.photographer import PICTURES, Photographer
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.optimizers import SGD
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.sweep.sweep import Sweep
from gradgui.experiment.sweep.varied import Varied
from gradgui.ui.sweeps.sweep_window import SweepWindow

MOMENTUM = replace(DEFAULT_EXPERIMENT, optimizer=SGD())
SWEEPS = {
    "map": Sweep(MOMENTUM, (Varied("momentum", 0.0, 0.95, 96), Varied("learning_rate", 0.005, 0.3, 128)), 60),
    "curve": Sweep(DEFAULT_EXPERIMENT, (Varied("learning_rate", 0.001, 1.0, 64, "log"),), 20),
}


def take_sweeps(photographer: Photographer, suffix: str) -> None:
    """Take the window of sweeps with each."""
    window = photographer.window
    for name, sweep in SWEEPS.items():
        window.run.open(RunSpec(sweep.experiment))
        photographer.press("sweep")
        shown = window.findChild(SweepWindow)
        if shown is None:
            raise LookupError(SweepWindow.__name__)
        shown.form.show_sweep(sweep)
        shown.begin_wanted.emit(sweep)
        photographer.wait_until(
            lambda shown=shown, sweep=sweep: (known := shown.views.outcomes) is not None and known.sweep == sweep  # type: ignore[misc]
        )
        photographer.settle()
        shown.grab().save(str(PICTURES / f"sweep-{name}-{suffix}.png"))
    shown.close()
