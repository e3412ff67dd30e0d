import math

from seqlab.figures.leaks import LeakBars, _leaks_info, plot_leaks

BARS = [
    LeakBars(label="Windows dealt at random", reported=0.3, untouched=0.6, honest=0.5),
    LeakBars(label="Scaling", reported=0.4, untouched=math.nan, honest=0.5),
    LeakBars(label="Broken", reported=math.nan, untouched=0.1, honest=0.5),
]


def test_a_leak_without_a_number_has_no_bars():
    found = _leaks_info(BARS)
    assert found["reported"] == [0.3, 0.4]
    assert found["honest"] == [0.5, 0.5]
    assert math.isnan(found["untouched"][1])


def test_bars_stand_in_groups_and_nothing_is_a_figure_too():
    figure = plot_leaks(BARS)
    assert {bar.name for bar in figure.data} == {"Reported, with the leak", "Same model, unseen rows", "Honest run"}
    assert list(figure.data[0].y) == ["Windows dealt<br>at random", "Scaling"]
    assert len(plot_leaks(BARS[1:]).data) == 2
    assert not plot_leaks([]).data
