"""The lesson the window opens on: ``y = w · x`` learns to double its input."""

from gradgui.experiment.experiment import Data, Experiment, Parameter

LESSON = Experiment(
    model="w * x",
    parameters=(Parameter("w", 0.0),),
    data=Data(x=(1.0, 2.0, 3.0, 4.0), y=(2.0, 4.0, 6.0, 8.0)),
)
