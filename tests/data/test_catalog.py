import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from seqlab.data import catalog
from seqlab.data.catalog import DATASETS, dataset_folder, load_dataset
from seqlab.data.sequences import SequenceDataset
from seqlab.data.tag_scheme import detect_scheme
from seqlab.data.tokens import TokenDataset
from seqlab.errors import ConfigError, DataError, UnknownKeyError
from seqlab.options import options_of

SHIPPED = [key for key, entry in DATASETS.items() if entry.file]
GENERATED = [key for key, entry in DATASETS.items() if entry.generator]
SERIES = [key for key, entry in DATASETS.items() if entry.kind == "series"]
SHIPPED_SEQUENCES = [key for key in SHIPPED if key not in SERIES]


@pytest.fixture(scope="module", params=SERIES)
def pair(request):
    return DATASETS[request.param], load_dataset(request.param)


@pytest.fixture(scope="module", params=SHIPPED_SEQUENCES)
def sequence_pair(request):
    return DATASETS[request.param], load_dataset(request.param)


def test_the_table_holds_what_the_issue_lists():
    assert [key for key in SHIPPED if key in SERIES] == [
        "airline_passengers",
        "co2_weekly",
        "sunspots",
        "seattle_weather",
        "metro_traffic",
        "electricity_taylor",
        "stock_aapl",
        "nyse_volume",
        "macro_us",
    ]
    assert SHIPPED_SEQUENCES == [
        "sentiment_movies",
        "names_origin",
        "language_id",
        "tagging_us_address",
        "tagging_pos_pt",
        "slots_home_assistant",
        "translation_en_es",
        "g2p_cmudict",
        "japanese_vowels",
        "shoulder_exercises",
        "basic_motions",
        "digits_rows",
        "gunpoint",
        "italy_power",
    ]
    assert [key for key in GENERATED if key in SERIES] == ["sine_noise", "mackey_glass", "latch"]
    assert set(SHIPPED) <= {folder.name for folder in dataset_folder().iterdir()}


@pytest.mark.parametrize("key", DATASETS)
def test_every_entry_tells_a_newcomer_what_it_is(key):
    entry = DATASETS[key]
    for text in (entry.label, entry.summary, entry.look_for, entry.source, entry.licence, entry.season or entry.kind != "series"):
        assert text
    assert entry.summary[-1] in ".?"
    assert entry.look_for.endswith(".")
    if entry.file:
        notes = (dataset_folder() / entry.key / "NOTES.md").read_text(encoding="utf-8")
        assert entry.file in notes


def test_shipped_sequences_are_what_their_entry_says(sequence_pair):
    entry, data = sequence_pair
    assert (data.key, data.task, data.target_names, len(data)) == (entry.key, entry.task, entry.targets, entry.rows)
    assert entry.caution, "each of them has a weakness, and says it"
    assert isinstance(data, SequenceDataset if entry.kind == "sequences" else TokenDataset)
    assert bool(data.parts) == bool(entry.part or entry.test_file)
    assert bool(data.groups) == bool(entry.group)
    if entry.kind == "texts":
        assert detect_scheme(data.labels if data.task == "tag" else ()) == data.scheme == entry.scheme
    for name in entry.left_out:
        assert any(repr(name) in note and "left out" in note for note in data.notes)


def test_shipped_sequences_hold_what_their_notes_count():
    vowels, shoulders, slots = (load_dataset(key) for key in ("japanese_vowels", "shoulder_exercises", "slots_home_assistant"))
    assert (min(vowels.lengths), max(vowels.lengths), len(vowels.classes), vowels.parts.count("train")) == (7, 29, 9, 270)
    assert (len(set(shoulders.groups)), len(shoulders.classes), max(shoulders.lengths)) == (10, 7, 300)
    assert (sum(slots.lengths), slots.labels[0], slots.parts.count("test")) == (23_382, ("O", "O", "O", "B-area", "O"), 828)


def test_the_data_is_what_its_entry_says(pair):
    entry, data = pair
    assert data.key == entry.key
    assert len(data.frame) == entry.rows
    assert (data.targets, data.past, data.known_ahead) == (entry.targets, entry.past, entry.known_ahead)
    assert (data.frequency, data.season_length, data.seasons) == (entry.frequency, entry.season_length, entry.seasons)
    assert set(data.columns) == {*data.targets, *data.past, *data.known_ahead}
    assert (data.frame.dtypes == np.float64).all()
    assert isinstance(data.frame.index, pd.RangeIndex if entry.frequency is None else pd.DatetimeIndex)


def test_the_rows_are_one_step_apart(pair):
    entry, data = pair
    index = data.frame.index
    if entry.frequency == "B":
        assert (index.day_of_week < 5).all()
        assert np.diff(index.to_numpy()).max() < np.timedelta64(15, "D")
    elif entry.frequency is not None:
        assert index.equals(pd.date_range(index[0], index[-1], freq=entry.frequency))


