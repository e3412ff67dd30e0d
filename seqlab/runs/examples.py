"""The trained runs that come with seqlab, opened read-only, so that the first screen shows a result."""

import functools
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from seqlab.runs.folder import RunFolder

__all__ = ["EXAMPLE", "SHIPPED", "example_folders"]

EXAMPLE = "example"
SHIPPED = Path(__file__).parent / "shipped"


@functools.cache
def example_folders(shipped: Path = SHIPPED) -> Mapping[str, RunFolder]:
    """Run id → folder. The first, by name, is ``example``; any others are ``example-<name>``."""
    found = sorted(path for path in shipped.glob("*") if (path / "result.json").is_file())
    made = {EXAMPLE if number == 0 else f"{EXAMPLE}-{path.name}": RunFolder(path, read_only=True) for number, path in enumerate(found)}
    return MappingProxyType(made)
