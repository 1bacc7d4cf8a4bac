"""What is said of controls that have no tooltip, and which section of the guide is about what is no panel."""

SECTIONS = {
    "go_back_dialog": "every-run-is-kept",
    "import_dialog": "data-of-your-own",
    "first_difference_dialog": "every-run-is-kept",
    "room_dialog": "every-run-is-kept",
    "keys_dialog": "help-in-the-window",
    "help_window": "help-in-the-window",
    "training_toolbar": "the-lesson",
}
"""The guide's section for what is no panel, by ``objectName``."""
ACTION_SECTIONS = {
    **dict.fromkeys(("run", "step_epoch", "slower", "faster", "reset", "begin_again"), "the-lesson"),
    **dict.fromkeys(("step_phase", "step_back_phase"), "inside-one-epoch"),
    **dict.fromkeys(("step_back", "back"), "back-in-time"),
    **dict.fromkeys(("go_back", "kept_runs"), "every-run-is-kept"),
    **dict.fromkeys(
        ("new_experiment", "open_experiment", "save_experiment", "save_experiment_as"), "experiments-as-files"
    ),
    **dict.fromkeys(("export_csv", "export_script", "export_notebook"), "taking-it-away-with-you"),
    "sweep": "hundreds-of-runs",
    **dict.fromkeys(("undo", "redo", "import_data", "export_data"), "data-of-your-own"),
    **dict.fromkeys(("show_all", "log_axis"), "loss-over-epochs"),
    **dict.fromkeys(("keys", "guide", "glossary", "whats_this"), "help-in-the-window"),
    "copy_rows": "the-log",
}
"""The guide's section for an action, by ``objectName``."""

_OVER_EPOCHS = (
    "The wheel zooms, the mouse moves what is shown, Ctrl+0 shows all epochs again. Hold the mouse over a curve"
    " for the exact"
    " values of an epoch."
)
_RUNS = "For the runs that are selected in the list."

TEXTS = {
    "loss_plot": f"Loss over epochs\nThe loss of each epoch, before its update. {_OVER_EPOCHS}",
    "parameter_plot": f"Parameters over epochs\nEach parameter after the epoch's update. {_OVER_EPOCHS}",
    **{
        f"buffer_plot_{place}": f"What the optimizer keeps\nA number for each parameter, from epoch to epoch."
        f" {_OVER_EPOCHS}"
        for place in (1, 2, 3)
    },
    "difference_plot": f"Difference of losses\nThe first run's loss less the second's, epoch by epoch."
    f" {_OVER_EPOCHS}",
    "graph_canvas": "Autograd graph\nEach box is an operation, or a leaf, with its value and gradient. Arrow"
    " keys go from box to"
    " box, + and − zoom, F shows all.",
    "graph_details": "Details of a node\nWhat the operation computed, what it saved for the backward pass, and"
    " the rule by which"
    " gradients go through it.",
    "log_table": "Training log\nA row for each epoch: loss and gradients before the update, parameters after"
    " it. Ctrl+Shift+C"
    " copies the selected rows.",
    "runs_table": "Runs\nEvery run that was trained, branches below the run that they left. A tick compares it"
    " with the present"
    " run, Enter opens it, F2 names it, Delete removes it.",
    "runs_menu": f"Actions\n{_RUNS} Open, run on, name, delete, export.",
    "compare_legend": "Compared runs\nThe colour and dash of each, and what differs. Taking a tick away ends"
    " its comparison.",
    "compare_loss": "Loss at which the runs are aligned\nEach run is moved so that it first had this loss at"
    " the same place.",
    "compare_first": "Difference\nThe run whose loss is taken.",
    "compare_second": "less\nThe run whose loss is subtracted from it.",
    "cancel_export": "Cancel export\nStops writing the file; nothing of it is left.",
    "runs_open": f"Open\n{_RUNS} At its last epoch, with all of its log.",
    "runs_resume": f"Resume\n{_RUNS} Opens it, and trains on.",
    "runs_window": f"Open in a new window\n{_RUNS}",
    "runs_compare": f"Compare\n{_RUNS} Draws them beside the present one.",
    "runs_clear": "Compare nothing\nTakes every tick away.",
    "runs_difference": "Where two part\nFinds the first epoch and phase in which two runs differ, to the last bit.",
    "runs_rename": f"Rename\n{_RUNS}",
    "runs_annotate": f"Write a note\n{_RUNS}",
    "runs_star": f"Star\n{_RUNS} A run with a star is not removed to save room.",
    "runs_delete": f"Delete\n{_RUNS} Ctrl+Z brings them back.",
    "runs_csv": f"Export logs\n{_RUNS} As one CSV file.",
    "runs_script": f"Export as a Python script\n{_RUNS} It trains all of them.",
    "runs_json": f"Export final parameters\n{_RUNS} As JSON.",
    "runs_room": "Room on the disk\nBounds what all runs take.",
    "lesson_list": "Lessons\n✓ is finished, 2/5 is where you are in it, ○ is not begun. Enter opens the one that is"
    " chosen.",
    "lesson_text": "Text of the lesson\nWhat this step is about, and what there is to do. Words that are underlined"
    " open the glossary.",
    **{
        f"option_{place}": "Answer\nOne of those that the step offers. The arrow keys go from one to the next,"
        " Predict takes it."
        for place in range(10)
    },
    "prediction_number": "Your prediction\nA number, also as a fraction as 2/15. It is taken as it is, and"
    " afterwards stands beside what came out.",
    "hunt_line": "Line\nThe line of the loop that you think is not as it is meant; a click on its number chooses it"
    " too.",
    "hunt_saying": "What is wrong\nWhat you think is wrong with that line.",
    "sweep_curves": "Losses of the sweep\nThe loss of every run over the epochs; of more than 64 runs how many go"
    " where. The best run, the worst finite one and the chosen one are lines.",
}
"""By ``objectName``; the first line is a heading."""
