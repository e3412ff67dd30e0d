from dataclasses import replace

import numpy as np
import pytest

from seqlab.errors import UnknownKeyError
from seqlab.evaluation.judge import score
from seqlab.evaluation.leak_table import LEAKS
from seqlab.evaluation.leaks import train_leaking


@pytest.fixture(scope="module")
def results(airline_network):
    return {key: train_leaking(airline_network.spec, key, honest=airline_network, threads=1) for key in LEAKS}


def test_every_leak_is_judged_on_what_it_says(airline_network, results):
    honest = score(airline_network)["mae"]
    prepared = airline_network.prepared
    values = prepared.dataset.frame["passengers"].to_numpy()
    origins = prepared.windows("test").origins
    naive = np.abs(prepared.y_true(origins)[..., 0] - values[origins - 1][:, None]).mean()
    for key, result in results.items():
        assert result.leak == key
        assert result.caught
        assert result.notes
        assert result.honest.error == pytest.approx(honest)
        assert result.honest.naive == pytest.approx(naive)
        assert result.false_gain == pytest.approx(1 - result.reported.relative / result.honest.relative)
        if key != "random_split":
            assert result.reported.naive == pytest.approx(naive)  # the same windows
    assert results["random_split"].untouched.naive == pytest.approx(naive)
    assert results["future_covariate"].untouched.error != results["future_covariate"].reported.error


def test_a_leak_that_changes_nothing_shows_no_gain(airline_network, results):
    """After one epoch there is only one to choose, so that choosing by the test part cannot help: no gain is made up."""
    assert results["stop_on_test"].reported.error == pytest.approx(results["stop_on_test"].honest.error, rel=1e-6)
    assert results["stop_on_test"].false_gain == pytest.approx(0.0, abs=1e-6)


def test_leaks_with_shared_weights_are_averaged_over_the_targets(macro_network):
    result = train_leaking(macro_network.spec, "future_covariate", honest=macro_network, threads=1)
    assert np.isfinite(result.reported.relative)
    assert result.honest.error == pytest.approx(score(macro_network)["mae"])


def test_an_unknown_leak_names_those_there_are(airline_network):
    with pytest.raises(UnknownKeyError, match="random_split"):
        train_leaking(airline_network.spec, "typo", honest=airline_network)


def test_no_gain_can_be_computed_from_an_error_that_is_no_number(results):
    result = replace(results["scaler"], reported=replace(results["scaler"].reported, relative=float("nan")))
    assert np.isnan(result.false_gain)
