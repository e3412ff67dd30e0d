"""A run to take away: one zip file that needs no dashboard."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import seqlab
from seqlab.config import RunSpec
from seqlab.errors import RunError

__all__ = ["COMPARE", "REPEAT", "comparison_zip", "export_zip", "model_files"]

_FILES = (
    "spec.json",
    "about.json",
    "environment.json",
    "metrics.jsonl",
    "result.json",
    "model.safetensors",
    "forecast.npz",
    "prediction.npz",
)
_COMPARISON = ("request.json", "models.jsonl", "forecast-*.npz", "calibration-*.npz")
_UPLOAD = "upload:"

REPEAT = '''"""Repeats this run, made with seqlab {version}: python repeat.py"""

import os
from pathlib import Path

here = Path(__file__).resolve().parent
if (here / "uploads").is_dir():  # the table that was uploaded for this run
    os.environ["SEQLAB_HOME"] = str(here)

import seqlab

spec = seqlab.RunSpec.from_json((here / "spec.json").read_text(encoding="utf-8"))
fitted = seqlab.fit(spec)
for record in fitted.history:
    print(f"epoch {{record.epoch}}: train loss {{record.train_loss}}, validation loss {{record.validation_loss}}")
print(seqlab.score(fitted))
fitted.save(here / "repeated.safetensors")
'''

COMPARE = '''"""Repeats this comparison, made with seqlab {version}: python compare.py"""

import json
import os
from pathlib import Path

here = Path(__file__).resolve().parent
if (here / "uploads").is_dir():  # the table that was uploaded for this run
    os.environ["SEQLAB_HOME"] = str(here)

import seqlab

fitted = seqlab.load_run(here)
config = seqlab.CompareConfig.from_dict(json.loads((here / "comparison" / "request.json").read_text(encoding="utf-8")))
table = seqlab.compare(fitted, config)
print(table.to_string(index=False))
for sentence in (*table.attrs["notes"], *table.attrs["skipped"]):
    print(sentence)
table.to_csv(here / "comparison.again.csv", index=False)
'''


def comparison_zip(folder: Path) -> bytes:
    """A zip of what a comparison needs to be made again: spec, weights, an upload's data, the request, and ``compare.py``.

    Args:
        folder: the run's folder.

    Raises:
        RunError: the folder, its model or its comparison is gone.
    """
    request = folder / "comparison" / "request.json"
    if not request.is_file():
        raise RunError(f"The run {folder.name} has no comparison any more. Compare it again.")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(f"{folder.name}/compare.py", COMPARE.format(version=seqlab.__version__))
        packed.writestr(f"{folder.name}/comparison/request.json", request.read_bytes())
        for name, content in model_files(folder):
            packed.writestr(f"{folder.name}/{name}", content)
    return buffer.getvalue()


def export_zip(folder: Path) -> bytes:
    """A zip of a run: spec, weights, curve, result, forecasts, an upload's data, ``repeat.py``, and ``compare.py`` if it was compared.

    Args:
        folder: the run's folder; a run that is still going on is packed as it stands.

    Raises:
        RunError: the folder is gone.
    """
    if not (folder / "spec.json").is_file():
        raise RunError(f"The run {folder.name} is gone. Choose another on the Runs page.")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(f"{folder.name}/repeat.py", REPEAT.format(version=seqlab.__version__))
        if (folder / "comparison" / "request.json").is_file():
            packed.writestr(f"{folder.name}/compare.py", COMPARE.format(version=seqlab.__version__))
        for name in _FILES:
            _add(packed, folder, folder / name)
        for pattern in _COMPARISON:
            for path in sorted((folder / "comparison").glob(pattern)):
                _add(packed, folder, path)
        for name, content in _uploads(folder):
            packed.writestr(f"{folder.name}/{name}", content)
    return buffer.getvalue()


def model_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of what ``seqlab.load_run`` needs of a run: spec, weights, an upload's data.

    Raises:
        RunError: the folder, or its model, is gone.
    """
    for name in ("spec.json", "model.safetensors"):
        if not (folder / name).is_file():
            raise RunError(f"The run {folder.name} has no {name} any more. Choose another on the Runs page.")
        yield name, (folder / name).read_bytes()
    yield from _uploads(folder)


def _uploads(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in _upload_files(folder):
        yield f"uploads/{path.parent.name}/{path.name}", path.read_bytes()


def _add(packed: zipfile.ZipFile, folder: Path, path: Path) -> None:
    if path.is_file():
        packed.writestr(f"{folder.name}/{path.relative_to(folder).as_posix()}", path.read_bytes())


def _upload_files(folder: Path) -> list[Path]:
    """The stored table of a run on an upload, which lies in the same home folder as the run."""
    dataset = RunSpec.from_json((folder / "spec.json").read_text(encoding="utf-8")).dataset
    fingerprint = dataset.removeprefix(_UPLOAD)
    if not dataset.startswith(_UPLOAD) or not fingerprint.isalnum():
        return []
    return sorted(path for path in (folder.parents[1] / "uploads" / fingerprint).glob("*") if path.is_file())
