"""Runs that leave the window as files: their logs as CSV, a script that trains them, what they ended with."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from gradgui.numbers import write_count
from gradgui.record.csv_file import PLAIN, CsvStyle
from gradgui.record.run_store import RunReader
from gradgui.record.run_store.final_parameters import final_parameters_json
from gradgui.record.run_store.long_csv import long_csv_chunks
from gradgui.ui.runs.kept_runs import KeptRuns
from gradgui.ui.window.exports import STYLES, Exports
from gradgui.worker.jobs.export import Export


class RunExports(QObject):
    """Ask where to, and write; the file of runs is read in the exporter's thread.

    Parameters
    ----------
    exports
        The window's.
    kept
        Wants runs exported.
    """

    def __init__(self, exports: Exports, kept: KeptRuns) -> None:
        super().__init__(exports)
        self._exports, self._kept = exports, kept
        kept.export_wanted.connect(self.export)

    @Slot(str, list)
    def export(self, kind: str, runs: Sequence[int]) -> None:
        """Write runs.

        Parameters
        ----------
        kind
            ``csv``, ``script`` or ``json``.
        runs
            Their numbers in the file of runs.
        """
        name, filters = {
            "csv": ("gradgui-runs.csv", ";;".join(STYLES)),
            "script": ("gradgui_runs.py", "Python (*.py)"),
            "json": ("gradgui-runs.json", "JSON (*.json)"),
        }[kind]
        title = {
            "csv": "Export runs as CSV",
            "script": "Export runs as Python script",
            "json": "Export final parameters",
        }
        chosen = self._exports.ask(title[kind], name, filters)
        if chosen is None:
            return
        path, style = chosen[0], STYLES.get(chosen[1], PLAIN)
        file = self._kept.path
        pieces = {
            "csv": partial(_csv, file, runs, style),
            "script": partial(_script, file, runs),
            "json": partial(_json, file, runs),
        }
        count = f"{write_count(len(runs))} {'run' if len(runs) == 1 else 'runs'}"
        self._exports.begin(Export(path, pieces[kind], f"Saved {count} to {path}."))


def _csv(path: Path, runs: Sequence[int], style: CsvStyle) -> Iterator[tuple[str | bytes, int]]:
    with RunReader(path) as reader:
        yield from long_csv_chunks(reader, runs, style)


def _script(path: Path, runs: Sequence[int]) -> Iterator[tuple[str | bytes, int]]:
    from gradgui.experiment.program.runs_script import runs_script_text  # noqa: PLC0415 - not before the first frame

    with RunReader(path) as reader:
        yield runs_script_text({run: reader.spec(run) for run in runs}), 1


def _json(path: Path, runs: Sequence[int]) -> Iterator[tuple[str | bytes, int]]:
    with RunReader(path) as reader:
        yield final_parameters_json(reader, [run for run in reader.runs() if run.id in runs]), 1
