"""The public surface: its names are pinned, resolve, and cost nothing until used."""

import subprocess
import sys

import pytest

import seqlab

NAMES = [
    "BASELINES",
    "CELLS",
    "CompareConfig",
    "DATASETS",
    "DataConfig",
    "EpochRecord",
    "GateTrace",
    "Intervention",
    "ModelConfig",
    "PRESETS",
    "RunSpec",
    "SeqlabError",
    "SplitConfig",
    "TrainConfig",
    "WindowConfig",
    "backtest",
    "compare",
    "fit",
    "load_dataset",
    "load_run",
    "read_table",
    "replay",
    "score",
    "trace_gates",
    "train",
]

HEAVY = ("torch", "streamlit", "plotly", "statsmodels", "scipy", "pandas")


def _loaded_by(code: str) -> set[str]:
    """Which heavy packages a fresh interpreter has loaded after some code."""
    script = f"{code}\nimport sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_the_public_names_are_these_and_all_resolve() -> None:
    assert seqlab.__all__ == NAMES
    assert dir(seqlab) == NAMES
    for name in NAMES:
        assert getattr(seqlab, name) is not None


def test_a_name_that_is_not_public_says_what_is() -> None:
    with pytest.raises(AttributeError, match="public names are: BASELINES"):
        seqlab.Trainer  # noqa: B018


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("import seqlab", set()),
        ("import seqlab; seqlab.DATASETS, seqlab.CELLS, seqlab.BASELINES, seqlab.RunSpec(dataset='a')", set()),
        ("import seqlab; seqlab.load_dataset('airline_passengers')", {"pandas"}),
        ("import seqlab.figures.series, seqlab.figures.gates", {"pandas", "plotly"}),
        ("import seqlab.runs.store, seqlab.runs.supervisor, seqlab.runs.folder", {"pandas"}),
        ("import seqlab.data.prepare, seqlab.data.upload, seqlab.baselines.table", {"pandas"}),
    ],
)
def test_heavy_packages_are_loaded_only_when_they_are_used(code: str, allowed: set[str]) -> None:
    assert _loaded_by(code) <= allowed
