"""Experiments written to files and read again, and every way in which a file can be none."""

import copy
import json
import math
import os
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gradgui.experiment.changes import LoopChange
from gradgui.experiment.data import LARGEST_DATA, Data
from gradgui.experiment.early_stopping import StopRules
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, MOST_EPOCHS, DType, Experiment, Parameter
from gradgui.experiment.optimizers import (
    SGD,
    Adam,
    CosineSchedule,
    ExponentialSchedule,
    GradientDescent,
    Optimizer,
    Schedule,
    StepSchedule,
)
from gradgui.experiment.run_spec import ExperimentFileError, RunSpec, read_run_spec, run_spec_text
from gradgui.experiment.training_loop import Fault, Loop
from gradgui.numbers import write_count

NOBODY = 65534

DOCUMENT: dict[str, Any] = {
    "format": "gradgui-experiment",
    "version": 1,
    "experiment": {
        "model": "w * x",
        "parameters": [{"name": "w", "start": 0.0}],
        "data": {"x": [1.0, 2.0], "y": [2.0, 4.0]},
        "learning_rate": 0.01,
        "epochs": 20,
        "loss": "(y - y_pred)**2",
        "optimizer": {"type": "adam", "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.0},
        "schedule": {"type": "step", "step_size": 10, "gamma": 0.5},
        "dtype": "float32",
        "probe": 5.0,
        "loop": {"zero_grad": True, "no_grad": True, "in_place": True, "backward_once": True},
        "stop": {"loss_below": 0.001, "gradient_below": None, "patience": 7},
    },
}

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
POSITIVE = st.floats(min_value=0.0, exclude_min=True, allow_infinity=False)
FRACTIONS = st.floats(0.0, 1.0, exclude_max=True)
NOT_NEGATIVE = st.floats(min_value=0.0, allow_infinity=False)
MODELS = (
    ("w * x", ("w",)),
    ("w*x + b", ("w", "b")),
    ("β_1 * x**2 + λ", ("β_1", "λ")),
    ("a * exp(-k * x / π)", ("a", "k")),
    ("max(w, 0)", ("w",)),
)
OPTIMIZERS: st.SearchStrategy[Optimizer] = st.one_of(
    st.just(GradientDescent()),
    st.builds(SGD, momentum=FRACTIONS, weight_decay=NOT_NEGATIVE),
    st.builds(SGD, momentum=st.floats(0.1, 0.9), nesterov=st.booleans(), weight_decay=NOT_NEGATIVE),
    st.builds(Adam, beta1=FRACTIONS, beta2=FRACTIONS, epsilon=POSITIVE, weight_decay=NOT_NEGATIVE),
)

SCHEDULES: st.SearchStrategy[Schedule] = st.one_of(
    st.builds(StepSchedule, st.integers(1, 10**7), st.floats(0.0, 1.0, exclude_min=True)),
    st.builds(ExponentialSchedule, st.floats(0.0, 1.0, exclude_min=True)),
    st.builds(CosineSchedule, st.integers(1, 10**7), NOT_NEGATIVE),
)


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    model, names = draw(st.sampled_from(MODELS))
    optimizer = draw(OPTIMIZERS)
    points = draw(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=6))
    return Experiment(
        model=model,
        parameters=tuple(Parameter(name, draw(NUMBERS)) for name in names),
        data=Data(x=tuple(x for x, _ in points), y=tuple(y for _, y in points)),
        learning_rate=draw(POSITIVE),
        epochs=draw(st.integers(1, MOST_EPOCHS)),
        loss=draw(st.sampled_from(("(y - y_pred)**2", "abs(y - y_pred)", "log(cosh(y_pred - y))"))),
        optimizer=optimizer,
        schedule=None if isinstance(optimizer, GradientDescent) else draw(st.none() | SCHEDULES),
        dtype=cast("DType", draw(st.sampled_from(("float32", "float64")))),
        probe=draw(NUMBERS),
        loop=draw(st.builds(Loop, *[st.booleans()] * 4, st.none() | st.sampled_from(Fault))),
        stop=StopRules(
            loss_below=draw(st.none() | NOT_NEGATIVE),
            gradient_below=draw(st.none() | POSITIVE),
            patience=draw(st.none() | st.integers(1, 10**6)),
        ),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "one.gradgui"


def complaint(path: Path) -> str:
    """What is wrong with the file: one line that begins with its name."""
    with pytest.raises(ExperimentFileError) as refused:
        read_run_spec(path)
    sentence = str(refused.value)
    assert sentence.startswith(f"{path}: ")
    assert len(sentence.splitlines()) == 1
    assert len(sentence) > len(f"{path}: ")
    return sentence.removeprefix(f"{path}: ")


def changed(*place: str | int, to: object) -> dict[str, Any]:
    """The document with one of its values replaced."""
    document = copy.deepcopy(DOCUMENT)
    parent: Any = document
    for key in place[:-1]:
        parent = parent[key]
    parent[place[-1]] = to
    return document


def complaint_about(path: Path, text: str | bytes) -> str:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return complaint(path)


# --- What is written is read again


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(experiment=experiments())
@example(experiment=DEFAULT_EXPERIMENT)
def test_written_and_read_again(path: Path, experiment: Experiment) -> None:
    path.write_text(run_spec_text(RunSpec(experiment)), encoding="utf-8")
    again = read_run_spec(path).experiment
    assert again == experiment
    assert hash(again) == hash(experiment)
    # As text, since that tells -0.0 from 0.0.
    assert repr(again) == repr(experiment)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("field", ["start", "x", "y", "probe"])
def test_an_experiment_that_no_file_can_hold_does_not_exist(path: Path, field: str, number: float) -> None:
    values = {"start": 0.0, "x": 1.0, "y": 2.0, "probe": 5.0, field: number}
    try:
        experiment = Experiment(
            model="w * x",
            parameters=(Parameter("w", values["start"]),),
            data=Data(x=(0.0, values["x"]), y=(0.0, values["y"])),
            probe=values["probe"],
        )
    except ValueError:
        return
    path.write_text(run_spec_text(RunSpec(experiment)), encoding="utf-8")
    assert repr(read_run_spec(path).experiment) == repr(experiment)


def test_the_file_is_indented_json_that_ends_with_a_line_feed() -> None:
    text = run_spec_text(RunSpec(DEFAULT_EXPERIMENT))
    assert text.endswith("}\n")
    assert not text.endswith("\n\n")
    assert '\n  "experiment": {\n    "model": "w * x",\n' in text
    document = json.loads(text)
    assert list(document) == ["format", "version", "experiment"]
    assert document["format"] == "gradgui-experiment"
    assert document["version"] == 1
    assert document["experiment"]["data"] == {"x": [1.0, 2.0, 3.0, 4.0], "y": [2.0, 4.0, 6.0, 8.0]}


@pytest.mark.parametrize("fault", Fault)
def test_a_loop_with_a_fault_makes_a_file_that_older_programs_refuse(path: Path, fault: Fault) -> None:
    faulty = replace(DEFAULT_EXPERIMENT, loop=Loop(fault=fault))
    change = LoopChange(3, Loop(fault=fault))
    for spec in (
        RunSpec(faulty),
        RunSpec(DEFAULT_EXPERIMENT, (change,)),
        RunSpec(faulty, (LoopChange(3, Loop()),), 5),
    ):
        text = run_spec_text(spec)
        assert json.loads(text)["version"] == 3
        assert text.count(f'"fault": "{fault.value}"') == 1
        path.write_text(text, encoding="utf-8")
        assert read_run_spec(path) == spec


def test_of_a_fault_that_is_not_there_a_file_says_nothing(path: Path) -> None:
    for trained, version in ((0, 1), (4, 2)):
        data = Data((1.0,), (2.0,), x_name='a,"fault":null', y_name='"loop":{"fault":null},')
        spec = RunSpec(replace(DEFAULT_EXPERIMENT, data=data), (LoopChange(3, Loop(zero_grad=False)),), trained)
        document = json.loads(run_spec_text(spec))
        assert document["version"] == version
        assert list(document["experiment"]["loop"]) == ["zero_grad", "no_grad", "in_place", "backward_once"]
        path.write_text(run_spec_text(spec), encoding="utf-8")
        assert read_run_spec(path) == spec


def test_a_fault_that_is_none_is_refused_with_its_place(path: Path) -> None:
    experiment = {**DOCUMENT["experiment"], "loop": {"fault": "wrong"}}
    assert "experiment.loop.fault" in complaint_about(path, json.dumps({**DOCUMENT, "experiment": experiment}))


def test_greek_letters_stand_in_the_file_as_they_are(path: Path) -> None:
    experiment = Experiment("β*x", (Parameter("β", 1.0),), Data((1.0,), (2.0,)))
    text = run_spec_text(RunSpec(experiment))
    assert '"β*x"' in text
    path.write_bytes(text.encode())
    assert read_run_spec(path).experiment == experiment


def test_what_a_person_leaves_out_has_the_lessons_values(path: Path) -> None:
    experiment = {key: DOCUMENT["experiment"][key] for key in ("model", "parameters")}
    experiment["data"] = {"x": [1, 2, 3, 4], "y": [2, 4, 6, 8]}
    path.write_text(json.dumps({**DOCUMENT, "experiment": experiment}), encoding="utf-8")
    assert read_run_spec(path).experiment == DEFAULT_EXPERIMENT


def test_the_order_of_the_fields_does_not_matter(path: Path) -> None:
    path.write_text(run_spec_text(RunSpec(DEFAULT_EXPERIMENT)), encoding="utf-8")
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({key: document[key] for key in ("experiment", "version", "format")}), encoding="utf-8")
    assert read_run_spec(path).experiment == DEFAULT_EXPERIMENT


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [
        ({"type": "sgd"}, SGD(momentum=0.0, nesterov=False, weight_decay=0.0)),
        (
            {"type": "sgd", "momentum": 0.9, "nesterov": True, "weight_decay": 0.5},
            SGD(momentum=0.9, nesterov=True, weight_decay=0.5),
        ),
        ({"type": "adam"}, Adam(beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.0)),
        ({"type": "adam", "beta1": 0}, Adam(beta1=0.0)),
    ],
)
def test_optimizers_by_hand(path: Path, optimizer: dict[str, object], expected: Optimizer) -> None:
    path.write_text(json.dumps(changed("experiment", "optimizer", to=optimizer)), encoding="utf-8")
    assert read_run_spec(path).experiment.optimizer == expected


