import numpy as np
import pytest

from seqlab.errors import ConfigError, DataError, UnknownKeyError
from seqlab.evaluation.losses import loss_table, overlapping
from seqlab.records import Forecast


def forecast(model, y_pred, y_true, origins=None):
    y_pred, y_true = np.asarray(y_pred, dtype=float), np.asarray(y_true, dtype=float)
    origins = np.arange(len(y_true)) if origins is None else origins
    targets = tuple(f"y{number}" for number in range(y_true.shape[2]))
    return Forecast(model=model, targets=targets, origins=origins, y_pred=y_pred, y_true=y_true)


def test_unobserved_values_are_left_out_and_wild_forecasts_are_named():
    truth = np.array([[[1.0], [2.0]], [[np.nan], [np.nan]], [[4.0], [np.nan]]])
    fine, wild = np.zeros((3, 2, 1)), np.full((3, 2, 1), np.inf)
    table = loss_table([forecast("a", fine, truth), forecast("b", wild, truth)], loss="squared")
    assert table.origins.tolist() == [0, 2]
    assert table.losses[:, 0].tolist() == [2.5, 16.0]
    assert np.isnan(table.losses[:, 1]).all()
    assert table.reasons == ("", "3 of 3 forecasts of b are not finite numbers.")


def test_targets_count_alike_whatever_their_units():
    rng = np.random.default_rng(0)
    truth, error = rng.normal(size=(20, 3, 1)), rng.normal(size=(20, 3, 1))
    one = loss_table([forecast("a", truth + error, truth)])
    two = loss_table([forecast("a", np.concatenate([truth + error, 1000 * (truth + error)], axis=2), truth * [1, 1000])])
    np.testing.assert_allclose(two.losses, one.losses / truth.std())
    np.testing.assert_allclose(loss_table([forecast("a", truth + error, truth)], step=2, target=0).losses[:, 0], np.abs(error[:, 1, 0]))


def test_overlap_of_spread_origins():
    for rows in (1, 2, 5, 7, 30):
        origins = np.arange(0, 20 * rows, rows)
        for horizon in (1, 2, 12):
            assert overlapping(origins, horizon) == -(-horizon // rows) - 1
    assert overlapping(np.array([], dtype=np.int64), 5) == 0


def test_what_does_not_fit_is_refused():
    truth = np.zeros((3, 2, 1))
    one = forecast("a", truth, truth)
    with pytest.raises(DataError, match="different starting points"):
        loss_table([one, forecast("b", truth, truth, np.arange(1, 4))])
    with pytest.raises(ConfigError, match="There are 1 to 2"):
        loss_table([one], step=3)
    with pytest.raises(UnknownKeyError):
        loss_table([one], loss="cubic")
