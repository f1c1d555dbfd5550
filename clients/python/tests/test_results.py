"""Results as DataFrames: the numbers of the service, to the last bit."""

from __future__ import annotations

import io
import uuid
from typing import Any, Dict

import httpx
import numpy as np
import pandas as pd
import pytest
from conftest import SPEC

import holdfast
from holdfast import _tables

TABLES = ["equity", "trades", "orders", "indicators"]


@pytest.fixture(params=["arrow", "csv"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With pyarrow and without it."""
    if request.param == "csv":
        monkeypatch.setattr(_tables, "_pyarrow", lambda: None)
    return str(request.param)


def served(url: str, run: holdfast.Run, name: str, form: str) -> bytes:
    return httpx.get(f"{url}/v1/backtests/{run.id}/{name}", params={"format": form}).content


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Without the differences of type between the formats: times as text, words as objects, numbers as doubles."""
    out: Dict[str, Any] = {}
    for name, column in frame.items():
        if column.isna().all():
            out[str(name)] = np.full(len(column), np.nan)
        elif isinstance(column.dtype, pd.DatetimeTZDtype):
            out[str(name)] = column.dt.strftime("%Y-%m-%dT%H:%M:%S.%f").str[:-3].to_numpy(dtype=object)
        elif pd.api.types.is_numeric_dtype(column.dtype):
            out[str(name)] = column.to_numpy(dtype=np.float64)
        else:
            words = column.astype(object)
            out[str(name)] = words.where(words.notna() & (words != ""), None).str.replace("Z", "").to_numpy(dtype=object)
    return pd.DataFrame(out)


def test_tables_equal_the_csv_of_the_service(url: str, run: holdfast.Run, way: str) -> None:
    for name in TABLES:
        own = run.table(name)
        theirs = pd.read_csv(io.BytesIO(served(url, run, name, "csv")), **_tables._EXACT)
        pd.testing.assert_frame_equal(plain(own if own.index.name is None else own.reset_index()), plain(theirs), check_exact=True)
        assert len(own) > 50


def test_tables_equal_the_parquet_and_the_json_of_the_service(url: str, run: holdfast.Run) -> None:
    for name in TABLES:
        own = run.table(name)
        own = plain(own if own.index.name is None else own.reset_index())
        pd.testing.assert_frame_equal(own, plain(pd.read_parquet(io.BytesIO(served(url, run, name, "parquet")))), check_exact=True)
        columns = httpx.get(f"{url}/v1/backtests/{run.id}/{name}").json()["columns"]
        by_json = pd.DataFrame({key: [np.nan if cell is None else cell for cell in cells] for key, cells in columns.items()})
        pd.testing.assert_frame_equal(own, plain(by_json), check_exact=True)


def test_both_ways_give_the_same_frames(run: holdfast.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    by_arrow = {name: run.table(name) for name in [*TABLES, "logs"]}
    monkeypatch.setattr(_tables, "_pyarrow", lambda: None)
    for name, frame in by_arrow.items():
        pd.testing.assert_frame_equal(frame, run.table(name), check_exact=True)


def test_columns_have_the_types_of_what_they_hold(run: holdfast.Run, way: str) -> None:
    trades, equity, orders = run.table("trades"), run.table("equity"), run.table("orders")
    assert all(trades[name].dtype == np.int64 for name in ("entryBar", "exitBar", "bars"))
    assert all(orders[name].dtype == np.int64 for name in ("bar", "order"))
    assert (equity.dtypes == np.float64).all()
    assert trades["size"].dtype == np.float64
    assert str(equity.index.tz) == str(trades["entryTime"].dt.tz) == "UTC"
    # A user's own times merge with them.
    users = pd.DataFrame({"time": pd.to_datetime(["2005-01-03 12:00"], utc=True), "own": [1]})
    merged = pd.merge_asof(users, equity.reset_index(), on="time")
    assert merged["equity"].notna().all()
    assert trades["entryTag"].isna().all() and (trades["exitReason"] == "signal").any()
    assert np.isnan(orders["price"]).all(), "market orders have no price of their own"
    assert run.table("logs").columns.tolist() == ["time", "bar", "message"]


def test_words_are_read_as_they_are() -> None:
    content = (
        b'time,bar,message\r\n2024-01-02T00:00:00.000Z,3,NA\r\n2300-01-02T00:00:00.000Z,4,"a, ""b""\nc"\r\n2024-01-03T00:00:00.000Z,5,\r\n'
    )
    logs = _tables.from_csv(content, _tables.LOGS)
    assert logs["message"].tolist() == ["NA", 'a, "b"\nc', ""]
    assert logs["time"].dt.year.tolist() == [2024, 2300, 2024], "later than nanoseconds can say"
    assert logs["bar"].tolist() == [3, 4, 5]


def test_figures_are_those_of_the_result(url: str, run: holdfast.Run) -> None:
    theirs = httpx.get(f"{url}/v1/backtests/{run.id}/result").json()
    assert run.metrics.dtype == np.float64
    assert {name: None if np.isnan(value) else value for name, value in run.metrics.items()} == theirs["metrics"]
    assert run.manifest == theirs["manifest"]
    assert run.metrics["totalReturn"] == pytest.approx(run.equity["equity"].iloc[-1] / 100_000 - 1)
    assert not run.is_partial and run.verdicts["lookAhead"] is not None


def test_a_part_of_a_table_can_be_asked_for(run: holdfast.Run) -> None:
    year = run.table("equity", start="2005-01-01", end=pd.Timestamp("2005-12-31"))
    pd.testing.assert_frame_equal(year, run.equity.loc["2005"])
    assert len(run.table("equity", points=100)) <= 100
    assert run.indicators.columns.tolist() == ["open", "high", "low", "close", "volume", "fast", "slow"]
    assert np.isnan(run.indicators["slow"].iloc[0])
    with pytest.raises(ValueError, match="there is no table 'trade': take one of equity, trades"):
        run.table("trade")
    with pytest.raises(holdfast.RefusedSpec, match="MSFT"):
        run.table("indicators", symbol="MSFT")


def test_tables_of_a_finished_run_are_read_once(run: holdfast.Run) -> None:
    assert run.trades is run.trades


def test_a_run_shows_itself(run: holdfast.Run, tmp_path: Any) -> None:
    assert repr(run) == f"<Run {run.id} 'shared by tests' completed>"
    assert "Sharpe ratio" in run._repr_html_()
    report = run.report()
    assert report.startswith("<!doctype html>") or report.startswith("<!DOCTYPE html>")
    assert report.save(tmp_path / "report.html").read_text(encoding="utf-8") == report
    assert "<iframe srcdoc=" in report._repr_html_() and "characters" in repr(report)
    assert run.bundle(tmp_path / "run.zip").read_bytes()[:2] == b"PK"


def test_a_run_can_be_verified(run: holdfast.Run) -> None:
    verification = run.verify(progress=False)
    assert verification and verification.outcome == "identical" and verification.differences == []
    assert verification.run.manifest["resultHash"] == run.manifest["resultHash"]


def test_a_run_can_be_named_found_and_deleted(client: holdfast.Client) -> None:
    run = client.submit(SPEC).wait(progress=False)
    run.update(name="to be deleted", tags=["python-test"])
    found = client.runs(tag="python-test", status=["completed", "failed"])
    assert [each.name for each in found] == ["to be deleted"] and found.first() == run
    assert client.get(run.id).spec["strategy"]["params"] == {"fast": 10, "slow": 30, "direction": "long"}
    run.delete()
    with pytest.raises(holdfast.NotFound):
        client.get(run.id)


def test_lists_go_on_over_their_pages(client: holdfast.Client, run: holdfast.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"one of several {uuid.uuid4()}"
    client.batch([{**SPEC, "name": name}] * 3, progress=False)
    from holdfast import _client

    kept = _client._filters
    monkeypatch.setattr(_client, "_filters", lambda *args: {**kept(*args), "limit": 2})
    frame = client.runs(q=name, oldest_first=True).frame()
    assert len(frame) == 3 and frame.index.name == "id" and frame["createdAt"].is_monotonic_increasing
    assert frame["sharpe"].nunique() == 1 and frame["sharpe"].iloc[0] == run.metrics["sharpe"]
    assert len(client.runs(q=name, limit=2).frame()) == 2
    assert client.runs(q="there is no run of this name").frame().empty
