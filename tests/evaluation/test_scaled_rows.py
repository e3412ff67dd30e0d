import numpy as np
import pytest

from seqlab.config import DataConfig, ModelConfig, RunSpec, WindowConfig
from seqlab.data.catalog import load_dataset
from seqlab.data.prepare import prepare
from seqlab.evaluation.scaled_rows import scaled_rows


@pytest.mark.parametrize(
    ("dataset", "data", "many_targets"),
    [
        ("airline_passengers", {"transform": "log", "calendar": True}, "shared"),
        ("macro_us", {"targets": ("realgdp", "unemp"), "past_covariates": ("infl",)}, "joint"),
        ("macro_us", {"targets": ("realgdp", "unemp"), "known_covariates": ("pop",), "scaling": "minmax"}, "shared"),
        ("co2_weekly", {"missing": "skip"}, "shared"),
        ("co2_weekly", {"missing": "seasonal"}, "shared"),
    ],
)
def test_rows_made_again_give_the_very_windows_of_the_data_layer(dataset, data, many_targets):
    """What the breaking of data starts from is bit for bit what an honest run is trained on."""
    spec = RunSpec(
        dataset=dataset,
        data=DataConfig(**data),
        window=WindowConfig(context_length=6, horizon=2, stride=3),
        model=ModelConfig(many_targets=many_targets),
    )
    prepared = prepare(load_dataset(dataset), spec)
    rows = scaled_rows(prepared)
    bounds = prepared.bounds
    for part, span, stride in (("train", (6, bounds.train_end), 3), ("test", bounds.rows("test"), 1)):
        made, given = rows.windows(prepared, span, stride), prepared.windows(part)
        np.testing.assert_array_equal(made.origins, given.origins)
        samples = np.arange(len(given))
        for one, other in zip(made.gather(samples), given.gather(samples), strict=True):
            np.testing.assert_array_equal(one, other)
