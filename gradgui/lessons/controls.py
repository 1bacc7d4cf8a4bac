"""What of the window a lesson can light, hide or lock, by the names that a teacher writes."""

from types import MappingProxyType

PANELS = MappingProxyType(
    {
        "experiment": "experiment_panel",
        "data": "data_panel",
        "loss plot": "loss_panel",
        "fit plot": "fit_panel",
        "parameter plots": "parameter_panel",
        "landscape": "landscape_panel",
        "inside this epoch": "inside_panel",
        "graph": "graph_panel",
        "gradient three ways": "gradient_panel",
        "optimizer plots": "buffer_panel",
        "compare": "compare_panel",
        "log": "log_panel",
        "runs": "runs_panel",
    }
)
"""``objectName`` of each panel."""

ACTIONS = MappingProxyType(
    {
        "run": "run",
        "step epoch": "step_epoch",
        "step phase": "step_phase",
        "step back": "back",
        "reset": "reset",
    }
)
"""``objectName`` of the actions that have a button in the toolbar."""

FIELDS = MappingProxyType(
    {
        "model": ("model_formula", ("model",)),
        "parameters": ("start_values", ("parameters", "parameter")),
        "loss": ("loss_name", ("loss",)),
        "optimizer": ("optimizer", ("optimizer", "schedule")),
        "learning rate": ("learning_rate", ("learning_rate",)),
        "epochs": ("epochs", ("epochs",)),
        "numbers": ("dtype", ("dtype",)),
        "points": ("data_table", ("data",)),
        "switches": ("break_switches", ("loop",)),
        "speed": ("speed", ()),
        "forecast": ("forecast", ()),
    }
)
"""``objectName`` of each control, and the fields of an experiment that it changes."""

SWITCHES = MappingProxyType(
    {
        "zero_grad switch": "break_zero_grad",
        "no_grad switch": "break_no_grad",
        "in_place switch": "break_in_place",
        "backward switch": "break_backward_once",
    }
)
"""``objectName`` of each switch that breaks the loop."""

PHASE_LINES = MappingProxyType(
    {f"{phase} line": phase for phase in ("forward", "loss", "backward", "update", "zero_grad")}
)
"""The phase of each line of the loop."""

LIGHTS = frozenset({*PANELS, *ACTIONS, *FIELDS, *SWITCHES, *PHASE_LINES})
HIDDEN = frozenset({*ACTIONS, *FIELDS, *SWITCHES})
LOCKED = frozenset(name for name, (_, fields) in FIELDS.items() if fields)
