"""Run scripts one after another in one process: importing torch for each would take most of the time.

Reads the path of a script and of its CSV file from each pair of lines, and answers with one line of JSON.
"""

import contextlib
import io
import json
import runpy
import sys
import warnings

warnings.simplefilter("ignore")
for line in sys.stdin:
    script, csv = line.rstrip("\n"), sys.stdin.readline().rstrip("\n")
    sys.argv = [script, csv]
    output, error = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), ""
    try:
        with contextlib.redirect_stdout(output):
            runpy.run_path(script, run_name="__main__")
    except Exception as raised:  # noqa: BLE001 - whatever it is, it is compared
        error = f"{type(raised).__name__}: {raised}"
    output.seek(0)
    sys.stdout.write(json.dumps([output.read(), error]) + "\n")
    sys.stdout.flush()