def test_gradient_descent_by_hand(path: Path) -> None:
    document = changed("experiment", "optimizer", to={"type": "gradient_descent"})
    del document["experiment"]["schedule"]
    path.write_text(json.dumps(document), encoding="utf-8")
    assert read_run_spec(path).experiment.optimizer == GradientDescent()


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (None, None),
        ({"type": "step"}, StepSchedule(step_size=10, gamma=0.5)),
        ({"type": "exponential", "gamma": 1}, ExponentialSchedule(gamma=1.0)),
        ({"type": "cosine"}, CosineSchedule(epochs=100, lowest=0.0)),
        ({"type": "cosine", "epochs": 7, "lowest": 0.5}, CosineSchedule(epochs=7, lowest=0.5)),
    ],
)
def test_schedules_by_hand(path: Path, schedule: dict[str, object] | None, expected: Schedule | None) -> None:
    path.write_text(json.dumps(changed("experiment", "schedule", to=schedule)), encoding="utf-8")
    assert read_run_spec(path).experiment.schedule == expected


# --- What is no experiment


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "{",
        "{}",
        "[]",
        "null",
        "1",
        '"gradgui-experiment"',
        "{'format': 1}",
        "epoch,loss,w\n1,2,3\n",
        "\0" * 100,
        json.dumps(DOCUMENT)[:-1],
        json.dumps(DOCUMENT) + "}",
        json.dumps(DOCUMENT) * 2,
    ],
)
def test_a_file_of_something_else(path: Path, text: str) -> None:
    complaint_about(path, text)


