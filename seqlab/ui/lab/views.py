"""VIEWS: the one table of the laboratory's views. Describing a view costs no heavy import."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from seqlab.ui.lab.bench import Bench

__all__ = ["VIEWS", "ViewEntry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewEntry:
    """One way to look into a model.

    Args:
        key: its word in the address.
        label: name on the screen.
        draw: ``module:function`` that draws it, given the bench.
    """

    key: str
    label: str
    draw: str

    def load(self) -> Callable[[Bench], None]:
        """The function that draws the view."""
        module, _, name = self.draw.partition(":")
        drawn: Callable[[Bench], None] = getattr(importlib.import_module(module), name)
        return drawn


_ENTRIES = (ViewEntry(key="trace", label="Trace", draw="seqlab.ui.lab.trace_view:draw"),)

VIEWS = {entry.key: entry for entry in _ENTRIES}
