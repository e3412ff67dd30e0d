"""The baselines on files of the M4 competition: mean sMAPE and MASE over all series, one line per baseline.

    python -m benchmarks.m4 --train Hourly-train.csv --test Hourly-test.csv --season 24 [--models naive,theta] [--series 50]

A file has a header row and one row per series: its id, then its values, oldest first. Rows end with empty cells or are
shorter than others. Each series is forecast over the length of its test row, from its train row alone. sMAPE is on the
scale of 0 to 200; MASE is over the error of repeating the value one season earlier in the train row; OWA is the mean of
both relative to Naive 2 on the same series. On M4 Hourly (season 24) the competition published, sMAPE and MASE: naive
43.003 and 11.608, seasonal naive 13.912 and 1.193, Naive 2 18.383 and 2.395.
"""

import argparse
import csv
import multiprocessing
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from seqlab.baselines.plan import FitPlan
from seqlab.baselines.table import BASELINES, by_cost
from seqlab.errors import DataError, SeqlabError, UnknownKeyError
from seqlab.evaluation.metrics import mase, smape

__all__ = ["main", "read_series"]

Floats = npt.NDArray[np.float64]

QUICK = 2.0  # the dearest baseline that runs unless asked for, by BaselineEntry.cost
YARDSTICK = "naive2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One series and what to forecast it with."""

    name: str
    train: Floats
    test: Floats
    season_length: int
    models: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One baseline on one series; NaN where an error cannot be computed."""

    model: str
    smape: float
    mase: float
    reasons: tuple[str, ...]
    noted: bool
    seconds: float


def read_series(path: Path) -> dict[str, Floats]:
    """Id → values of each row below the header.

    Raises:
        DataError: the file cannot be read, or has another layout.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.reader(file))[1:]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} could not be read: {error}. Give a CSV file of the M4 competition's layout.") from error
    series: dict[str, Floats] = {}
    for number, cells in enumerate(rows, start=2):
        values = [cell.strip() for cell in cells[1:]]
        while values and values[-1] in ("", "NA"):
            values.pop()
        if not values:
            if any(cell.strip() for cell in cells):
                raise DataError(f"{path}, row {number}: {cells[0]!r} has no values. Each row needs an id and its values.")
            continue
        if cells[0] in series:
            raise DataError(f"{path}, row {number}: the id {cells[0]!r} is there twice. Each series needs an id of its own.")
        series[cells[0]] = _numbers(values, f"{path}, row {number}")
    if not series:
        raise DataError(f"{path} holds no series. It needs a header row, then one row per series: its id and its values.")
    return series


def _numbers(values: list[str], where: str) -> Floats:
    numbers = np.empty(len(values))
    for column, text in enumerate(values):
        try:
            numbers[column] = np.nan if text in ("", "NA") else float(text)
        except ValueError as error:
            raise DataError(f"{where}, column {column + 2}: {text!r} is not a number.") from error
    if not np.isfinite(numbers).any() or np.isinf(numbers).any():
        raise DataError(f"{where}: infinite values, or none at all. Give finite numbers.")
    return numbers


def tasks(options: argparse.Namespace) -> list[Task]:
    """What to do, checked.

    Raises:
        SeqlabError: a file, a model or a number that cannot be used.
    """
    for name in ("season", "series", "seconds", "processes"):
        if getattr(options, name) is not None and getattr(options, name) <= 0:
            raise DataError(f"--{name} is {getattr(options, name)}. It must be above 0.")
    models = _models(options.models)
    train, test = read_series(options.train), read_series(options.test)
    names = list(train)[: options.series]
    unknown = [name for name in names if name not in test]
    if unknown:
        raise DataError(f"{options.test} has no row for {unknown[0]!r} (and {len(unknown) - 1} others) of {options.train}.")
    return [
        Task(name=name, train=train[name], test=test[name], season_length=options.season, models=models, seconds=options.seconds)
        for name in names
    ]


def _models(chosen: str | None) -> tuple[str, ...]:
    possible = [entry.key for entry in BASELINES.values() if not entry.joint]
    if chosen is None:
        return tuple(key for key in possible if BASELINES[key].cost <= QUICK)
    keys = [key.strip() for key in chosen.split(",") if key.strip()]
    for key in keys or [chosen]:
        if key not in possible:
            raise UnknownKeyError.of("baseline for one series", key, possible)
    return tuple(dict.fromkeys(keys))


