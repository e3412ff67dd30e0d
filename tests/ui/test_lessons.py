"""Lessons are addresses: each leads to a page, a run and a view that there are."""

import pytest

from seqlab.data.catalog import DATASETS, load_dataset
from seqlab.presets import presets_for
from seqlab.runs.examples import EXAMPLE, example_folders
from seqlab.ui.frame import PAGES
from seqlab.ui.lab.views import VIEWS
from seqlab.ui.lessons import LESSONS


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_it_leads_somewhere(lesson):
    assert lesson.page in PAGES
    assert lesson.address.get("run", EXAMPLE) in example_folders()
    assert lesson.address.get("dataset", "sunspots") in DATASETS
    assert lesson.address.get("view", "Trace") in {view.label for view in VIEWS.values()}


@pytest.mark.parametrize("lesson", [one for one in LESSONS if "preset" in one.address], ids=lambda lesson: lesson.title)
def test_its_preset_suits_its_data(lesson):
    assert lesson.address["preset"] in presets_for(load_dataset(lesson.address["dataset"]))
