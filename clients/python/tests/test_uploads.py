"""Bars of a user's own DataFrames."""

from __future__ import annotations

import io
from typing import Any, Dict

import numpy as np
import pandas as pd
import pytest

import holdfast
from holdfast import _tables
from holdfast._bars import bars_of, expression_name

PRICES: Dict[str, Any] = {
    "open": [10.0, 11.0, 12.0, 14.0, 15.0],
    "high": [11.0, 12.0, 13.0, 15.0, 16.0],
    "low": [9.0, 10.0, 11.0, 13.0, 14.0],
    "close": [10.0, 11.1, 12.1, 14.1, 0.1 + 0.2 + 14.8],
    "volume": [100, 100, 100, 100, 100],
}
DAYS = pd.to_datetime(["2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05", "2024-01-08"])


@pytest.fixture(params=["parquet", "csv"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "csv":
        monkeypatch.setattr(_tables, "_pyarrow", lambda: None)


def bars_in(client: holdfast.Client, source: str, timeframe: str, symbol: str = "MINE") -> pd.DataFrame:
    """The bars as a run sees them."""
    spec = {"data": {"source": source, "symbols": [symbol], "timeframe": timeframe}, "strategy": {"name": "buy-and-hold"}}
    return client.run(spec, progress=False).indicators


def test_bars_and_a_signal_come_back_as_they_were(client: holdfast.Client, way: None) -> None:
    frame = pd.DataFrame({**PRICES, "My Signal": [0, 1, None, -1, -1]}, index=DAYS).rename(columns=str.title)
    data = client.upload(frame, name="python-daily", symbol="MINE")
    assert data.source == "upload:python-daily" and data.symbols.loc["MINE", "bars"] == 5
    spec = {
        "data": {"source": data.source, "symbols": ["MINE"]},
        "strategy": {"rules": {"enterLong": "mySignal > 0", "exitLong": "mySignal < 0"}},
        "account": {"cash": 1_500, "sizing": {"kind": "units", "units": 100}},
    }
    run = client.run(spec, progress=False)
    assert run.trades[["entryPrice", "exitPrice", "pnl"]].to_numpy().tolist() == [[12.0, 15.0, 300.0]]
    seen = run.indicators[list(PRICES)]
    assert (seen.to_numpy() == frame[[name.title() for name in PRICES]].to_numpy()).all(), "to the last bit"
    assert (seen.index.tz_localize(None) == DAYS).all()
    data.remove()
    assert data.source not in [each.source for each in client.datasets()]


def test_bars_of_minutes_keep_their_moments(client: holdfast.Client, way: None) -> None:
    times = pd.date_range("2024-03-08 09:30", periods=5, freq="15min", tz="America/New_York")
    data = client.upload(pd.DataFrame({**PRICES, "ts": times}), name="python-minutes", symbol="MINE")
    assert data.info["timeframes"] == ["15m"]
    seen = bars_in(client, data.source, "15m")
    assert (seen.index == times).all()


def test_days_of_another_zone_stay_those_days(client: holdfast.Client, way: None) -> None:
    frame = pd.DataFrame(PRICES, index=DAYS.tz_localize("America/New_York").rename("Date"))
    seen = bars_in(client, client.upload(frame, symbol="MINE", name="python-zoned").source, "1d")
    assert (seen.index.tz_localize(None) == DAYS).all()


def test_several_symbols_stand_in_a_level_of_the_index(client: holdfast.Client, way: None) -> None:
    one = pd.DataFrame(PRICES, index=DAYS)
    both = pd.concat({"AAA": one, "BBB": one * 2}, names=["symbol", "Date"])
    data = client.upload(both, name="python-two")
    assert data.symbols.index.tolist() == ["AAA", "BBB"] and data.symbols["bars"].tolist() == [5, 5]
    assert bars_in(client, data.source, "1d", "BBB")["close"].tolist() == [2 * close for close in PRICES["close"]]


def test_what_are_no_bars_is_said_before_anything_is_sent(client: holdfast.Client) -> None:
    with pytest.raises(ValueError) as refused:
        client.upload(pd.DataFrame({"Open": [1.0], "High": [1.0], "Close": ["x"], "note": ["a"]}), symbol="MINE")
    said = str(refused.value)
    assert 'no column "low"' in said and "no times" in said and '"note" holds no numbers' in said and '"close" holds no numbers' in said
    with pytest.raises(ValueError, match="which symbol"):
        client.upload(pd.DataFrame(PRICES, index=DAYS))
    with pytest.raises(ValueError, match="several levels"):
        client.upload(pd.concat({"AAPL": pd.DataFrame(PRICES, index=DAYS)}, axis=1), symbol="MINE")
    with pytest.raises(ValueError, match="not a single bar"):
        client.upload(pd.DataFrame(PRICES, index=DAYS).iloc[:0], symbol="MINE")


def test_what_the_service_refuses_is_said_with_line_and_column(client: holdfast.Client, way: None) -> None:
    frame = pd.DataFrame({**PRICES, "close": [1.0, np.nan, 1.0, 1.0, 1.0]}, index=DAYS[[0, 1, 2, 3, 3]])
    with pytest.raises(holdfast.RefusedSpec) as refused:
        client.upload(frame, symbol="MINE", name="python-bad")
    assert refused.value.code == "bad_data" and refused.value.errors


@pytest.mark.parametrize(
    ("times", "timeframe"),
    [
        (pd.date_range("2024-01-01", periods=5, freq="h"), "1h"),
        (pd.date_range("2024-01-01", periods=5, freq="7D"), "1w"),
        (pd.date_range("2024-01-01", periods=5, freq="90s"), "90s"),
        (pd.Index([1706711400, 1706711700, 1706712000, 1706712300, 1706712600], name="ts"), "5m"),
        (pd.PeriodIndex(pd.date_range("2024-01-01", periods=5, freq="D"), freq="D"), "1d"),
    ],
)
def test_the_timeframe_is_the_distance_of_the_bars(times: Any, timeframe: str) -> None:
    frame = pd.DataFrame(PRICES, index=times)
    frame = frame.reset_index() if times.name == "ts" else frame
    assert bars_of(frame, None).timeframe == timeframe


def test_names_become_those_of_expressions() -> None:
    names = ["Adj Close", "signal_1", "My Signal", "12 month", "RSI", "%"]
    assert [expression_name(name) for name in names] == ["adjClose", "signal_1", "mySignal", "x12Month", "RSI", "column"]


def test_a_market_without_volume_has_none() -> None:
    bars = bars_of(pd.DataFrame(PRICES, index=DAYS).drop(columns="volume"), None)
    assert bars.frame["volume"].tolist() == [0.0] * 5
    assert pd.read_csv(io.BytesIO(bars.frame.to_csv(index=False).encode()))["ts"].tolist() == DAYS.strftime("%Y-%m-%d").tolist()
