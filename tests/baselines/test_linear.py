"""The closed-form linear map against least squares on explicitly built windows."""

import numpy as np
import numpy.typing as npt
import pytest

from seqlab.baselines import linear
from seqlab.baselines.linear import PENALTIES, fit_linear_map, fit_shared_linear
from seqlab.baselines.plan import OutOfTimeError
from seqlab.errors import DataError

Floats = npt.NDArray[np.float64]

COLUMNS = np.random.default_rng(0).normal(size=(300, 2)).cumsum(axis=0)
COLUMNS[50, 0] = np.nan


def windows(columns: Floats, length: int, horizon: int) -> tuple[Floats, Floats]:
    found = [column[row : row + length + horizon] for column in columns.T for row in range(len(column) - length - horizon + 1)]
    whole = np.array([window - window[length - 1] for window in found if not np.isnan(window).any()])
    return whole[:, :length], whole[:, length:]


def by_least_squares(columns: Floats, length: int, horizon: int, penalty: float) -> Floats:
    """(context + 1, horizon) weights and constants, the ridge as rows of its own."""
    x, y = windows(columns, length, horizon)
    ridge = np.sqrt(penalty * np.trace(np.cov(x.T, ddof=0) * len(x)) / length) * np.eye(length)
    rows = np.block([[x, np.ones((len(x), 1))], [ridge, np.zeros((length, 1))]])
    return np.linalg.lstsq(rows, np.vstack([y, np.zeros((length, horizon))]), rcond=None)[0]


@pytest.mark.parametrize(("length", "horizon", "penalty"), [(12, 4, 1e-2), (24, 3, 1e-6), (48, 24, 1e-4), (2, 1, 1e-1)])
def test_weights_equal_least_squares(length: int, horizon: int, penalty: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "BLOCK_ROWS", 37)
    fitted = fit_shared_linear(COLUMNS, length, horizon, penalty=penalty)
    expected = by_least_squares(COLUMNS, length, horizon, penalty)
    np.testing.assert_allclose(np.vstack([fitted.weights, fitted.constants]), expected, rtol=1e-8, atol=1e-10)
    x, _ = windows(COLUMNS, length, horizon)
    assert fitted.windows == len(x)
    np.testing.assert_allclose(fitted.predict(x + 7), 7 + x @ expected[:-1] + expected[-1], rtol=1e-8)


def test_penalty_is_the_one_with_the_least_error_on_the_last_fifth() -> None:
    length, horizon, split = 20, 6, 240
    x, y = windows(COLUMNS[split - length :], length, horizon)
    errors = []
    for penalty in PENALTIES:
        weights = by_least_squares(COLUMNS[:split], length, horizon, penalty)
        errors.append(float(np.sum((x @ weights[:-1] + weights[-1] - y) ** 2)))
    fitted = fit_shared_linear(COLUMNS, length, horizon)
    assert fitted.validated
    assert fitted.penalty == PENALTIES[int(np.argmin(errors))]


def test_time_keeps_the_newest_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "BLOCK_ROWS", 50)
    asked = []

    def check() -> None:
        asked.append(1)
        if len(asked) > 2:
            raise OutOfTimeError

    fitted = fit_linear_map(COLUMNS[:, 1:], COLUMNS[:, 1:], 10, 5, check=check)
    assert (fitted.windows, fitted.validated) == (56, False)  # the two blocks of the last fifth
    np.testing.assert_allclose(fitted.weights, by_least_squares(COLUMNS[-70:, 1:], 10, 5, fitted.penalty)[:-1], rtol=1e-6)


def test_a_constant_series_is_continued() -> None:
    np.testing.assert_array_equal(fit_shared_linear(np.full((40, 1), 3.0), 5, 2).predict(np.full((1, 5), 3.0)), [[3.0, 3.0]])


def test_what_cannot_be_fitted_is_said() -> None:
    with pytest.raises(DataError, match="hold no complete window of 200 \\+ 200"):
        fit_shared_linear(COLUMNS, 200, 200)
    with pytest.raises(DataError, match="at least 1"):
        fit_shared_linear(COLUMNS, 0, 1)
    with pytest.raises(DataError, match="\\(time, series\\)"):
        fit_shared_linear(COLUMNS[:, 0], 4, 1)
    with pytest.raises(DataError, match="\\(window, 4\\)"):
        fit_shared_linear(COLUMNS, 4, 1).predict([[1.0, 2.0]])
