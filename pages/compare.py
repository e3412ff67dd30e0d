"""Compare: the model beside simple methods, on the same test part."""

from seqlab.ui import frame
from seqlab.ui.chosen_run import say_unfinished, selected_run
from seqlab.ui.compare.page import draw_page
from seqlab.ui.datasets import open_dataset
from seqlab.ui.judge.page import draw_judged
from seqlab.ui.messages import guard

frame.begin("compare")

with guard("opening the comparison"):
    run = selected_run()
    if not say_unfinished(run):
        forecasts = open_dataset(run.spec.dataset, run.spec.dataset_options).task == "forecast"
        (draw_page if forecasts else draw_judged)(run)
