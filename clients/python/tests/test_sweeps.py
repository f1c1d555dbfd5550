"""Sweeps and batches."""

from __future__ import annotations

import io

import httpx
import numpy as np
import pandas as pd
import pytest
from conftest import SPEC

import holdfast
from holdfast import _tables


def test_trials_equal_the_csv_of_the_service(url: str, sweep: holdfast.Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = pd.read_csv(
        io.BytesIO(httpx.get(f"{url}/v1/sweeps/{sweep.id}/trials", params={"format": "csv"}).content), **_tables._EXACT
    ).set_index("rank")
    trials = sweep.trials
    pd.testing.assert_frame_equal(trials.astype({"cached": "int64"}), theirs, check_exact=True, check_dtype=False)
    assert [trials[name].dtype.kind for name in ("fast", "slow", "trades", "cached", "sharpe")] == ["i", "i", "i", "b", "f"]
    assert set(trials["direction"]) == {"long", "long-short"}
    monkeypatch.setattr(_tables, "_pyarrow", lambda: None)
    pd.testing.assert_frame_equal(trials, sweep.trials_where(), check_exact=True)


def test_trials_can_be_chosen(sweep: holdfast.Sweep) -> None:
    chosen = sweep.trials_where("trades > 100 && fast < 20", sort="-totalReturn", limit=5)
    mine = sweep.trials.query("trades > 100 and fast < 20").nlargest(5, "totalReturn")
    pd.testing.assert_frame_equal(chosen, mine)
    with pytest.raises(holdfast.RefusedSpec, match='did you mean "fast"'):
        sweep.trials_where("fastt < 20")


def test_a_heatmap_is_a_pivot_of_the_trials(sweep: holdfast.Sweep) -> None:
    for of, how in (("mean", "mean"), ("best", "max"), ("trials", "count")):
        heatmap = sweep.heatmap("fast", "slow", "sharpe", of=of)  # type: ignore[arg-type]
        pivot = sweep.trials.pivot_table(index="slow", columns="fast", values="sharpe", aggfunc=how)
        if of == "trials":
            pivot = pivot.fillna(0)
        pd.testing.assert_frame_equal(heatmap, pivot, check_dtype=False)
    assert np.isnan(sweep.heatmap("fast", "slow").loc[20, 22]), "no trial is so"
    with pytest.raises(ValueError, match="take mean, best or trials"):
        sweep.heatmap("fast", "slow", of="median")  # type: ignore[arg-type]


def test_the_best_can_be_run_in_full(client: holdfast.Client, sweep: holdfast.Sweep) -> None:
    best = sweep.best(2)
    top = sweep.trials.iloc[0]
    assert [trial.rank for trial in best] == [1, 2] and best[0].params == {name: top[name] for name in ("fast", "slow", "direction")}
    in_full = client.run(best[0].spec, progress=False)
    assert in_full.metrics["sharpe"] == top["sharpe"]
    batch = sweep.run_best(2, progress=False)
    assert batch.items["sharpe"].tolist() == sweep.trials["sharpe"].tolist()[:2]
    assert sweep.run_best(2, wait=False) == batch


def test_a_sweep_says_whether_it_is_luck(sweep: holdfast.Sweep) -> None:
    assert sweep.validation is not None and sweep.validation["verdict"] in ("convincing", "undecided", "likely_luck")
    assert "Verdict" in sweep._repr_html_() and sweep.manifest["resultHash"]


def test_a_sweep_goes_on_to_more_trials(client: holdfast.Client) -> None:
    spec = {
        "data": SPEC["data"],
        "strategy": {"name": "rsi-reversion", "params": {"period": 14}},
        "space": {"buyBelow": {"min": 10, "max": 40}},
        "search": {"kind": "random", "trials": 4},
    }
    assert client.estimate_sweep(spec)["trials"] == 4
    sweep = client.sweep(spec, progress=False)
    first = sweep.trials
    assert len(first) == 4 and first["buyBelow"].dtype == np.float64
    sweep.extend(8).wait(progress=False)
    assert len(sweep.trials) == 8 and set(first["trial"]) < set(sweep.trials["trial"])
    assert client.get_sweep(sweep.id) == sweep and client.sweeps(limit=1).first() == sweep


def test_a_batch_keeps_the_order_of_its_items(client: holdfast.Client) -> None:
    specs = [{**SPEC, "strategy": {"name": "sma-cross", "params": {"fast": np.int64(fast), "slow": 30}}} for fast in (5, 10, 15)]
    batch = client.batch(specs, name="three of them", progress=False)
    assert batch.counts == {"completed": 3}
    assert [run.spec["strategy"]["params"]["fast"] for run in batch.runs(status="completed")] == [5, 10, 15]
    assert batch.items["status"].tolist() == ["completed"] * 3
    assert client.get_batch(batch.id).status == "completed"


def test_a_batch_is_accepted_as_a_whole_or_not_at_all(client: holdfast.Client) -> None:
    with pytest.raises(holdfast.RefusedSpec) as refused:
        client.submit_batch([SPEC, {**SPEC, "strategy": {"name": "sma-cros"}}])
    assert [fault.path for fault in refused.value.errors] == ["items.1.strategy.name"]
