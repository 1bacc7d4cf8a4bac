"""Recordings: what a person changed on the way is written and read again, and checked."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradgui.experiment.changes import (
    DataChange,
    Intervention,
    LearningRateChange,
    LoopChange,
    ParameterChange,
)
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.run_spec import ExperimentFileError, RunSpec, read_run_spec, run_spec_text
from gradgui.experiment.training_loop import Loop

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=5)
DATA_SETS = POINTS.map(lambda points: Data(x=tuple(x for x, _ in points), y=tuple(y for _, y in points)))
EPOCHS = st.integers(0, 10**6)
CHANGES: st.SearchStrategy[Intervention] = st.one_of(
    st.builds(LearningRateChange, EPOCHS, st.floats(min_value=0.0, exclude_min=True, allow_infinity=False)),
    st.builds(ParameterChange, EPOCHS, st.just("w"), NUMBERS),
    st.builds(LoopChange, EPOCHS, st.builds(Loop, *[st.booleans()] * 4)),
    st.builds(DataChange, EPOCHS, DATA_SETS),
)


@given(changes=st.lists(CHANGES, max_size=5))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_written_and_read_again(tmp_path: Path, changes: list[Intervention]) -> None:
    recording = RunSpec(DEFAULT_EXPERIMENT, tuple(sorted(changes, key=lambda change: change.epoch)))
    path = tmp_path / "run.gradgui"
    path.write_text(run_spec_text(recording), encoding="utf-8")
    again = read_run_spec(path)
    assert again == recording
    assert repr(again) == repr(recording)  # which tells -0.0 from 0.0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('{"type": "data", "epoch": 3, "data": {"x": [1], "y": [1, 2]}}', "x has 1 values and y has 2"),
        ('{"type": "data", "epoch": 3, "data": {"x": [], "y": []}}', "at least one point"),
        ('{"type": "data", "epoch": 3, "data": {"x": [1], "y": ["2"]}}', "interventions[0].data.y[0]: "),
        ('{"type": "data", "epoch": 3}', "interventions[0].data is missing"),
        ('{"type": "data", "epoch": -1, "data": {"x": [1], "y": [2]}}', "interventions[0].epoch: "),
        ('{"type": "parameter", "epoch": 3, "name": "v", "value": 1}', "the model has no parameter v"),
    ],
)
def test_a_change_that_is_none(tmp_path: Path, change: str, said: str) -> None:
    path = tmp_path / "run.gradgui"
    text = run_spec_text(RunSpec(DEFAULT_EXPERIMENT)).rstrip().removesuffix("}")
    path.write_text(f'{text}, "interventions": [{change}]}}', encoding="utf-8")
    with pytest.raises(ExperimentFileError) as refused:
        read_run_spec(path)
    assert said in str(refused.value)


def test_changes_come_in_the_order_of_their_epochs() -> None:
    data = Data((1.0,), (2.0,))
    with pytest.raises(ValueError, match="epoch 2 must not come after epoch 3"):
        RunSpec(DEFAULT_EXPERIMENT, (DataChange(3, data), DataChange(2, data)))
