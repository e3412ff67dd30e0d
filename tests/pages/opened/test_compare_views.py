"""What holds for every view of the Compare page: it opens by its address on two columns and one step, and says something."""

import pytest

from seqlab.ui.compare.views import VIEWS

PLAIN, DEEP = "20260101-000000-aaaaaa", "20260101-000001-bbbbbb"


@pytest.mark.parametrize("run", [PLAIN, DEEP])
@pytest.mark.parametrize("view", VIEWS)
def test_opens_by_its_key(runs, example, open_page, view, run):
    app = open_page("compare", run=run, view=view)
    assert app.get_by_key("view").value == view
    assert not app.exception
    assert not app.error
    assert len(app.markdown) > 2
