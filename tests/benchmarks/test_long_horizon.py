"""The long-horizon command, against the protocol written out in numpy."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.long_horizon import main
from seqlab.baselines.linear import PENALTIES

CONTEXT, HORIZON, TRAIN, VALIDATION, TEST = 12, 6, 200, 50, 60
PROTOCOL = ["--context", "12", "--horizon", "6", "--split", "200,50,60", "--season", "6"]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two columns of very different size, and 40 rows that the protocol ignores."""
    draws = np.random.default_rng(0)
    time = np.arange(350)
    wave = np.sin(2 * np.pi * time / 6)
    load = 50 + 20 * wave + draws.normal(0, 8, 350).cumsum() / 4
    oil = 0.1 * np.roll(wave, 2) + draws.normal(0, 0.02, 350)
    path = tmp_path_factory.mktemp("long") / "two.csv"
    dates = pd.date_range("2016-07-01", periods=350, freq="h")
    pd.DataFrame({"date": dates, "load": load, "oil": oil}).to_csv(path, index=False)
    return path


def written_out(table: Path) -> tuple[np.ndarray, np.ndarray]:
    """(window, context + horizon) training and test windows of both columns, scaled by the training rows."""
    values = pd.read_csv(table)[["load", "oil"]].to_numpy()
    values = (values - values[:TRAIN].mean(axis=0)) / values[:TRAIN].std(axis=0)

    def cut(first: int, end: int) -> np.ndarray:
        starts = range(first - CONTEXT, end - CONTEXT - HORIZON + 1)
        return np.array([values[start : start + CONTEXT + HORIZON, column] for column in range(2) for start in starts])

    return cut(CONTEXT, TRAIN), cut(TRAIN + VALIDATION, TRAIN + VALIDATION + TEST)


def scores(line: str) -> tuple[float, float]:
    """MSE and MAE of a printed line."""
    words = line.replace(",", "").split()
    return float(words[words.index("MSE") + 1]), float(words[words.index("MAE") + 1])


def test_seasonal_naive_and_linear_equal_the_protocol_written_out(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train, test = written_out(table)
    assert len(test) == 2 * (TEST - HORIZON + 1)

    assert main(["--csv", str(table), "--model", "seasonal_naive", *PROTOCOL]) == 0
    head, line = capsys.readouterr().out.splitlines()
    assert "test windows 55 per column, 110 in all" in head
    error = test[:, CONTEXT - 6 : CONTEXT] - test[:, CONTEXT:]
    assert scores(line) == pytest.approx(((error**2).mean(), np.abs(error).mean()), abs=6e-5)

    assert main(["--csv", str(table), "--model", "linear", *PROTOCOL]) == 0
    found = scores(capsys.readouterr().out.splitlines()[1])
    x, y = (part - train[:, CONTEXT - 1 : CONTEXT] for part in (train[:, :CONTEXT], train[:, CONTEXT:]))
    centred = x - x.mean(axis=0)
    scale = np.trace(centred.T @ centred) / CONTEXT
    possible = []
    for penalty in PENALTIES:
        weights = np.linalg.solve(centred.T @ centred + penalty * scale * np.eye(CONTEXT), centred.T @ (y - y.mean(axis=0)))
        last = test[:, CONTEXT - 1 : CONTEXT]
        error = last + y.mean(axis=0) + (test[:, :CONTEXT] - last - x.mean(axis=0)) @ weights - test[:, CONTEXT:]
        possible.append(((error**2).mean(), np.abs(error).mean()))
    assert any(found == pytest.approx(each, abs=6e-5) for each in possible)


def test_networks_print_a_line_per_seed_and_their_mean(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--model", "gru", "--segment", "6", "--hidden", "8", "--epochs", "2", "--seeds", "2", "--target", "load"]
    assert main(["--csv", str(table), *PROTOCOL, *options]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "1 columns (load)" in lines[0]
    assert "55 in all" in lines[0]
    assert [line.split(":")[0] for line in lines[1:]] == ["gru seed 0", "gru seed 1", "gru mean of 2 seeds"]
    assert "of 2 kept" in lines[1]
    mean = np.mean([scores(line) for line in lines[1:3]], axis=0)
    assert scores(lines[3]) == pytest.approx(tuple(mean), abs=1.1e-4)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--target", "steam"], "no column of numbers called 'steam' in two.csv. Its columns of numbers are: load, oil"),
        (["--split", "200,50"], "is not three numbers of rows"),
        (["--split", "200,0,50"], "has a part without rows"),
        (["--model", "linear", "--split", "300,50,50"], "The 350 rows cannot be split"),
        (["--model", "linear", "--split", "200,50,5"], "longer than the test part"),
        (["--model", "seasonal_naive", "--season", "13"], "before the context of 12 steps"),
        (["--segment", "5"], "cannot be cut into segments of 5"),
        (["--seeds", "0"], "at least 1 of each"),
    ],
)
def test_what_cannot_be_done_is_said(table: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str) -> None:
    assert main(["--csv", str(table), *PROTOCOL, *options]) == 2
    assert said in capsys.readouterr().err


def test_a_missing_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--csv", str(tmp_path / "none.csv")]) == 2
    assert "none.csv" in capsys.readouterr().err