def outcomes(task: Task) -> list[Outcome]:
    """Every baseline on one series."""
    found = []
    horizon = task.test.size
    for key in task.models:
        started = time.perf_counter()
        plan = FitPlan(horizon=horizon, seasons=(task.season_length,) if task.season_length > 1 else (), seconds=task.seconds)
        try:
            model = BASELINES[key].fit(task.train, task.season_length, plan)
            forecast, notes, reason = model.forecast(horizon), model.notes, ""
        except SeqlabError as error:
            forecast, notes, reason = np.full(horizon, np.nan), (), str(error)
        scores = (smape(task.test, forecast), mase(task.test, forecast, task.train, task.season_length))
        found.append(
            Outcome(
                model=key,
                smape=scores[0].value,
                mase=scores[1].value,
                reasons=tuple(f"{task.name}: {score.metric}: {reason or score.reason}" for score in scores if score.reason),
                noted=bool(notes),
                seconds=time.perf_counter() - started,
            )
        )
    return found


def table(results: list[list[Outcome]], models: tuple[str, ...]) -> list[str]:
    """The lines to print: means over the series where the error can be computed."""
    by_model = {key: [outcome for outcomes_ in results for outcome in outcomes_ if outcome.model == key] for key in models}
    lines = [f"{'baseline':<22}{'sMAPE':>9}{'MASE':>10}{'OWA':>8}{'not computable':>16}{'with notes':>12}{'seconds':>9}"]
    for key, rows in by_model.items():
        failed = sum(bool(row.reasons) for row in rows)
        noted, seconds = sum(row.noted for row in rows), sum(row.seconds for row in rows)
        shown = (_mean([row.smape for row in rows]), _mean([row.mase for row in rows]), _owa(rows, by_model.get(YARDSTICK)))
        lines.append(f"{key:<22}{shown[0]:>9.3f}{shown[1]:>10.3f}{shown[2]:>8.3f}{failed:>16,}{noted:>12,}{seconds:>9.1f}")
    lines += [f"{key}, not computable: {rows_[0]}" for key, rows in by_model.items() if (rows_ := [r for row in rows for r in row.reasons])]
    return lines


def _mean(values: list[float]) -> float:
    computed = [value for value in values if not np.isnan(value)]
    return float(np.mean(computed)) if computed else float("nan")


def _owa(rows: list[Outcome], yardstick: list[Outcome] | None) -> float:
    """Mean of relative sMAPE and relative MASE, over the series on which both can be computed for both."""
    if yardstick is None:
        return float("nan")
    pairs = [(row, other) for row, other in zip(rows, yardstick, strict=True) if not row.reasons and not other.reasons]
    ratios = []
    for metric in ("smape", "mase"):
        own, theirs = (_mean([getattr(pair[side], metric) for pair in pairs]) for side in (0, 1))
        ratios.append(own / theirs if theirs > 0 else float("nan"))
    return float(np.mean(ratios))


def run(work: list[Task], processes: int) -> list[list[Outcome]]:
    """All series, in their order, with progress on stderr."""
    if processes == 1 or len(work) == 1:
        return [_told(outcomes(task), number, len(work)) for number, task in enumerate(work, start=1)]
    with multiprocessing.get_context().Pool(min(processes, len(work))) as pool:
        return [_told(found, number, len(work)) for number, found in enumerate(pool.imap(outcomes, work), start=1)]


def _told(found: list[Outcome], number: int, count: int) -> list[Outcome]:
    if number % 50 == 0:
        print(f"{number} of {count} series", file=sys.stderr, flush=True)
    return found


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}. See --help.", file=sys.stderr)
        sys.exit(2)


def main(argv: Sequence[str] | None = None) -> int:
    """The command; 0, or 2 if it was asked for something it cannot do."""
    parser = _Parser(prog="python -m benchmarks.m4", description="Mean sMAPE and MASE of the baselines on files of the M4 competition.")
    parser.add_argument("--train", type=Path, required=True, help="CSV file with the histories")
    parser.add_argument("--test", type=Path, required=True, help="CSV file with the values to forecast")
    parser.add_argument("--season", type=int, required=True, help="steps of the season: 24 for hourly, 12 for monthly, 1 for none")
    parser.add_argument("--models", help=f"baselines, with commas between; default: all that are quick, of {', '.join(BASELINES)}")
    parser.add_argument("--series", type=int, help="only the first so many series")
    parser.add_argument("--seconds", type=float, default=5.0, help="longest time for one fit (default 5)")
    parser.add_argument("--processes", type=int, default=2, help="how many series are worked on at once (default 2)")
    options = parser.parse_args(argv)
    try:
        work = tasks(options)
    except SeqlabError as error:
        print(error, file=sys.stderr)
        return 2
    lengths = sorted({task.test.size for task in work})
    print(f"{len(work):,} series, season {options.season}, horizon {' to '.join(str(n) for n in dict.fromkeys((lengths[0], lengths[-1])))}")
    started = time.perf_counter()
    lines = table(run(work, options.processes), by_cost(work[0].models))
    print("\n".join(lines))
    print(f"Done in {time.perf_counter() - started:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