@pytest.mark.parametrize("word", ["gradgui", "gradgui-session", "", None, 1])
def test_a_wrong_format_word(path: Path, word: object) -> None:
    assert "format" in complaint_about(path, json.dumps(changed("format", to=word)))


@pytest.mark.parametrize("version", [0, -1, 1.5, "1", None, True])
def test_a_version_that_is_none(path: Path, version: object) -> None:
    assert "version:" in complaint_about(path, json.dumps(changed("version", to=version)))


def test_a_newer_version_says_so_whatever_its_experiments_look_like(path: Path) -> None:
    for experiment in (DOCUMENT["experiment"], {"layers": [3, 4]}, None):
        sentence = complaint_about(path, json.dumps({**DOCUMENT, "version": 7, "experiment": experiment}))
        assert "version 7" in sentence
        assert "up to version 3" in sentence


@pytest.mark.parametrize("field", ["format", "version", "experiment"])
def test_a_missing_field_of_the_document_is_named(path: Path, field: str) -> None:
    assert field in complaint_about(path, json.dumps({key: value for key, value in DOCUMENT.items() if key != field}))


@pytest.mark.parametrize("field", ["model", "parameters", "data"])
def test_a_missing_field_of_the_experiment_is_named(path: Path, field: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    del document["experiment"][field]
    assert field in complaint_about(path, json.dumps(document))


@pytest.mark.parametrize(
    ("place", "where"),
    [
        (("author",), "author"),
        (("experiment", "learningrate"), "experiment.learningrate"),
        (("experiment", "data", "z"), "experiment.data.z"),
        (("experiment", "parameters", 0, "value"), "experiment.parameters[0].value"),
        (("experiment", "optimizer", "lr"), "experiment.optimizer.lr"),
        (("experiment", "schedule", "epochs"), "experiment.schedule.epochs"),
        (("experiment", "loop", "zero"), "experiment.loop.zero"),
        (("experiment", "stop", "after"), "experiment.stop.after"),
    ],
)
def test_an_unknown_field_is_named(path: Path, place: tuple[str | int, ...], where: str) -> None:
    sentence = complaint_about(path, json.dumps(changed(*place, to=1)))
    assert sentence == f"is no experiment: {where} is not known there"


@pytest.mark.parametrize(
    ("place", "value", "where"),
    [
        (("learning_rate",), "0.01", "$.learning_rate"),
        (("learning_rate",), None, "$.learning_rate"),
        (("learning_rate",), True, "$.learning_rate"),
        (("learning_rate",), 0, "$.learning_rate"),
        (("learning_rate",), -0.5, "$.learning_rate"),
        (("epochs",), 0, "$.epochs"),
        (("epochs",), -3, "$.epochs"),
        (("epochs",), MOST_EPOCHS + 1, "$.epochs"),
        (("epochs",), 10**30, "$.epochs"),
        (("epochs",), 2.5, "$.epochs"),
        (("epochs",), "20", "$.epochs"),
        (("model",), 3, "$.model"),
        (("loss",), ["y"], "$.loss"),
        (("dtype",), "float16", "$.dtype"),
        (("dtype",), 32, "$.dtype"),
        (("probe",), "5", "$.probe"),
        (("parameters",), {"w": 0.0}, "$.parameters"),
        (("parameters",), [0.0], "$.parameters[0]"),
        (("parameters", 0, "start"), "0", "$.parameters[0].start"),
        (("parameters", 0, "name"), 0, "$.parameters[0].name"),
        (("data",), [1, 2], "$.data"),
        (("data", "x"), 1.0, "$.data.x"),
        (("data", "x"), [1.0, "2"], "$.data.x[1]"),
        (("data", "y"), [None, 2.0], "$.data.y[0]"),
        (("data", "x"), [], "$.data"),
        (("data", "x"), [1.0, 2.0, 3.0], "$.data"),
        (("optimizer",), "adam", "$.optimizer"),
        (("optimizer", "type"), "lion", "$.optimizer.type"),
        (("optimizer", "beta1"), 1.0, "$.optimizer.beta1"),
        (("optimizer", "beta2"), -0.1, "$.optimizer.beta2"),
        (("optimizer", "epsilon"), 0.0, "$.optimizer.epsilon"),
        (("optimizer", "weight_decay"), -1.0, "$.optimizer.weight_decay"),
        (("optimizer",), {"type": "sgd", "momentum": 1.0}, "$.optimizer.momentum"),
        (("optimizer",), {"type": "sgd", "nesterov": True}, "$.optimizer"),
        (("schedule",), "step", "$.schedule"),
        (("schedule", "type"), "linear", "$.schedule.type"),
        (("schedule", "step_size"), 0, "$.schedule.step_size"),
        (("schedule", "step_size"), 2.5, "$.schedule.step_size"),
        (("schedule", "gamma"), 0, "$.schedule.gamma"),
        (("schedule", "gamma"), 1.5, "$.schedule.gamma"),
        (("schedule",), {"type": "cosine", "epochs": 0}, "$.schedule.epochs"),
        (("schedule",), {"type": "cosine", "lowest": -0.1}, "$.schedule.lowest"),
        (("loop", "zero_grad"), 1, "$.loop.zero_grad"),
        (("loop", "no_grad"), "yes", "$.loop.no_grad"),
        (("loop",), None, "$.loop"),
        (("stop",), [], "$.stop"),
        (("stop", "loss_below"), -1, "$.stop.loss_below"),
        (("stop", "gradient_below"), 0, "$.stop.gradient_below"),
        (("stop", "patience"), 0, "$.stop.patience"),
        (("stop", "patience"), 2.5, "$.stop.patience"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(
    path: Path, place: tuple[str | int, ...], value: object, where: str
) -> None:
    sentence = complaint_about(path, json.dumps(changed("experiment", *place, to=value)))
    assert sentence.startswith(f"is no experiment: experiment{where.removeprefix('$')}: ")


def test_a_missing_value_is_named_with_its_place(path: Path) -> None:
    document = changed("experiment", "parameters", to=[{"name": "w"}])
    sentence = complaint_about(path, json.dumps(document))
    assert sentence == "is no experiment: experiment.parameters[0].start is missing"


def test_a_wrong_intervention_is_named_with_its_place(path: Path) -> None:
    changes = [{"type": "learning_rate", "epoch": 1, "learning_rate": "high"}]
    sentence = complaint_about(path, json.dumps({**DOCUMENT, "interventions": changes}))
    assert sentence.startswith("is no experiment: interventions[0].learning_rate: ")


def test_a_long_place_is_cut(path: Path) -> None:
    sentence = complaint_about(path, json.dumps(changed("experiment", "n" * 100_000, to=1)))
    assert len(sentence) < 300
    assert sentence.startswith("is no experiment: experiment.nnn")
    assert sentence.endswith("nnn is not known there")


@pytest.mark.parametrize("key", ["epochs", "model", "version"])
def test_a_key_that_stands_twice_is_no_choice_of_ours(path: Path, key: str) -> None:
    text = json.dumps(DOCUMENT).replace(f'"{key}": ', f'"{key}": 1, "{key}": ', 1)
    read = complaint_about(path, text.replace('"model": 1, ', '"model": "w", '))
    assert read == f"has the key “{key}” twice in one object; expected it once"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_has_its_own_sentence(path: Path, encoding: str) -> None:
    read = complaint_about(path, json.dumps(DOCUMENT).encode(encoding))
    assert read == "begins with a byte order mark; save it as UTF-8 without one"


@pytest.mark.parametrize("device", ["/dev/zero", "pipe"])
def test_what_has_no_end_is_not_waited_for(tmp_path: Path, device: str) -> None:
    path = tmp_path / "pipe.gradgui" if device == "pipe" else Path(device)
    if device == "pipe":
        os.mkfifo(path)
    assert complaint(path) == "is no file but a pipe or a device; expected a .gradgui file"


def test_too_many_points_are_refused_before_they_are_read(path: Path) -> None:
    text = json.dumps(changed("experiment", "data", to={"x": [], "y": []}))
    many = text.replace("[], ", f"[{'1,' * 45_000_000}1], ")
    tracemalloc.start()
    sentence = complaint_about(path, many)
    taken = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert f"more than the {write_count(LARGEST_DATA)} points" in sentence
    assert taken < 3 * len(many)


def test_data_may_be_large_but_not_larger() -> None:
    x = (0.0,) * LARGEST_DATA
    assert len(Data(x, x).x) == LARGEST_DATA
    with pytest.raises(ValueError, match="at most"):
        Data((*x, 0.0), (*x, 0.0))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("model", "w *", "model: column"),
        ("model", "w * x + b", "w, b (here: w)"),
        ("model", "x", "no parameter to train"),
        ("loss", "(y - w)**2", "only y and y_pred"),
        ("optimizer", {"type": "gradient_descent"}, "schedule: it needs an optimizer of torch.optim"),
        ("loss", "(y", "loss: column"),
        ("parameters", [], "(here: none)"),
        ("data", {"x": [], "y": []}, "at least one point"),
        ("data", {"x": [1], "y": [1, 2]}, "x has 1 values and y has 2"),
    ],
)
def test_what_an_experiment_refuses_a_file_cannot_bring(path: Path, field: str, value: object, said: str) -> None:
    assert said in complaint_about(path, json.dumps(changed("experiment", field, to=value)))


@pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN", "nan", "Infinity", "-Infinity", "inf", "0x10", "1_000"])
@pytest.mark.parametrize("field", ["learning_rate", "probe"])
def test_numbers_that_are_none(path: Path, field: str, number: str) -> None:
    text = json.dumps(changed("experiment", field, to="HERE")).replace('"HERE"', number)
    complaint_about(path, text)


@pytest.mark.parametrize("number", ["1e400", "NaN", "null"])
@pytest.mark.parametrize("place", [("data", "x", 1), ("parameters", 0, "start")])
def test_no_such_number_in_data_or_start(path: Path, place: tuple[str | int, ...], number: str) -> None:
    text = json.dumps(changed("experiment", *place, to="HERE")).replace('"HERE"', number)
    complaint_about(path, text)


@pytest.mark.parametrize("bracket", ["[", '{"a":', "[{"])
@pytest.mark.parametrize("prefix", ["", '{"format": "gradgui-experiment", "version": 1, "experiment": '])
def test_deep_nesting(path: Path, bracket: str, prefix: str) -> None:
    complaint_about(path, prefix + bracket * 200_000)


@pytest.mark.parametrize("formula", ["(" * 100_000 + "w" + ")" * 100_000, "-" * 100_000 + "w", "w" + "**w" * 50_000])
def test_deeply_nested_formulas(path: Path, formula: str) -> None:
    complaint_about(path, json.dumps(changed("experiment", "model", to=formula)))


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding(path: Path, encoding: str) -> None:
    text = json.dumps(changed("experiment", "model", to="é * x"), ensure_ascii=False)
    complaint_about(path, text.encode(encoding))


def test_a_line_feed_in_a_wrong_word_leaves_the_message_one_line(path: Path) -> None:
    for place in (("format",), ("experiment", "dtype"), ("experiment", "model"), ("experiment", "optimizer", "type")):
        complaint_about(path, json.dumps(changed(*place, to="one\ntwo\r\u2028three")))
    complaint_about(path, json.dumps(changed("experiment", "a\nb", to=1)))
    name = [{"name": "w\n\u2028v", "start": 0.0}]
    complaint_about(path, json.dumps(changed("experiment", "parameters", to=name)))


def test_a_lone_surrogate(path: Path) -> None:
    complaint_about(path, json.dumps(changed("experiment", "model", to="\ud800 * x")))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
@example(content=b'{"\x80')
def test_binary_rubbish(path: Path, content: bytes) -> None:
    complaint_about(path, content)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_read_right_or_refused_in_one_line(path: Path, data: st.DataObject) -> None:
    content = bytearray(json.dumps(DOCUMENT).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        stop = data.draw(st.integers(start, min(start + 5, len(content))))
        content[start:stop] = data.draw(st.one_of(st.binary(max_size=3), st.text(max_size=3).map(str.encode)))
    read_right_or_refused(path, bytes(content))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.sampled_from(("w", "b", "w*x", "y_pred", "float64", "sgd")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
PLACES: list[tuple[str | int, ...]] = [
    ("format",),
    ("version",),
    ("experiment",),
    *(("experiment", key) for key in DOCUMENT["experiment"]),
    *(("experiment", "optimizer", key) for key in DOCUMENT["experiment"]["optimizer"]),
    *(("experiment", "loop", key) for key in DOCUMENT["experiment"]["loop"]),
    *(("experiment", "stop", key) for key in DOCUMENT["experiment"]["stop"]),
    ("experiment", "parameters", 0),
    ("experiment", "parameters", 0, "name"),
    ("experiment", "parameters", 0, "start"),
    ("experiment", "data", "x"),
    ("experiment", "data", "x", 0),
    ("experiment", "data", "y"),
]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(PLACES), value=JSON)
@example(place=("experiment", "learning_rate"), value=10**400)
@example(place=("experiment", "data", "x", 0), value=-(10**400))
@example(place=("experiment", "parameters", 0, "start"), value=10**308)
def test_any_other_value_is_read_right_or_refused_in_one_line(
    path: Path, place: tuple[str | int, ...], value: object
) -> None:
    read_right_or_refused(path, json.dumps(changed(*place, to=value)).encode())


def read_right_or_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        experiment = read_run_spec(path).experiment
    except ExperimentFileError:
        complaint(path)
        return
    # What was read is what Python's own JSON reader finds in the file.
    ours = json.loads(run_spec_text(RunSpec(experiment)), parse_int=float)["experiment"]
    theirs = json.loads(content, parse_int=float)["experiment"]
    assert {key: ours[key] for key in theirs} == {
        key: {**ours[key], **value} if isinstance(value, dict) else value for key, value in theirs.items()
    }
    assert 1 <= experiment.epochs <= MOST_EPOCHS
    assert 0.0 < experiment.learning_rate < math.inf


# --- What is no file


def test_a_missing_file(tmp_path: Path) -> None:
    assert "No such file" in complaint(tmp_path / "missing.gradgui")
    assert "No such file" in complaint(tmp_path / "missing" / "one.gradgui")


def test_a_folder(tmp_path: Path) -> None:
    assert "irectory" in complaint(tmp_path)


def test_a_path_through_a_file(path: Path) -> None:
    path.write_text(run_spec_text(RunSpec(DEFAULT_EXPERIMENT)), encoding="utf-8")
    assert "irectory" in complaint(path / "one.gradgui")


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    assert "too long" in complaint(tmp_path / ("a" * 300 + ".gradgui"))


def test_a_file_that_is_larger_than_any_experiment(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2**30)  # a hole: it takes no room on the disk
    assert "larger" in complaint(path)


@pytest.fixture
def as_nobody() -> Iterator[None]:
    """Without root's right to read everything."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    yield
    os.seteuid(user)


@pytest.fixture
def unreadable() -> Iterator[Path]:
    """A file that nobody may read, in a folder that is open to all, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - that is what it is for
        path = Path(folder) / "one.gradgui"
        path.write_text(run_spec_text(RunSpec(DEFAULT_EXPERIMENT)), encoding="utf-8")
        path.chmod(0)
        yield path


def test_a_file_without_permission_to_read(unreadable: Path, as_nobody: None) -> None:
    assert "Permission denied" in complaint(unreadable)


def test_the_complaint_says_what_was_expected(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.gradgui"):
        assert complaint(path).endswith("expected a readable .gradgui file")
