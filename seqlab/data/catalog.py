"""The one table of data sets. An entry describes; reading happens in :func:`load_dataset`."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from seqlab.data.catalog_generated import GENERATED_ENTRIES
from seqlab.data.catalog_sequences import SEQUENCE_ENTRIES
from seqlab.data.dataset_entry import DatasetEntry, resolve
from seqlab.errors import ConfigError, DataError, UnknownKeyError

if TYPE_CHECKING:
    from seqlab.data.sequences import SequenceDataset
    from seqlab.data.series import SeriesDataset
    from seqlab.data.tokens import TokenDataset

__all__ = ["DATASETS", "DatasetEntry", "dataset_folder", "load_dataset"]

_ENTRIES = (
    DatasetEntry(
        key="airline_passengers",
        label="Airline passengers",
        summary="International airline passengers in thousands, each month from 1949 to 1960.",
        look_for="The forget gate has to stay open for 12 steps to carry last year's summer. Try the logarithm: growth is in percent.",
        caution="Only 144 rows, and the test years lie above everything in the training years.",
        season="A year (12 months), growing with the level",
        rows=144,
        frequency="MS",
        season_length=12,
        seasons=(12,),
        targets=("passengers",),
        file="airline_passengers.csv",
        time=("month",),
        source="Box & Jenkins (1976), Time Series Analysis, Series G",
        licence="Facts, freely redistributed",
    ),
    DatasetEntry(
        key="co2_weekly",
        label="CO2 on Mauna Loa",
        summary="Carbon dioxide in the air in parts per million, each week from 1958 to 2001.",
        look_for="A yearly saw-tooth on a rising trend, and what is done about missing weeks.",
        caution="The level keeps rising, so the test part lies outside the range of the training part.",
        season="A year (about 52 weeks)",
        rows=2284,
        frequency="W-SAT",
        season_length=52,
        seasons=(52,),
        targets=("co2_ppm",),
        file="co2_weekly.csv",
        time=("date",),
        notes=("A year is 52.18 weeks; the season is taken as 52, which drifts by a day a year.",),
        source="Keeling & Whorf (2004), Scripps Institution of Oceanography, through statsmodels",
        licence="Public domain",
    ),
    DatasetEntry(
        key="sunspots",
        label="Sunspots",
        summary="Mean number of sunspots, each month from 1749 to 1983.",
        look_for="A slow clock: the cell state follows the eleven-year cycle.",
        caution="The cycle is not exact; it drifts between 9 and 14 years.",
        season="About 11 years (132 months), drifting",
        rows=2820,
        frequency="MS",
        season_length=132,
        seasons=(132,),
        targets=("sunspots",),
        file="sunspots_monthly.csv",
        time=("month",),
        notes=("Up to two years ahead the last value beats the value one cycle (132 months) ago; beyond, the cycle wins.",),
        source="Royal Observatory of Belgium; Andrews & Herzberg (1985), through R's datasets",
        licence="Facts",
    ),
    DatasetEntry(
        key="seattle_weather",
        label="Seattle weather",
        summary="Daily temperature, rain and wind at Seattle-Tacoma, from 2012 to 2015.",
        look_for="Temperature is smooth, so gates stay open; rain comes in bursts, so the input gate spikes.",
        season="A year (365 days)",
        rows=1461,
        frequency="D",
        season_length=365,
        seasons=(365,),
        targets=("temp_max",),
        past=("temp_min", "precipitation", "wind"),
        file="seattle_weather.csv",
        time=("date",),
        left_out={"weather": "it is text, and was derived from the other columns"},
        notes=("The season is a year. Weather knows no week: the value 7 days ago is a worse forecast than the last one.",),
        source="NOAA, GHCN-Daily, through vega-datasets",
        licence="U.S. Government work",
    ),
    DatasetEntry(
        key="metro_traffic",
        label="Metro traffic",
        summary="Cars per hour on an interstate near Minneapolis, with the weather, from October 2016 to September 2018.",
        look_for="The input gate opens at the edges of the rush hours. Days and weeks overlap.",
        season="A day (24 hours) within a week (168 hours)",
        rows=17_520,
        frequency="h",
        season_length=168,
        seasons=(24, 168),
        targets=("traffic_volume",),
        past=("temp_c", "rain_1h", "clouds_all"),
        file="metro_traffic_hourly.csv",
        time=("datetime",),
        left_out={"snow_1h": "it is 0 in every row", "weather_main": "it is text that says again what rain and clouds say"},
        notes=(
            "The weather is offered as a past covariate: when a forecast is made, the weather to come is not known.",
            "Times are local; the two hours a year when clocks change are not corrected.",
        ),
        source="Hogue (2019), Metro Interstate Traffic Volume, UCI, doi 10.24432/C5X60B, through AutoTS",
        licence="CC BY 4.0",
    ),
    DatasetEntry(
        key="electricity_taylor",
        label="Electricity demand",
        summary="Electricity demand in England and Wales in megawatts, every half-hour for 12 weeks of 2000.",
        look_for="Small, clean and twice seasonal: a good first model in 20 seconds.",
        season="A day (48 half-hours) within a week (336 half-hours)",
        rows=4032,
        frequency="30min",
        season_length=336,
        seasons=(48, 336),
        targets=("demand_mw",),
        file="taylor_halfhourly.csv",
        time=("datetime",),
        notes=("The times were reconstructed from the published start, 2000-06-05.",),
        source="Taylor (2003), Journal of the Operational Research Society 54, 799-805",
        licence="Facts",
    ),
    DatasetEntry(
        key="stock_aapl",
        label="Apple share price",
        summary="Apple's closing price, adjusted for splits and dividends, each trading day from 2000 to 2013.",
        look_for="An honest lesson: gates hardly move, and the forecast is a copy of the last price.",
        caution="Nothing here beats the last value by much: do not expect a model to. Prices leave the range of the training part.",
        season="None",
        rows=3270,
        frequency="B",
        season_length=1,
        targets=("adj_close",),
        past=("volume",),
        file="aapl_daily.csv",
        time=("date",),
        left_out=dict.fromkeys(("open", "high", "low", "close"), "it is not adjusted for the share splits of 2000 and 2005"),
        notes=("Rows are trading days: weekends and exchange holidays have no row and count as no step.",),
        source="Quandl WIKI Prices, through bokeh-sampledata",
        licence="Public domain",
    ),
    DatasetEntry(
        key="nyse_volume",
        label="NYSE trading volume",
        summary="Trading volume (logarithm), Dow Jones return and volatility of New York, each trading day from 1962 to 1986.",
        look_for="Published numbers to reach: predicting the next day from five, yesterday's value explains 18 % of the test "
        "variance, a linear model 41 %, a recurrent network 42 %.",
        season="None",
        rows=6051,
        frequency="B",
        season_length=1,
        targets=("log_volume",),
        past=("DJ_return", "log_volatility"),
        file="nyse.csv",
        time=("date",),
        left_out={"day_of_week": "it is text; the calendar features say the same"},
        published_flag="train",
        notes=("Rows are trading days: weekends and exchange holidays have no row and count as no step.",),
        source="LeBaron & Weigend (1998), IEEE Transactions on Neural Networks 9, 209-213; ISLP (2023), section 10.9.6",
        licence="Facts (ISLP: BSD-3)",
    ),
    DatasetEntry(
        key="macro_us",
        label="US macroeconomy",
        summary="Twelve indicators of the US economy, each quarter from 1959 to 2009.",
        look_for="Few rows and many columns: a large network learns the training part by heart.",
        caution="Only 203 rows.",
        season="None: the figures are published with their season taken out",
        rows=203,
        frequency="QS-JAN",
        season_length=1,
        targets=("realgdp",),
        past=("realcons", "realinv", "realgovt", "realdpi", "cpi", "m1", "tbilrate", "unemp", "pop", "infl", "realint"),
        file="macro_us_quarterly.csv",
        time=("year", "quarter"),
        notes=("Each row is dated to the first day of its quarter; the file names year and quarter in two columns.",),
        source="Federal Reserve Bank of St. Louis, compiled by Skipper Seabold, through statsmodels",
        licence="Public domain",
    ),
    DatasetEntry(
        key="sine_noise",
        label="Sine with noise (generated)",
        summary="A sine wave with noise, made on the spot with the period you choose.",
        look_for="How long the memory has to be: make the period longer than the context and see what is lost.",
        caution="No model can do better than the noise.",
        season="The period you choose",
        rows=1500,
        frequency=None,
        season_length=24,
        seasons=(24,),
        targets=("value",),
        source="Generated by seqlab",
        licence="MIT",
        generator="seqlab.data.synthetic:sine_noise",
        generator_options="seqlab.data.synthetic:SineNoiseOptions",
    ),
    DatasetEntry(
        key="mackey_glass",
        label="Mackey-Glass (generated)",
        summary="Solution of a delay equation from physiology: chaotic for long delays, and without any noise.",
        look_for="A gap of 17 steps between cause and effect, which the state has to bridge.",
        caution="Chaos: forecasts far ahead must fail, however good the model.",
        season="Nearly repeats after about three delays",
        rows=2000,
        frequency=None,
        season_length=48,
        seasons=(48,),
        targets=("value",),
        source="Mackey & Glass (1977), Science 197, 287-289; generated by seqlab",
        licence="MIT",
        generator="seqlab.data.synthetic:mackey_glass",
        generator_options="seqlab.data.synthetic:MackeyGlassOptions",
    ),
    DatasetEntry(
        key="latch",
        label="Latch (generated)",
        summary="A value is shown once, noise follows, and then the value is asked for: blocks with a known lag.",
        look_for="A unit that opens its input gate at the cue, then shuts it and keeps its forget gate near 1 until the answer.",
        caution="Only the last row of a block can be forecast. Give the column cue as a past covariate: it marks the cue among the noise.",
        season="None: blocks are independent",
        rows=19_200,
        frequency=None,
        season_length=1,
        targets=("value",),
        past=("cue",),
        source="After Bengio, Simard & Frasconi (1994), IEEE Transactions on Neural Networks 5, 157-166; generated by seqlab",
        licence="MIT",
        generator="seqlab.data.latch:latch",
        generator_options="seqlab.data.latch:LatchOptions",
    ),
)

DATASETS: Mapping[str, DatasetEntry] = MappingProxyType({entry.key: entry for entry in (*_ENTRIES, *SEQUENCE_ENTRIES, *GENERATED_ENTRIES)})
"""Key → entry of every shipped and generated data set."""


def dataset_folder() -> Path:
    """The folder that holds the shipped data sets, in a checkout and in an installed package alike.

    Raises:
        DataError: neither place has one.

    Example:
        >>> (dataset_folder() / "airline_passengers" / "NOTES.md").is_file()
        True
    """
    package = Path(__file__).parent.parent
    places = (package / "_dashboard" / "datasets", package.parent / "datasets")
    for place in places:
        if (place / "airline_passengers" / "airline_passengers.csv").is_file():
            return place
    raise DataError(f"The shipped data sets are missing; looked in {places[0]} and {places[1]}. Install seqlab again.")


def load_dataset(key: str, /, **options: float | str) -> "SeriesDataset | SequenceDataset | TokenDataset":
    """Reads a shipped data set, makes a generated one, or opens a stored upload.

    Args:
        key: a key of ``seqlab.DATASETS``, or ``upload:<fingerprint>``.
        options: parameters of a generated data set; the others take none.

    Returns:
        The data set: a series with its frame sorted in time, sequences, or texts.

    Raises:
        UnknownKeyError: there is no such data set.
        ConfigError: an option that this data set does not have, or a value out of its range.
        DataError: its files are missing or damaged.

    Example:
        >>> data = load_dataset("airline_passengers")
        >>> data.frame.shape, data.targets, data.season_length
        ((144, 1), ('passengers',), 12)
        >>> load_dataset("sine_noise", period=10, length=200).season_length
        10
    """
    from seqlab.data import shipped, shipped_sequences, upload_store  # pandas is loaded only when data is read

    uploaded = isinstance(key, str) and key.startswith(upload_store.PREFIX)
    entry = DATASETS.get(key) if isinstance(key, str) else None
    if entry is None and not uploaded:
        raise UnknownKeyError.of("data set", key, list(DATASETS))
    if entry is not None and entry.options is not None:
        made: SeriesDataset | SequenceDataset | TokenDataset = resolve(entry.generator)(entry, entry.options.from_dict(options))
        return made
    if options:
        raise ConfigError(f"The data set {key!r} takes no options, but was given {', '.join(map(repr, options))}. Leave them out.")
    if entry is None:
        return upload_store.open_upload(key)
    if entry.kind == "series":
        return shipped.read_shipped(entry, dataset_folder())
    return shipped_sequences.read_shipped_sequences(entry, dataset_folder())
