"""Lessons are addresses: each leads to a page, a run and a view that there are."""

import pytest

from seqlab.runs.examples import EXAMPLE, example_folders
from seqlab.ui.frame import PAGES
from seqlab.ui.lab.views import VIEWS
from seqlab.ui.lessons import LESSONS


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_it_leads_somewhere(lesson):
    assert lesson.page in PAGES
    assert lesson.address.get("run", EXAMPLE) in example_folders()
    assert lesson.address.get("view", "Trace") in {view.label for view in VIEWS.values()}
