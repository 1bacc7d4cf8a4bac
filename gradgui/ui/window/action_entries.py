"""All actions, in words: names, keys, icons and what they do."""

from msgspec import Struct


class Entry(Struct, frozen=True):
    """What a person sees of an action.

    Attributes
    ----------
    name
        Its ``objectName``.
    text
        As in a menu.
    icon
        Name of its icon.
    shortcuts
        Its keys, the first of which is shown.
    tooltip
        What it does, in a sentence.
    """

    name: str
    text: str
    icon: str
    shortcuts: tuple[str, ...]
    tooltip: str


ENTRIES = (
    Entry("run", "&Run", "run", ("F5",), "Train on to the last epoch; Space does it as well."),
    Entry(
        "step_epoch",
        "Step &epoch",
        "step_epoch",
        ("F10",),
        "Train one epoch: forward, loss, backward, update, zero_grad.",
    ),
    Entry(
        "step_phase",
        "Step &phase",
        "step_phase",
        ("F11",),
        "Run the next one of the epoch's five phases.",
    ),
    Entry(
        "step_back",
        "Step &back an epoch",
        "step_back",
        ("Shift+F10",),
        "Back to the beginning of this epoch, or of the one before; everything is as it was then.",
    ),
    Entry(
        "step_back_phase",
        "Step back a p&hase",
        "step_back",
        ("Shift+F11",),
        "Back by one phase; everything is as it was then.",
    ),
    Entry(
        "back",
        "Step back",
        "step_back",
        ("F9",),
        "Take back what was stepped last, a phase or an epoch.",
    ),
    Entry(
        "reset",
        "Re&set",
        "reset",
        ("Ctrl+R",),
        "Back to epoch 0, with everything as the fields show it; the log is emptied. Undo brings it back.",
    ),
    Entry(
        "begin_again",
        "Begin &again as first opened",
        "reset",
        (),
        "Back to epoch 0 of the experiment as it was opened, whatever was changed since. Undo brings it back.",
    ),
    Entry(
        "go_back",
        "&Go back to the last time that …",
        "step_back",
        ("Ctrl+G",),
        "Go to where the loss rose, a gradient changed sign, a parameter crossed a value, or a number became nan.",
    ),
    Entry(
        "kept_runs", "All r&uns", "table", ("Ctrl+Shift+R",), "Look through all runs that were trained, and open one."
    ),
    Entry(
        "sweep",
        "S&weep…",
        "fit",
        ("Ctrl+Shift+W",),
        "Train up to 65 536 runs that differ in one thing or in two, as one graph, and see which is best.",
    ),
    Entry(
        "find_bug",
        "Fi&nd the bug…",
        "help",
        (),
        "Hide a bug in the loop and begin at epoch 0: only its numbers are seen until you name it. Undo leads back.",
    ),
    Entry("new_experiment", "&New", "table", ("Ctrl+N",), "Begin with the lesson again."),
    Entry(
        "open_experiment", "&Open…", "open", ("Ctrl+O",), "Open an experiment (*.gradgui) or lesson (*.lesson.md)."
    ),
    Entry(
        "save_experiment", "&Save", "save", ("Ctrl+S",), "Save the experiment with all that was changed on the way."
    ),
    Entry("save_experiment_as", "Save &as…", "save", ("Ctrl+Shift+S",), "Save the experiment under another name."),
    Entry(
        "export_csv",
        "&Export log as CSV…",
        "export",
        ("Ctrl+E",),
        "Save every epoch trained so far as a CSV file that loses no digit.",
    ),
    Entry(
        "export_data",
        "Export &data as CSV…",
        "export",
        (),
        "Save the points as a CSV file that loses no digit, under the names of their axes.",
    ),
    Entry(
        "export_script",
        "Export as &Python script…",
        "export",
        ("Ctrl+Shift+E",),
        "Save this run as a script that needs only torch, prints the same lines and writes the same CSV.",
    ),
    Entry(
        "export_notebook",
        "Export as &Jupyter notebook…",
        "export",
        (),
        "Save this run as a notebook: the same loop in cells, the same CSV, and a plot.",
    ),
    Entry(
        "save_handout",
        "Save &handout…",
        "export",
        (),
        "Save this run, and those it is compared with, as pages to hand out (PDF): settings, plots, table and code.",
    ),
    Entry("print_handout", "Prin&t handout…", "export", (), "Print the same pages: settings, plots, table and code."),
    Entry(
        "undo",
        "&Undo",
        "undo",
        ("Ctrl+Z",),
        "Take back what was done last: a change, other points, another model, a reset.",
    ),
    Entry("redo", "&Redo", "redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Do again what was taken back."),
    Entry(
        "import_data",
        "&Import data…",
        "import",
        ("Ctrl+I",),
        "Read points from a CSV file: delimiter, decimal sign and header are found, the columns can be chosen.",
    ),
    Entry("copy_rows", "&Copy selected rows", "copy", ("Ctrl+Shift+C",), "Copy the log's selected rows."),
    Entry("slower", "S&lower", "remove", ("Ctrl+[",), "Train fewer epochs a second."),
    Entry("faster", "&Faster", "add", ("Ctrl+]",), "Train more epochs a second."),
    Entry("show_all", "Show &all epochs", "fit", ("Ctrl+0",), "Undo zooming in the plots over epochs."),
    Entry(
        "log_axis",
        "&Log axis for the loss",
        "settings",
        ("Ctrl+L",),
        "Equal factors of the loss at equal distances: a steady rate of learning is a straight line.",
    ),
    Entry(
        "presentation",
        "P&resentation",
        "presentation",
        ("Shift+F5",),
        "For a projector: few panels, large type, and the present step to be read from afar. Esc leaves it.",
    ),
    Entry("larger", "Larger &type", "zoom_in", ("Ctrl++", "Ctrl+="), "Larger type and lines, to 250 %."),
    Entry("smaller", "S&maller type", "zoom_out", ("Ctrl+-",), "Smaller type and lines, down to 100 %."),
    Entry(
        "usual_size", "T&ype at 100 %", "fit", ("Ctrl+Backspace",), "Type and lines as large as the desktop has them."
    ),
    Entry(
        "who_pulls",
        "&Who pulls?",
        "pull",
        ("Ctrl+Shift+P",),
        "Show each point's share of the gradient as an arrow: which one pulls a parameter most, and where to.",
    ),
    Entry("default_layout", "Put panels &back", "undo", (), "Show every panel where it was at first."),
    Entry(
        "lessons",
        "&All lessons",
        "help",
        ("Ctrl+Shift+L",),
        "Show the lessons, or the one that is open: predict, then see what the program does.",
    ),
    Entry("open_lesson", "&Open lesson…", "open", (), "Open a lesson that somebody wrote (*.lesson.md)."),
    Entry(
        "new_lesson",
        "&New lesson…",
        "table",
        (),
        "Write the template of a lesson, to be edited as a text; the guide says what can stand in it.",
    ),
    Entry(
        "save_results",
        "&Save result sheet…",
        "save",
        (),
        "Save what you predicted, did and needed in this lesson as one page (PDF).",
    ),
    Entry("print_results", "&Print result sheet…", "export", (), "Print what you predicted, did and needed."),
    Entry("guide", "&Guide", "help", ("Ctrl+F1",), "Read what the program can do, section by section."),
    Entry("glossary", "Glossar&y", "table", ("Ctrl+Shift+F1",), "Look a word up, such as epoch, leaf or zero_grad."),
    Entry(
        "whats_this",
        "&What’s This?",
        "help",
        ("Shift+F1",),
        "Say what the control is for that Tab led to, or else the one that is clicked next.",
    ),
    Entry("keys", "&Keys…", "help", ("F1", "Ctrl+/"), "All keys, and what they do."),
    Entry("about", "&About GradGUI…", "info", (), "Versions and licences of everything inside."),
    Entry(
        "copy_diagnostics",
        "&Copy diagnostic information",
        "copy",
        (),
        "Put versions, system and screens on the clipboard, for a report of a defect.",
    ),
    Entry("open_log_folder", "Open &log folder", "open", (), "Show the folder with the program's log files."),
    Entry("quit", "&Quit", "close", ("Ctrl+Q",), "Close the window."),
)

NAMES = tuple(entry.name for entry in ENTRIES)
"""The ``objectName`` of every action."""
