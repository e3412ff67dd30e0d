"""Every tripwire passes on an honest run, and each fails on data that is broken in its way."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from seqlab.config import DataConfig, RunSpec, WindowConfig
from seqlab.data.catalog import load_dataset
from seqlab.data.prepare import prepare
from seqlab.data.series import SeriesDataset
from seqlab.evaluation.broken_data import break_data
from seqlab.evaluation.tripwires import check_data, check_run, check_stopping, losses_now
from seqlab.records import EpochRecord, SplitBounds

KEYS = ("scaler", "rows", "order", "apart", "reach", "known", "twins", "best", "loss")


def prepared_of(dataset=None, **data):
    spec = RunSpec(dataset="airline_passengers", data=DataConfig(**data), window=WindowConfig(context_length=8, horizon=3))
    return prepare(dataset or load_dataset("airline_passengers"), spec)


@pytest.fixture(scope="module")
def honest():
    return prepared_of()


def results(checks):
    return {check.key: check.ok for check in checks}


def with_windows(prepared, **changed):
    windows = {part: changed.get(part, prepared.windows(part)) for part in ("train", "validation", "test")}
    return replace(prepared, _windows=MappingProxyType(windows))


def table(columns, **more):
    frame = pd.DataFrame({name: np.asarray(values, dtype=np.float64) for name, values in columns.items()})
    return SeriesDataset(label="Table", frame=frame, targets=("y",), **more)


def test_an_honest_run_passes_every_tripwire(airline_network, macro_network):
    for network in (airline_network, macro_network):
        found = check_run(network)
        assert tuple(check.key for check in found) == KEYS
        assert all(check.ok for check in found), [check for check in found if not check.ok]
        assert all(check.sentence and check.label for check in found)


@pytest.mark.parametrize("scaling", ["standard", "minmax", "none"])
@pytest.mark.parametrize("transform", ["none", "log"])
def test_honest_data_passes_with_every_scaling(scaling, transform):
    assert all(results(check_data(prepared_of(scaling=scaling, transform=transform, calendar=True))).values())


@pytest.mark.parametrize(
    ("leak", "tripped"),
    [
        ("scaler", {"scaler"}),
        ("random_split", {"order", "apart", "reach"}),
        ("overlap", {"order", "apart", "reach"}),
        ("stop_on_test", {"order", "apart"}),
        ("future_covariate", {"rows", "known"}),
    ],
)
def test_every_leak_trips_its_wires_and_no_others(honest, leak, tripped):
    found = results(check_data(break_data(honest, leak)))
    assert {key for key, ok in found.items() if ok is False} == tripped
    assert all(found[key] for key in found if key not in tripped)


def test_a_scale_of_any_other_rows_is_noticed(honest):
    shifted = replace(honest.scaler, center=honest.scaler.center + 1e-3 * honest.scaler.scale)
    check = next(check for check in check_data(replace(honest, scaler=shifted)) if check.key == "scaler")
    assert check.ok is False
    assert "other rows" in check.sentence
    everything = next(check for check in check_data(break_data(honest, "scaler")) if check.key == "scaler")
    assert "all 144 rows" in everything.sentence
    values = honest.dataset.frame["passengers"].to_numpy()
    assert everything.numbers["center of passengers, in use"] == pytest.approx(values.mean())
    assert everything.numbers["center of passengers, training rows"] == pytest.approx(values[: honest.bounds.train_end].mean())


def test_windows_that_lie_elsewhere_than_they_say_are_noticed(honest):
    test = honest.windows("test")
    assert results(check_data(with_windows(honest, test=replace(test, origins=test.origins - 1))))["rows"] is False
    outside = with_windows(honest, test=replace(test, origins=test.origins + 1_000))
    assert next(check for check in check_data(outside) if check.key == "rows").ok is False


def test_a_row_forecast_in_two_parts_is_noticed(honest):
    validation, test = honest.windows("validation"), honest.windows("test")
    reaching = replace(validation, origins=validation.origins + 2)  # the last one now ends in the test part
    found = {check.key: check for check in check_data(with_windows(honest, validation=reaching))}
    assert found["apart"].ok is False
    assert found["apart"].numbers["rows in validation and test"] == 2
    assert found["order"].ok is False
    assert found["reach"].ok
    assert test.window_count


def test_bounds_out_of_order_are_noticed(honest):
    wrong = replace(honest, bounds=SplitBounds(train_end=120, validation_end=110, end=144))
    assert results(check_data(wrong))["order"] is False


def test_a_known_column_that_is_the_target_is_noticed_and_an_undeclared_one_is_asked_about():
    y = np.random.default_rng(0).normal(size=120).cumsum()
    columns = {"y": y, "copy": y + 0.01, "plan": np.sin(np.arange(120.0))}
    declared = table(columns, known_ahead=("copy", "plan"))

    def known(dataset, *names):
        return next(check for check in check_data(prepared_of(dataset, known_covariates=names)) if check.key == "known")

    assert known(declared, "plan").ok is True
    assert known(declared, "copy").ok is None
    assert "Is it really known" in known(declared, "copy").sentence
    assert known(table(columns), "plan").ok is None
    assert known(table(columns), "copy").ok is False
    assert known(table(columns), "copy").numbers["correlation of copy with y at the same time"] == pytest.approx(1.0)


def test_rows_that_were_copied_are_noticed():
    once = np.random.default_rng(0).normal(size=60)
    found = next(check for check in check_data(prepared_of(table({"y": np.tile(once, 3)}))) if check.key == "twins")
    assert found.ok is False
    assert found.numbers["with a twin in training"] == found.numbers["test windows"]
    single = np.concatenate([np.random.default_rng(1).normal(size=170), once[:10]])
    single[100:111] = single[160:171]
    assert next(check for check in check_data(prepared_of(table({"y": single}))) if check.key == "twins").ok is None


def record(epoch, loss, *, best=False):
    return EpochRecord(
        epoch=epoch,
        step=epoch,
        train_loss=1.0,
        validation_loss=loss,
        learning_rate=0.1,
        gradient_norm=1.0,
        seconds=1.0,
        windows_per_second=1.0,
        best=best,
    )


def test_stopping_on_anything_but_validation_is_noticed():
    curve = (record(1, 0.5, best=True), record(2, 0.4, best=True), record(3, 0.6))
    assert results(check_stopping(curve, {"validation": 0.4, "test": 0.7})) == {"best": True, "loss": True}
    assert results(check_stopping(curve, {"validation": 0.9, "test": 0.4})) == {"best": True, "loss": False}
    assert results(check_stopping((*curve, record(4, 0.45, best=True)), {"validation": 0.45, "test": 1.0})) == {"best": False, "loss": True}
    assert results(check_stopping((record(1, float("nan")),), {"validation": 0.4, "test": 0.4})) == {"best": None, "loss": None}


def test_the_loss_is_computed_as_training_does(airline_network):
    now = losses_now(airline_network)
    assert now["validation"] == pytest.approx(airline_network.history[-1].validation_loss, rel=1e-5)
    assert now["test"] != pytest.approx(now["validation"], rel=0.01)
