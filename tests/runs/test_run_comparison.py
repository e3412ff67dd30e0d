"""Several runs side by side: what differs, groups, the front."""

import math

import numpy as np
import pytest

from seqlab.config import ModelConfig, RunSpec, TrainConfig, WindowConfig
from seqlab.runs.result import RunResult
from seqlab.runs.run_comparison import RunRow, groups, incomparable, pareto_front, run_row, same_data
from seqlab.runs.spec_fields import change_fields, differing, spec_values
from seqlab.runs.store import RunStore

BASE = RunSpec(dataset="airline_passengers")


def row(loss: float = 1.0, **changes: object) -> RunRow:
    spec = change_fields(BASE, {path.replace("__", "."): value for path, value in changes.items()})
    return RunRow(
        run_id="r", name=f"{loss}", status="finished", spec=spec, values=spec_values(spec), best_epoch=1, epochs=2,
        validation_loss=loss, scores={"mae": 2 * loss}, parameters=5, seconds=1.0, device="cpu", has_model=True,
    )  # fmt: skip


def test_a_row_of_a_run_and_of_one_that_has_not_begun(store: RunStore) -> None:
    ended, waiting = (store.submit(BASE.replace(training=TrainConfig(seed=seed))) for seed in (4, 5))
    folder = store.folder(ended)
    folder.training.end(
        RunResult(status="finished", scores={"mae": 2.5}, best_epoch=3, epochs=7, best_validation_loss=0.25, parameters=99, seconds=1.5)
    )
    (folder.path / "environment.json").write_text('{"device": "cpu"}')
    (folder.path / "spec.json").write_text(folder.spec.replace(fingerprint="f" * 64).to_json())
    made = run_row(store.get(ended))
    assert (made.best_epoch, made.epochs, made.validation_loss, made.score("mae"), made.parameters) == (3, 7, 0.25, 2.5, 99)
    assert (made.seconds, made.device, made.seed, made.spec.fingerprint) == (1.5, "cpu", 4, "f" * 64)
    assert math.isnan(made.score("rmse"))
    other = run_row(store.get(waiting))
    assert math.isnan(other.validation_loss)
    assert (other.parameters, other.device, other.has_model) == (0, "", False)


def test_what_differs_in_the_order_of_the_config_classes() -> None:
    specs = [BASE, change_fields(BASE, {"training.seed": 1, "model.cell": "gru"}), change_fields(BASE, {"window.context_length": 24})]
    assert differing(specs) == ("window.context_length", "model.cell", "training.seed")
    assert differing(specs[:1]) == ()
    made = (BASE.replace(dataset="sine", dataset_options={"period": period}) for period in (5, 6))
    assert differing(list(made)) == ("dataset_options.period",)


def test_groups_mean_and_deviation_over_seeds() -> None:
    rows = [
        row(loss, model__hidden_size=units, training__seed=seed) for seed, (loss, units) in enumerate([(3, 16), (1, 8), (2, 8), (6, 8)])
    ]
    rows.append(row(math.nan, model__hidden_size=16))
    small, large = groups(rows, "model.hidden_size", [each.validation_loss for each in rows])
    assert (small.value, large.value) == ("8", "16")
    assert small.mean == 3.0
    assert small.deviation == pytest.approx(np.std([1, 2, 6], ddof=1))
    assert (large.mean, large.missing, large.names) == (3.0, 1, ("3",))
    assert math.isnan(large.deviation)


def test_the_front_equals_its_definition() -> None:
    rng = np.random.default_rng(0)
    cost, error = rng.integers(0, 8, 60).astype(float), rng.integers(0, 8, 60).astype(float)
    cost[3], error[5] = np.nan, np.inf
    found = pareto_front(cost, error)
    for one in range(60):
        beaten = any(
            cost[other] <= cost[one] and error[other] <= error[one] and (cost[other] < cost[one] or error[other] < error[one])
            for other in range(60)
        )
        assert found[one] == (bool(np.isfinite(cost[one]) and np.isfinite(error[one])) and not beaten)
    assert pareto_front([], []).shape == (0,)


@pytest.mark.parametrize(
    ("changes", "loss", "test"),
    [
        ({"model__hidden_size": 8}, (), ()),
        ({"training__loss": "mae"}, ("Loss",), ()),
        ({"data__scaling": "minmax"}, ("Scaling",), ()),
        ({"split__train_size": 0.5}, ("Training part",), ("Training part",)),
        ({"window__horizon": 6}, ("Horizon (steps)",), ("Horizon (steps)",)),
    ],
)
def test_what_makes_losses_and_test_errors_incomparable(changes: dict[str, object], loss: tuple[str, ...], test: tuple[str, ...]) -> None:
    rows = [row(), row(**changes)]
    assert incomparable(rows) == loss
    assert incomparable(rows, test=True) == test


def test_same_data_in_words() -> None:
    one = BASE.replace(fingerprint="a")
    assert same_data(one, BASE) == ""
    assert "changed" in same_data(one, BASE.replace(fingerprint="b"))
    assert "target" in same_data(one, change_fields(BASE, {"data.targets": ("x",)}))
    assert same_data(one, BASE.replace(window=WindowConfig(horizon=3), model=ModelConfig(hidden_size=2))) == ""
