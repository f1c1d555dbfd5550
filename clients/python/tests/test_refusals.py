"""What the service refuses, as exceptions."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any, Dict

import numpy as np
import pandas as pd
import pytest
from conftest import LONG_SPEC, SPEC

import holdfast
from holdfast._encoding import moment, to_json


def test_a_spec_is_refused_with_everything_that_is_wrong(client: holdfast.Client) -> None:
    with pytest.raises(holdfast.RefusedSpec) as refused:
        client.run({"data": {"source": "sampel", "symbols": ["AAPL"]}, "strategy": {"name": "sma-cros"}})
    error = refused.value
    assert (error.code, error.status) == ("invalid_spec", 422) and error.title
    assert {fault.path for fault in error.errors} == {"data.source", "strategy.name"}
    assert 'strategy.name: "sma-cros" is not known; did you mean "sma-cross"?' in str(error)


def test_a_rule_is_refused_with_its_place(client: holdfast.Client) -> None:
    with pytest.raises(holdfast.RefusedSpec, match=r"strategy\.rules\.enterLong"):
        client.estimate({**SPEC, "strategy": {"rules": {"enterLong": "closse > 1"}}})


def test_what_is_not_there_is_not_found(client: holdfast.Client) -> None:
    for ask in (client.get, client.get_sweep, client.get_batch, client.get_schedule):
        with pytest.raises(holdfast.NotFound):
            ask(str(uuid.uuid4()))
    with pytest.raises(KeyError, match="there is no source 'sampel'; there are sample, synthetic"):
        client.dataset("sampel")


def test_a_finished_run_cannot_be_paused(client: holdfast.Client, run: holdfast.Run) -> None:
    with pytest.raises(holdfast.Conflict) as refused:
        client.get(run.id).pause()
    assert refused.value.code == "already_finished"


def test_a_failed_run_says_why(client: holdfast.Client) -> None:
    bad = pd.DataFrame(
        {"open": [1.0, -1.0], "high": [1.0, 1.0], "low": [1.0, 1.0], "close": [1.0, 1.0], "volume": [1, 1]},
        index=pd.to_datetime(["2024-01-02", "2024-01-03"]),
    )
    source = client.upload(bad, name="python-negative", symbol="BAD").source
    spec: Dict[str, Any] = {"data": {"source": source, "symbols": ["BAD"]}, "strategy": {"name": "buy-and-hold"}}
    with pytest.raises(holdfast.RunFailed) as failed:
        client.run(spec, progress=False)
    assert failed.value.code == "bad_data" and failed.value.run.status == "failed" and "has open -1" in str(failed.value)
    run = client.run(spec, progress=False, check=False)
    assert run.error is not None and run.error["code"] == "bad_data" and "bad_data" in run._repr_html_()


def test_a_result_is_not_there_before_the_end(client: holdfast.Client) -> None:
    run = client.submit({**LONG_SPEC, "name": "cancelled by a test"})
    with pytest.raises(holdfast.NotFinished):
        _ = run.metrics
    run.cancel()
    with pytest.raises(holdfast.RunCancelled) as cancelled:
        run.wait(progress=False)
    assert cancelled.value.run is run and run.status == "cancelled"


def test_numbers_and_times_of_pandas_can_stand_in_a_spec() -> None:
    spec = {
        "params": {"fast": np.int64(10), "share": np.float32(0.5), "on": np.bool_(True)},
        "symbols": pd.Index(["AAPL"]),
        "from": pd.Timestamp("2020-01-01"),
        "to": dt.date(2020, 12, 31),
        "at": pd.Timestamp("2020-01-01 09:30", tz="America/New_York"),
    }
    assert json.loads(to_json(spec)) == {
        "params": {"fast": 10, "share": 0.5, "on": True},
        "symbols": ["AAPL"],
        "from": "2020-01-01",
        "to": "2020-12-31",
        "at": "2020-01-01T14:30:00.000Z",
    }
    assert moment(dt.datetime(2020, 1, 1, 12)) == "2020-01-01T12:00:00.000Z"


def test_what_json_cannot_say_is_said_with_its_path(client: holdfast.Client) -> None:
    with pytest.raises(ValueError, match=r"account\.cash is nan"):
        client.submit({**SPEC, "account": {"cash": np.nan}})
    with pytest.raises(TypeError, match=r"strategy\.params\.fast is of type object"):
        client.submit({**SPEC, "strategy": {"name": "sma-cross", "params": {"fast": object()}}})
    with pytest.raises(TypeError, match="a spec is a dict"):
        client.submit("examples/sma-cross.json")  # type: ignore[arg-type]
