"""How a window fares whose log has ten million epochs: on the way there, and when it goes on from there."""

from driven_window import MOST_EPOCHS, DrivenWindow, run_events, wait_until
from fed_epochs import Stretcher
from figures import Figure
from frame_rate import WANTED_FRAMES, HeartBeat, gap_figures
from machine import resident_bytes

BATCH_EPOCHS = 50_000
"""A batch comes a frame: with what the loop trains in between, ten million epochs would take an hour."""
SECONDS = 10.0
WANTED_BYTES = 64.0
PATIENCE = 600.0


def measure_long_log() -> list[Figure]:
    """Stretch a run at full speed to ten million epochs, then let it go on as it is."""
    with DrivenWindow() as driven:
        run = driven.run
        driven.go_full_speed()
        driven.start()
        run_events(1.0)
        stretcher = Stretcher(driven, BATCH_EPOCHS)
        feeding, pulse = HeartBeat(), HeartBeat()
        before, frames = resident_bytes(), run.clock.frames
        feeding.start()
        wait_until(lambda: len(run.log) >= MOST_EPOCHS, run.frame, PATIENCE)
        feeding.stop()
        fed = run.clock.frames - frames
        after, in_log = resident_bytes(), run.log.memory_bytes / len(run.log)
        stretcher.batch_epochs = 0
        run_events(1.0)
        frames, epochs = run.clock.frames, len(run.log)
        pulse.start()
        run_events(SECONDS)
        pulse.stop()
        frames, epochs = run.clock.frames - frames, len(run.log) - epochs
        driven.pause()
    figures = [
        *gap_figures(feeding.gaps, f"in {fed} frames, {BATCH_EPOCHS} epochs a batch", "to 10⁷"),
        *gap_figures(pulse.gaps, f"in {SECONDS:g} s, {epochs / frames:.0f} epochs a frame", "beyond"),
        Figure("beyond: frames/s", frames / SECONDS, at_least=WANTED_FRAMES),
        Figure("log, bytes/epoch", in_log, at_most=WANTED_BYTES),
    ]
    if before and after:
        note = f"RSS {before / 1e6:.0f} MB before, {after / 1e6:.0f} MB after"
        grown = (after - before) / MOST_EPOCHS
        figures.append(Figure("whole process, bytes/epoch", grown, at_most=WANTED_BYTES, note=note))
    return figures
