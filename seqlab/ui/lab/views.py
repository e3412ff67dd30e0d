"""VIEWS: the one table of the laboratory's views. Describing a view costs no heavy import."""

from seqlab.ui.lab.bench import Bench
from seqlab.ui.view_menu import ViewEntry

__all__ = ["VIEWS"]

_ENTRIES: tuple[ViewEntry[Bench], ...] = (
    ViewEntry(key="trace", label="Trace", draw="seqlab.ui.lab.trace_view:draw"),
    ViewEntry(key="step", label="One step", draw="seqlab.ui.lab.step_view:draw"),
    ViewEntry(key="change", label="Change gates", draw="seqlab.ui.lab.change_view:draw"),
    ViewEntry(key="memory", label="Memory", draw="seqlab.ui.lab.memory_view:draw"),
    ViewEntry(key="saturation", label="Saturation", draw="seqlab.ui.lab.saturation_view:draw"),
    ViewEntry(key="gradients", label="Gradients", draw="seqlab.ui.lab.gradient_view:draw"),
    ViewEntry(key="training", label="Through training", draw="seqlab.ui.lab.training_view:draw"),
    ViewEntry(key="bias", label="Forget bias", draw="seqlab.ui.lab.bias_view:draw"),
    ViewEntry(key="search", label="Search", draw="seqlab.ui.lab.search_view:draw"),
    ViewEntry(key="pair", label="Two models", draw="seqlab.ui.lab.pair_view:draw"),
    ViewEntry(key="transplant", label="Transplant", draw="seqlab.ui.lab.transplant_view:draw"),
    ViewEntry(key="trajectory", label="Trajectory", draw="seqlab.ui.lab.trajectory_view:draw"),
)

VIEWS = {entry.key: entry for entry in _ENTRIES}
