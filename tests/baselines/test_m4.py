"""The command for files of the M4 competition, on small files of that layout, against plain numpy."""

import csv
import importlib.util
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("benchmarks_m4", ROOT / "benchmarks" / "m4.py")
m4 = importlib.util.module_from_spec(SPEC)
sys.modules[SPEC.name] = m4
SPEC.loader.exec_module(m4)

SEASON, HORIZON = 4, 6
Floats = npt.NDArray[np.float64]


def made(number: int) -> Floats:
    """Seasonal, or not; of different lengths."""
    generator = np.random.default_rng(number)
    steps = np.arange(40 + 3 * number + HORIZON)
    season = 1 + 0.4 * np.sin(2 * np.pi * steps / SEASON + number) if number % 2 else np.ones(steps.size)
    return 100 * season * np.exp(generator.normal(0, 0.05, steps.size).cumsum() / 3 + generator.normal(0, 0.03, steps.size))


SERIES = {f"S{number}": made(number) for number in range(1, 6)}


def write(path: Path, rows: dict[str, Floats], width: int) -> Path:
    """Quoted, with a header; every other row is filled up with empty cells, the rest just end."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow([f"V{column}" for column in range(1, width + 2)])
        for number, (name, values) in enumerate(rows.items()):
            writer.writerow([name, *map(repr, values.tolist()), *[""] * ((width - values.size) * (number % 2))])
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    train = write(tmp_path / "train.csv", {name: y[:-HORIZON] for name, y in SERIES.items()}, 60)
    test = write(tmp_path / "test.csv", {name: y[-HORIZON:] for name, y in SERIES.items()}, HORIZON)
    return ["--train", str(train), "--test", str(test), "--season", str(SEASON), "--processes", "1"]


def figure(y: Floats) -> Floats:
    """Of a classical multiplicative decomposition, for SEASON = 4; ones where the season is not significant."""
    n, centred = y.size, y - y.mean()
    r = [sum(centred[k:] * centred[: n - k]) / sum(centred**2) for k in range(1, SEASON + 1)]
    if abs(r[-1]) <= 1.645 * np.sqrt((1 + 2 * sum(v**2 for v in r[:-1])) / n):
        return np.ones(SEASON)
    trend = (y[:-4] / 2 + y[1:-3] + y[2:-2] + y[3:-1] + y[4:] / 2) / 4
    ratios = y[2:-2] / trend
    means = np.array([ratios[(phase - 2) % 4 :: 4].mean() for phase in range(4)])
    return means / means.mean()


def expected(rule: str) -> tuple[float, float]:
    """Mean sMAPE and MASE over all series."""
    errors = []
    for y in SERIES.values():
        train, test = y[:-HORIZON], y[-HORIZON:]
        phases = figure(train) if rule == "naive2" else np.ones(SEASON)
        ahead = np.arange(train.size, train.size + HORIZON)
        forecast = train[-1] / phases[(train.size - 1) % SEASON] * phases[ahead % SEASON]
        if rule == "seasonal_naive":
            forecast = np.array([train[-SEASON + step % SEASON] for step in range(HORIZON)])
        error = np.abs(test - forecast)
        errors.append((200 * np.mean(error / (test + forecast)), error.mean() / np.abs(train[4:] - train[:-4]).mean()))
    return tuple(np.mean(errors, axis=0))


def test_prints_the_errors_of_each_baseline(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert m4.main([*files, "--models", "naive2,naive,seasonal_naive,ses"]) == 0
    first, _, *lines = capsys.readouterr().out.splitlines()
    assert first == "5 series, season 4, horizon 6"
    printed = {line.split()[0]: line.split()[1:] for line in lines}
    scale = expected("naive2")
    for rule in ("naive", "seasonal_naive", "naive2"):
        errors = expected(rule)
        owa = (errors[0] / scale[0] + errors[1] / scale[1]) / 2
        assert printed[rule][:4] == [f"{errors[0]:.3f}", f"{errors[1]:.3f}", f"{owa:.3f}", "0"]
    assert printed["ses"][3] == "0"


def test_some_series_were_seasonal_and_some_not() -> None:
    assert len({bool(np.ptp(figure(y[:-HORIZON])) > 0) for y in SERIES.values()}) == 2


def test_what_cannot_be_computed_is_counted_and_said(tmp_path: Path, files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "train.csv", {"S1": np.ones(30), "S2": SERIES["S2"][:-HORIZON]}, 60)
    assert m4.main([*files, "--models", "naive", "--series", "2"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[2].split()[4] == "1"
    assert "naive, not computable: S1: mase: The training part repeats itself exactly after 4 steps" in out[3]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (["--models", "prophet"], "prophet"),
        (["--season", "0"], "--season is 0. It must be above 0."),
        (["--season", "daily"], "invalid int value"),
        (["--series", "-1"], "--series is -1"),
        (["--train", "nowhere.csv"], "nowhere.csv could not be read"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    changed: list[str], words: str, files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = m4.main([*files, *changed])
    except SystemExit as left:
        code = left.code
    assert code == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_a_series_without_values_to_forecast_is_said(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    write(Path(files[3]), {"other": np.ones(6)}, 6)
    assert m4.main(files) == 2
    assert "has no row for 'S1' (and 4 others)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no series"),
        ("id,V1\n", "holds no series"),
        ("id,V1\nA,1,x\n", "row 2, column 3: 'x' is not a number"),
        ("id,V1\nA,1\nA,2\n", "'A' is there twice"),
        ("id,V1\nA,,\n", "'A' has no values"),
        ("id,V1\nA,inf\n", "infinite"),
    ],
)
def test_files_of_another_layout_are_refused(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(text)
    with pytest.raises(m4.DataError, match=words):
        m4.read_series(path)
