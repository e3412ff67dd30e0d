"""Runs: everything trained so far; open it, rename it, take it away, compare it, or search for better settings."""

from seqlab.ui import frame
from seqlab.ui.messages import draw_problem, guard
from seqlab.ui.runs_page import draw_runs_page

frame.begin("runs")
draw_problem()
with guard("drawing the Runs page"):
    draw_runs_page()
