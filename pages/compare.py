"""Compare: the model beside simple statistics, on the same test part."""

from seqlab.ui import frame
from seqlab.ui.chosen_run import say_unfinished, selected_run
from seqlab.ui.compare.page import draw_page
from seqlab.ui.messages import guard

frame.begin("compare")

with guard("opening the comparison"):
    run = selected_run()
    if not say_unfinished(run):
        draw_page(run)
