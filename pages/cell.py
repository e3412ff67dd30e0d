"""Cell: one small cell worked by hand, every number yours to change."""

from seqlab.ui import frame
from seqlab.ui.cell_page import draw_cell_page
from seqlab.ui.messages import guard

frame.begin("cell")

with guard("working the cell"):
    draw_cell_page()
