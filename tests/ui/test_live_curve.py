"""A run's records become the curve, the figures and the time left."""

import math

import pytest

from seqlab.records import BatchProgress, EpochRecord
from seqlab.runs.metrics import Note
from seqlab.ui.live_curve import LiveCurve


def epoch(number, *, seconds=2.0, best=False):
    return EpochRecord(
        epoch=number,
        step=number * 10,
        train_loss=1 / number,
        validation_loss=2 / number,
        learning_rate=1e-3,
        gradient_norm=0.5,
        seconds=seconds,
        windows_per_second=100.0,
        best=best,
    )


def progress(number, batch, *, seconds=1.0, loss=0.5):
    return BatchProgress(
        epoch=number, batch=batch, batches=10, step=0, train_loss=loss, learning_rate=1e-3, gradient_norm=math.nan, seconds=seconds
    )


class Tape:
    """Records handed out in portions, as a growing file does."""

    def __init__(self, *portions):
        self.portions = list(portions)
        self.offsets = []

    def __call__(self, offset):
        self.offsets.append(offset)
        return (self.portions.pop(0) if self.portions else []), offset + 1


def curve_of(*portions, epochs=10):
    tape = Tape(*portions)
    curve = LiveCurve("run", tape, epochs=epochs, batch_size=32)
    return curve, tape


def test_each_record_is_read_once():
    curve, tape = curve_of([epoch(1, best=True)], [epoch(2), Note(text="Paused.", step=20, time=0.0)])
    for _ in range(3):
        curve.poll()
    assert tape.offsets == [0, 1, 2]
    assert curve.chart.line("Training").x == [1, 2]
    assert curve.chart.line("Validation").y == [2.0, 1.0]
    assert curve.notes == ["Paused."]
    assert curve.chart.marks == [(1, "best so far")]


def test_first_loss_is_drawn_before_the_first_epoch_ends():
    curve, _ = curve_of([progress(1, 1, seconds=0.01)])
    curve.poll()
    assert curve.chart.line("This epoch").x == [0.1]


def test_a_fast_epoch_does_not_flicker_and_a_slow_one_shows():
    curve, _ = curve_of([epoch(1, seconds=0.1), progress(2, 5)])
    curve.poll()
    assert curve.chart.line("This epoch").x == []
    curve, _ = curve_of([epoch(1, seconds=1.0), progress(2, 5), progress(2, 9)])
    curve.poll()
    assert curve.chart.line("This epoch").x == [1.5, 1.9]
    curve.poll(over=True)
    assert curve.chart.line("This epoch").x == []


def test_a_loss_that_was_not_read_is_not_drawn():
    curve, _ = curve_of([progress(1, 1, loss=math.nan)])
    curve.poll()
    assert curve.chart.line("This epoch").x == []


def test_time_left_and_share():
    curve, _ = curve_of([progress(1, 5, seconds=3.0)], [epoch(n, seconds=2.0) for n in (1, 2, 3, 4)], [progress(5, 5)])
    assert math.isnan(curve.seconds_left)
    curve.poll()
    assert curve.share_done == pytest.approx(0.05)
    assert curve.seconds_left == pytest.approx(9.5 * 6.0)
    assert curve.windows_per_second == pytest.approx(5 * 32 / 3.0)
    curve.poll()
    assert curve.seconds_left == pytest.approx(6 * 2.0)
    curve.poll()
    assert curve.seconds_left == pytest.approx(5.5 * 2.0)
    assert curve.windows_per_second == 100.0


def test_nothing_known_yet():
    curve, _ = curve_of()
    curve.poll()
    assert curve.last is None
    assert curve.best is None
    assert math.isnan(curve.windows_per_second)
    assert curve.share_done == 0.0
