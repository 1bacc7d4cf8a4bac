"""A step of a lesson while its lines are read: what each mark adds, and what must go together."""

from collections.abc import Callable

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.formula import parse_formula
from gradgui.lessons.check import Check, read_check
from gradgui.lessons.controls import HIDDEN, LIGHTS, LOCKED, PANELS
from gradgui.lessons.evidence import evidence_at_start
from gradgui.lessons.lesson import Step
from gradgui.lessons.prediction import PREDICTIONS, Choice, Prediction
from gradgui.lessons.setting_checks import SETTING_CHECKS, UseModel
from gradgui.lessons.training_checks import TRAINING_CHECKS

AXES = ("linear", "logarithmic")
CHECKS = (*TRAINING_CHECKS, *SETTING_CHECKS)


class LessonFileError(ValueError):
    """A file that is no lesson.

    Parameters
    ----------
    line
        Where, counted from 1.
    reason
        What is wrong there, and what would be right.
    """

    def __init__(self, line: int, reason: str) -> None:
        self.line, self.reason = line, f"{reason.rstrip('. ')}."
        super().__init__(f"line {line}: {self.reason}")


class StepLines:
    """A step while it is read."""

    def __init__(self, heading: str, line: int) -> None:
        self.heading, self.line = heading, line
        self.text: list[str] = []
        self.start: Experiment | None = None
        self.prediction: Prediction | None = None
        self.question, self.options, self.right = "", list[str](), -1
        self.prediction_line = line
        self.checks: list[tuple[int, Check]] = []
        self.hunts_bug = False
        self.hints: list[str] = []
        self.explanation = ""
        self.names: dict[str, tuple[str, ...]] = {}

    def step(self, experiment: Experiment, common: "StepLines") -> Step:
        """Give the step, when everything in it goes together."""
        prediction = self._prediction(experiment)
        at_start = evidence_at_start(experiment)
        names = {*experiment.parameter_names}
        for line, check in self.checks:
            names |= {*parse_formula(check.formula).parameters} if isinstance(check, UseModel) else set()
            parameter = getattr(check, "parameter", None)
            if parameter is not None and parameter not in names:
                raise LessonFileError(line, f"the model {experiment.model} has no parameter {parameter}.")
            if self.start is not None and not check.missing(at_start):
                raise LessonFileError(
                    line, "this is done before anything is done; ask for something that the start has not."
                )
        if (self.hints or self.explanation) and prediction is None and not self.checks and not self.hunts_bug:
            raise LessonFileError(
                self.line, "hints and explanations need something to do; add @do, @predict, @ask or @bug."
            )
        controls = common.names | self.names
        return Step(
            self.heading,
            "\n".join(self.text).strip(),
            prediction,
            tuple(check for _, check in self.checks),
            self.hunts_bug,
            tuple(self.hints),
            controls.get("light", ()),
            self.explanation,
            self.start,
            controls.get("panels", ()),
            controls.get("hide", ()),
            controls.get("lock", ()),
            "".join(controls.get("axis", ())),
            self.line,
        )

    def _prediction(self, experiment: Experiment) -> Prediction | Choice | None:
        if self.question and self.prediction is not None:
            raise LessonFileError(self.prediction_line, "a step has one @predict or one @ask, not both.")
        if self.prediction is not None and (problem := self.prediction.problem_with(experiment)):
            raise LessonFileError(self.prediction_line, f"{problem}.")
        if not self.question and not self.options:
            return self.prediction
        if not self.question:
            raise LessonFileError(self.prediction_line, "answers need their question: write @ask above @option.")
        if len(self.options) < 2 or self.right < 0:
            raise LessonFileError(
                self.prediction_line, "a question needs two answers or more, one of them as @right."
            )
        return Choice(self.question, tuple(self.options), self.right)

    def take_axis(self, text: str, _line: int) -> None:
        """Take how the loss is drawn."""
        if text not in AXES:
            raise ValueError(f"@axis is {' or '.join(AXES)}, not “{text}”")
        self.names["axis"] = (text,)

    def predict(self, text: str, line: int) -> None:
        """Take what is to be predicted."""
        if self.prediction is not None:
            raise ValueError("a step has one @predict")
        self.prediction_line = line
        check = read_check(text, PREDICTIONS)
        self.prediction = check if isinstance(check, Prediction) else None

    def ask(self, text: str, line: int) -> None:
        """Take a question."""
        if self.question or not text:
            raise ValueError("a step has one @ask, with its question behind it")
        self.question, self.prediction_line = text, line

    def option(self, text: str, line: int) -> None:
        """Take an answer."""
        if not text or text in self.options:
            raise ValueError("an answer has a text of its own")
        self.prediction_line = line
        self.options.append(text)

    def right_option(self, text: str, line: int) -> None:
        """Take the right answer."""
        if self.right >= 0:
            raise ValueError("a question has one @right answer")
        self.right = len(self.options)
        self.option(text, line)

    def do(self, text: str, line: int) -> None:
        """Take what is to be done."""
        self.checks.append((line, read_check(text, CHECKS)))

    def hunt(self, text: str, _line: int) -> None:
        """Have a bug found."""
        if text:
            raise ValueError("@bug stands alone; which bug it is, is drawn by lot")
        self.hunts_bug = True

    def hint(self, text: str, _line: int) -> None:
        """Take a hint."""
        if not text:
            raise ValueError("a hint has a text")
        self.hints.append(text)

    def explain(self, text: str, _line: int) -> None:
        """Take the line that explains."""
        if self.explanation or not text:
            raise ValueError("a step has one @explain, with its line behind it")
        self.explanation = text


def _named(mark: str, known: frozenset[str]) -> Callable[[StepLines, str, int], None]:
    def take(lines: StepLines, text: str, _line: int) -> None:
        names = tuple(name.strip() for name in text.split(","))
        wrong = [name for name in names if name not in known]
        if wrong:
            raise ValueError(
                f"“{wrong[0]}” is nothing that @{mark} knows; expected some of {', '.join(sorted(known))}"
            )
        lines.names[mark] = names

    return take


MARKS: dict[str, Callable[[StepLines, str, int], None]] = {
    "panels": _named("panels", frozenset(PANELS)),
    "hide": _named("hide", HIDDEN),
    "lock": _named("lock", LOCKED),
    "light": _named("light", LIGHTS),
    "axis": StepLines.take_axis,
    "predict": StepLines.predict,
    "ask": StepLines.ask,
    "option": StepLines.option,
    "right": StepLines.right_option,
    "do": StepLines.do,
    "bug": StepLines.hunt,
    "hint": StepLines.hint,
    "explain": StepLines.explain,
}
"""What is done with the text behind a mark of a step, besides those of its start, and its line."""