def test_every_column_left_out_is_said(pair):
    entry, data = pair
    for name in entry.left_out:
        assert name not in data.columns
        assert any(repr(name) in note and "left out" in note for note in data.notes)


def test_loading_twice_gives_the_same_fingerprint(pair):
    entry, data = pair
    assert load_dataset(entry.key).fingerprint == data.fingerprint


def test_missing_values_are_counted_and_said():
    co2, traffic = load_dataset("co2_weekly"), load_dataset("metro_traffic")
    assert int(co2.frame["co2_ppm"].isna().sum()) == 59
    assert "59 of 2284 values of 'co2_ppm' are missing." in co2.notes
    gaps = traffic.frame.isna()
    assert int(gaps["traffic_volume"].sum()) == 104
    assert (gaps.any(axis=1) == gaps.all(axis=1)).all()


def test_nyse_has_the_published_split():
    data = load_dataset("nyse_volume")
    assert data.published_test_start == 4281
    assert "train" not in data.columns


def test_quarters_in_two_columns_become_dates():
    index = load_dataset("macro_us").frame.index
    assert [date.strftime("%Y-%m-%d") for date in index[[0, 1, -1]]] == ["1959-01-01", "1959-04-01", "2009-07-01"]


def test_the_adjusted_price_of_apple_is_the_target():
    data = load_dataset("stock_aapl")
    assert data.columns == ("volume", "adj_close")
    assert data.frame["adj_close"].iloc[0] == 4.1867


@pytest.mark.parametrize("key", ["nothing", "", "../airline_passengers", "airline_passengers/", 3, None, "Airline_Passengers"])
def test_an_unknown_key_lists_the_known_ones(key):
    with pytest.raises(UnknownKeyError, match="airline_passengers, co2_weekly"):
        load_dataset(key)


def test_options_are_checked():
    with pytest.raises(ConfigError, match="takes no options, but was given 'period'"):
        load_dataset("sunspots", period=3)
    with pytest.raises(ConfigError, match="no field 'tempo'"):
        load_dataset("sine_noise", tempo=3)
    with pytest.raises(ConfigError, match="no field 'key'"):
        load_dataset("sine_noise", key="sunspots")
    with pytest.raises(ConfigError, match="from 2 to 2000"):
        load_dataset("sine_noise", period=1)
    with pytest.raises(ConfigError, match="whole number from 50 to 20000"):
        load_dataset("mackey_glass", length=10**9)


@pytest.mark.parametrize("key", GENERATED)
def test_generated_sets_offer_their_options(key):
    options = options_of(DATASETS[key].options)
    assert "seed" in options
    assert key not in SERIES or "length" in options or "blocks" in options
    assert all(option.label and option.help and option.minimum < option.maximum for option in options.values())


def test_shipped_sets_offer_none():
    assert all(DATASETS[key].options is None for key in SHIPPED)


def test_missing_folders_say_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(catalog, "__file__", str(tmp_path / "seqlab" / "data" / "catalog.py"))
    with pytest.raises(DataError, match="Install seqlab again"):
        load_dataset("sunspots")


def test_an_installed_package_brings_its_own_folder(monkeypatch, tmp_path):
    inside = tmp_path / "seqlab" / "_dashboard" / "datasets" / "airline_passengers"
    inside.mkdir(parents=True)
    (inside / "airline_passengers.csv").write_text("month,passengers\n2020-01,1\n2020-02,2\n")
    monkeypatch.setattr(catalog, "__file__", str(tmp_path / "seqlab" / "data" / "catalog.py"))
    assert dataset_folder() == inside.parent
    assert len(load_dataset("airline_passengers").frame) == 2


@pytest.mark.parametrize("content", ["", "month,other\n2020-01,1\n", "month,passengers\nnever,1\n", "month,passengers\n2020-01,many\n"])
def test_a_damaged_file_says_what_to_do(monkeypatch, tmp_path, content):
    inside = tmp_path / "datasets" / "airline_passengers"
    inside.mkdir(parents=True)
    (inside / "airline_passengers.csv").write_text(content)
    monkeypatch.setattr(catalog, "__file__", str(tmp_path / "seqlab" / "data" / "catalog.py"))
    with pytest.raises(DataError, match=r"Install seqlab again|is no column"):
        load_dataset("airline_passengers")


def test_the_table_imports_nothing_heavy_and_the_data_no_torch():
    script = (
        "import json, sys, seqlab\n"
        "heavy = ('numpy', 'pandas', 'torch', 'statsmodels', 'streamlit', 'plotly')\n"
        "[entry.label for entry in seqlab.DATASETS.values()]\n"
        "first = [name for name in heavy if name in sys.modules]\n"
        "from seqlab.data.prepare import prepare\n"
        "prepare(seqlab.load_dataset('sine_noise'), seqlab.RunSpec(dataset='sine_noise'))\n"
        "print(json.dumps([first, [name for name in heavy if name in sys.modules]]))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    assert json.loads(done.stdout) == [[], ["numpy", "pandas"]]
