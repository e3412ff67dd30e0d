import io
import runpy
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.torch import load_file

from seqlab.config import RunSpec
from seqlab.data.series import SeriesDataset
from seqlab.data.upload_store import store_upload
from seqlab.runs.control import Control
from seqlab.runs.export import REPEAT
from seqlab.runs.store import RunStore
from seqlab.runs.training_job import train_folder


def test_the_script_is_short() -> None:
    assert len(REPEAT.strip().splitlines()) <= 20


@pytest.mark.parametrize("uploaded", [False, True])
def test_the_packed_script_repeats_the_run_to_the_last_bit(
    store: RunStore, spec: RunSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], uploaded: bool
) -> None:
    if uploaded:
        values = np.sin(np.arange(200) / 5) + np.arange(200) / 100
        key = store_upload(SeriesDataset(label="mine", frame=pd.DataFrame({"y": values}), targets=("y",)))
        spec = spec.replace(dataset=key)
    run_id = store.submit(spec)
    run = store.folder(run_id)
    train_folder(run, Control(run.training))
    packed = zipfile.ZipFile(io.BytesIO(run.export_zip()))
    names = {name.removeprefix(f"{run_id}/") for name in packed.namelist()}
    assert {"spec.json", "metrics.jsonl", "result.json", "model.safetensors", "forecast.npz", "repeat.py"} <= names
    assert any(name.startswith("uploads/") for name in names) is uploaded
    packed.extractall(tmp_path / "elsewhere")
    monkeypatch.setenv("SEQLAB_HOME", str(tmp_path / "another home"))
    runpy.run_path(str(tmp_path / "elsewhere" / run_id / "repeat.py"), run_name="__main__")
    printed = capsys.readouterr().out
    assert "epoch 3:" in printed
    assert "'mae'" in printed
    first, second = load_file(run.model_path), load_file(tmp_path / "elsewhere" / run_id / "repeated.safetensors")
    assert all(torch.equal(first[name], second[name]) for name in first)
