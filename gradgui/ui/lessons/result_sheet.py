"""What became of a lesson, on one page: what was predicted, what it was, what was done, and with how much help."""

from datetime import datetime
from html import escape

from gradgui.lessons.lesson import Lesson, Step
from gradgui.lessons.progress import LessonProgress, StepResult

HEAD = {"": 3, "Step": 17, "Predicted": 18, "It was": 11, "Gap": 16, "Tries": 9, "Hints": 9, "Done": 17}
"""The columns, with their widths in per cent."""


def result_sheet(lesson: Lesson, progress: LessonProgress) -> str:
    """Write the sheet as HTML.

    Parameters
    ----------
    lesson
        Which lesson.
    progress
        What is kept of it.
    """
    asked = [step for step in lesson.steps if step.asks]
    done = sum(bool(progress.result(step.heading).done) for step in asked)
    rows = "".join(_row(place, step, progress.result(step.heading)) for place, step in enumerate(lesson.steps, 1))
    head = "".join(f'<th width="{width}%">{word}</th>' for word, width in HEAD.items())
    finished = f", finished {_day(progress.finished)}" if progress.finished else ", not finished"
    return (
        f"<h2>{escape(lesson.title)}</h2><p>{escape(lesson.about)}</p>"
        f"<p><b>Name:</b> ______________________________ &nbsp; {done} of {len(asked)} tasks done{finished}.</p>"
        f'<table border="1" cellspacing="0" width="100%"><tr>{head}</tr>{rows}</table>'
        f"<p>Written by GradGUI on {_day(datetime.now().astimezone().isoformat())}.</p>"
    )


def _row(place: int, step: Step, result: StepResult) -> str:
    if not step.asks:
        cells = (str(place), step.heading, "", "", "", "", "", "to be read")
    else:
        state = _day(result.done) if result.done else "skipped" if result.skipped else "not done"
        right = {True: " ✓", False: " ✗", None: ""}[result.is_right]
        predicted = "a curve" if len(result.values) > 2 else result.predicted
        tries, hints = (str(number) if number else "" for number in (result.tries, result.hints))
        cells = (str(place), step.heading, predicted + right, result.truth, result.gap, tries, hints, state)
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _day(moment: str) -> str:
    return datetime.fromisoformat(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
