"""Where the program starts: ``gradgui`` and ``python -m gradgui``."""

import gc
import signal
import sys

from gradgui.cli import guarded, window_parser
from gradgui.platform import give_back_library_path


def main() -> int:
    """Run the command line, or open the window.

    Returns
    -------
    int
        The exit code: 0 done, 1 no window can be shown here, 2 bad usage.
    """
    return guarded(_main)


def _main() -> int:
    give_back_library_path()
    arguments = sys.argv[1:]
    if arguments[:1] == ["train"]:
        from gradgui.train import main_train  # noqa: PLC0415 - the window does without

        return main_train(arguments[1:])
    if arguments[:1] == ["runs"]:
        from gradgui.runs import main_runs  # noqa: PLC0415

        return main_runs(arguments[1:])
    if arguments[:1] == ["sweep"]:
        from gradgui.sweep import main_sweep  # noqa: PLC0415

        return main_sweep(arguments[1:])
    options = window_parser().parse_args(arguments)
    # Until the window hears of signals there is nothing to lose, and nobody reads a traceback of imports.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Of what is imported now nothing is garbage, and to look for it takes a sixth of the time to the first frame.
    gc.disable()  # until the window's own GarbageScheduler sees to it
    if sys.platform == "win32":
        import torch  # noqa: F401, PLC0415 - on Windows torch must be loaded before Qt (WinError 1114)
    from gradgui.platform import find_obstacle  # noqa: PLC0415

    obstacle = find_obstacle()
    if obstacle is not None:
        print(obstacle, file=sys.stderr)  # noqa: T201
        return 1
    from gradgui.app import run_window  # noqa: PLC0415 - Qt loads only for a window

    return run_window(options.file, options.run)


if __name__ == "__main__":
    sys.exit(main())
