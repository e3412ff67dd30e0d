import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlab.records import BatchProgress, EpochRecord
from seqlab.runs.metrics import MetricsLog, Note, read_metrics


def epoch(number: int, loss: float = 0.5) -> EpochRecord:
    return EpochRecord(
        epoch=number,
        step=10 * number,
        train_loss=loss,
        validation_loss=0.1 + 0.2,
        learning_rate=1e-3,
        gradient_norm=1.0,
        seconds=0.25,
        windows_per_second=100.0,
        best=True,
    )


def progress(step: int) -> BatchProgress:
    return BatchProgress(
        epoch=1 + step // 10,
        batch=step % 10,
        batches=10,
        step=step,
        train_loss=0.5,
        learning_rate=1e-3,
        gradient_norm=math.nan,
        seconds=0.1,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metrics.jsonl"


def test_reading_goes_on_where_it_ended(path: Path) -> None:
    assert read_metrics(path) == ([], 0)
    log = MetricsLog(path)
    log.append([epoch(1)])
    first, offset = read_metrics(path)
    assert first == [epoch(1)]
    assert read_metrics(path, offset) == ([], offset)
    note = Note(text="Paused.", step=10, time=1.5)
    log.append([note, epoch(2)])
    second, end = read_metrics(path, offset)
    assert second == [note, epoch(2)]
    assert end == path.stat().st_size
    log.close()


@given(loss=st.floats(allow_nan=False, allow_infinity=False))
def test_a_loss_keeps_every_bit(tmp_path_factory: pytest.TempPathFactory, loss: float) -> None:
    path = tmp_path_factory.mktemp("curve") / "metrics.jsonl"
    log = MetricsLog(path)
    log.append([epoch(1, loss)])
    log.close()
    (record,), _ = read_metrics(path)
    assert isinstance(record, EpochRecord)
    assert record.train_loss.hex() == float(loss).hex()


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_what_is_no_number_reads_as_nan(path: Path, loss: float) -> None:
    log = MetricsLog(path)
    log.append([epoch(1, loss)])
    log.close()
    (record,), _ = read_metrics(path)
    assert isinstance(record, EpochRecord)
    assert math.isnan(record.train_loss)


def test_a_torn_line_is_not_read_and_the_next_writer_cuts_it_off(path: Path) -> None:
    log = MetricsLog(path)
    log.append([epoch(1)])
    log.close()
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2])
    records, offset = read_metrics(path)
    assert records == [epoch(1)]
    assert offset == len(whole)
    log = MetricsLog(path)
    log.append([epoch(2)])
    log.close()
    assert read_metrics(path, offset)[0] == [epoch(2)]


def test_a_garbled_line_is_passed_over(path: Path) -> None:
    log = MetricsLog(path)
    log.append([epoch(1)])
    log.close()
    with path.open("ab") as file:
        file.write(b"\x00\x00\x00\n" + b'{"kind": "unheard of"}\n' + b'"text"\n')
    log = MetricsLog(path)
    log.append([epoch(2)])
    log.close()
    assert read_metrics(path)[0] == [epoch(1), epoch(2)]


def test_what_a_resumed_run_repeats_is_not_appended_twice(path: Path) -> None:
    log = MetricsLog(path)
    log.append([progress(5), progress(10), epoch(1), progress(15)])
    log.close()
    log = MetricsLog(path)
    assert log.knows(progress(15))
    assert not log.knows(progress(16))
    log.append([Note(text="Resumed.", step=10, time=0.0), progress(12), epoch(1), progress(16), epoch(2)])
    log.close()
    steps = [r.step for r in read_metrics(path)[0] if not isinstance(r, Note)]
    assert steps == [5, 10, 10, 15, 16, 20]
