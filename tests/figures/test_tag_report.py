import numpy as np

from seqlab.figures.tag_report import TagRow, _report_info, plot_tag_report

ROWS = (
    TagRow(name="B-LOC", precision=0.5, recall=1.0, f1=2 / 3, support=3),
    TagRow(name="<b>", precision=float("nan"), recall=0.0, f1=float("nan"), support=9),
)


def test_the_most_frequent_tag_comes_first():
    rows, rates = _report_info(ROWS)
    assert [row.name for row in rows] == ["<b>", "B-LOC"]
    np.testing.assert_array_equal(rates[1], [0.5, 1.0, 2 / 3])


def test_picture():
    figure = plot_tag_report(ROWS, counted="entities")
    assert [item.name for item in figure.data] == ["F1", "precision", "recall"]
    assert list(figure.layout.yaxis.ticktext) == ["&lt;b&gt;", "B-LOC"]
    assert figure.data[0].customdata[1].tolist() == ["B-LOC", "3 entities"]
    assert "no tag" in plot_tag_report([]).layout.annotations[0].text
