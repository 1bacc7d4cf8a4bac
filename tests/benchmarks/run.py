"""Measure the speed of the loop and of the window: ``python tests/benchmarks/run.py [ROW …]``.

Each row is measured in a process of its own, so that none finds the memory or the caches of another. With ``--guard``
only a few ratios are measured, and the exit code tells whether they are as they must be.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from time import perf_counter

from figures import Figure
from machine import choose_platform, describe_machine

RESULT = Path(__file__).parents[2] / "build" / "benchmarks.json"

ROWS = {
    "full_speed": ("full_speed", "measure_full_speed"),
    "peers": ("peers", "measure_peers"),
    "frames": ("frame_rate", "measure_frames"),
    "pause": ("pause_delay", "measure_pause"),
    "step": ("step_delay", "measure_step"),
    "step_phase": ("step_phase_delay", "measure_step_phase"),
    "watching": ("watching_cost", "measure_watching"),
    "rewind": ("rewind_delay", "measure_rewind"),
    "kept_runs": ("kept_runs", "measure_kept_runs"),
    "runs_panel": ("runs_panel", "measure_runs_panel"),
    "events": ("event_search", "measure_event_search"),
    "compared_runs": ("compared_runs", "measure_compared_runs"),
    "memory": ("log_memory", "measure_memory"),
    "frame_growth": ("frame_growth", "measure_frame_growth"),
    "long_log": ("long_log", "measure_long_log"),
    "many_points": ("many_points", "measure_many_points"),
    "sweep_map": ("sweep_map", "measure_sweep_map"),
    "idle": ("idle_load", "measure_idle"),
    "growth": ("growth", "measure_growth"),
    "csv": ("csv_export", "measure_csv"),
    "csv_import": ("csv_import", "measure_import"),
    "bundle": ("bundle_size", "measure_bundle"),
    "window_import": ("window_import", "measure_window_import"),
    "start": ("start_up", "measure_start"),
    "sweeps": ("sweeps", "measure_sweeps"),
    "sweep_beside_window": ("sweeps", "measure_sweep_beside_window"),
}
"""Module beside this one and the function in it that measures the row."""

LONG = ("growth",)
"""What takes many minutes is measured only when it is asked for."""

GUARDS = {name: ("guard", name) for name in ("guard_full_speed", "guard_frame_growth", "guard_memory", "guard_csv")}
"""What ``--guard`` measures, in the same way."""


def measure_here(row: str) -> list[Figure]:
    """Measure a row in this process."""
    module, name = (ROWS | GUARDS)[row]
    measure: Callable[[], list[Figure]] = getattr(import_module(module), name)
    return measure()


def measure_apart(row: str) -> list[Figure] | None:
    """Measure a row in a process of its own; None when that failed, and its error output was shown."""
    print(f"{row} … ", end="", file=sys.stderr, flush=True)
    began = perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--here", row], stdout=subprocess.PIPE, encoding="utf-8", check=False
    )
    print(f"{perf_counter() - began:.0f} s", file=sys.stderr)
    if done.returncode:
        print(f"{row} failed with exit code {done.returncode}", file=sys.stderr)
        return None
    return [Figure(**fields) for fields in json.loads(done.stdout.splitlines()[-1])]


def table(results: dict[str, list[Figure] | None]) -> str:
    """Write what was measured as text in columns."""
    verdicts = {True: "yes", False: "NO", None: ""}
    lines = [("row", "figure", "", "wanted", "met?", "spread")]
    for row, figures in results.items():
        if figures is None:
            lines.append((row, "failed", "", "", "NO", ""))
        lines += [
            (row, figure.name, _number(figure.value), figure.wanted, verdicts[figure.met], figure.note)
            for figure in figures or []
        ]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join(
        "  ".join(
            [f"{cell:>{width}}" if column == 2 else f"{cell:<{width}}" for column, (cell, width) in enumerate(cells)]
            + [line[5]]
        ).rstrip()
        for line in lines
        for cells in [list(zip(line, widths, strict=False))]
    )


def _number(value: float | None) -> str:
    """Write three digits of a number, of a large one all before the point."""
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def guard() -> int:
    """Measure what must be as it is; what is not counts only when it is found twice.

    Returns
    -------
    int
        The exit code: 1 when a bound is broken or a row could not be measured, after a sentence about it.
    """
    results: dict[str, list[Figure] | None] = {}
    for row in GUARDS:
        results[row] = measure_apart(row)
        if _complaints(row, results[row]):
            results[row] = measure_apart(row)
    print(table(results))
    complaints = [complaint for row, figures in results.items() for complaint in _complaints(row, figures)]
    print("".join(f"{complaint}\n" for complaint in complaints), end="", file=sys.stderr)
    return int(bool(complaints))


def _complaints(row: str, figures: list[Figure] | None) -> list[str]:
    """Write a sentence on everything that is not as wanted."""
    if figures is None:
        return [f"{row} could not be measured."]
    return [
        f"{row}: {figure.name} is {_number(figure.value)} and must be {figure.wanted}."
        for figure in figures
        if figure.met is False
    ]


def measure(rows: Sequence[str]) -> int:
    """Measure rows, print them and keep them as JSON.

    Returns
    -------
    int
        The exit code: 0, whatever the figures are; 1 when one could not be measured.
    """
    machine = describe_machine()
    print("\n".join(f"{name}: {fact}" for name, fact in machine.items()) + "\n", flush=True)
    results = {row: measure_apart(row) for row in rows}
    print(table(results))
    RESULT.parent.mkdir(exist_ok=True)
    kept = {
        row: None if figures is None else [asdict(figure) | {"met": figure.met} for figure in figures]
        for row, figures in results.items()
    }
    RESULT.write_text(json.dumps({"machine": machine, "rows": kept}, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return int(None in results.values())


def main(arguments: Sequence[str]) -> int:
    """Do what is asked for.

    Returns
    -------
    int
        The exit code.
    """
    parser = argparse.ArgumentParser(prog="run.py", description="Measure the speed of the loop and of the window.")
    usual = f"what to measure; without any, everything but {', '.join(LONG)}"
    parser.add_argument("rows", metavar="ROW", nargs="*", help=usual)
    parser.add_argument("--list", action="store_true", help="print the rows there are")
    parser.add_argument("--guard", action="store_true", help="measure a few ratios, and fail if one is bad")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    unknown = [row for row in options.rows if row not in ROWS | GUARDS]
    if unknown:
        parser.error(f"there is no row {unknown[0]}; there are {', '.join(ROWS)}")
    if options.list:
        print("\n".join(ROWS))
        return 0
    choose_platform()
    if options.here:
        print(json.dumps([asdict(figure) for row in options.rows for figure in measure_here(row)]))
        return 0
    return guard() if options.guard else measure(options.rows or [row for row in ROWS if row not in LONG])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
