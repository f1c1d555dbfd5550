"""Schedules and their nights."""

from __future__ import annotations

import time

import holdfast


def test_a_schedule_is_made_triggered_paused_and_ended(client: holdfast.Client) -> None:
    spec = {
        "name": "python nights",
        "cron": "0 2 * * *",
        "spec": {
            "data": {"source": "sample", "symbols": ["AAPL"], "from": "end-5y", "to": "end"},
            "strategy": {"name": "sma-cross", "params": {"fast": 10, "slow": 30}},
        },
    }
    schedule = client.schedule(spec)
    assert schedule.next_runs[0].hour == 2 and schedule.nights.empty and schedule.last_run() is None
    schedule.trigger()
    until = time.monotonic() + 20
    while not (schedule.nights.get("status") == "completed").any():
        assert time.monotonic() < until, "the night does not end"
        time.sleep(0.1)
    nights = schedule.nights
    last = schedule.last_run()
    assert last is not None and nights["run"].tolist() == [last.id] and nights["sharpe"].iloc[0] == last.metrics["sharpe"]
    assert nights.index.name == "nominalTime" and str(nights.index.tz) == "UTC"
    assert schedule.pause("for a test").is_paused and not schedule.resume().is_paused
    assert "paused" not in repr(schedule) and "python nights" in schedule._repr_html_()
    assert schedule.update({"cron": "30 3 * * *"}).next_runs[0].minute == 30
    assert client.schedules_frame().loc[schedule.id, "cron"] == "30 3 * * *"
    schedule.delete()
    assert schedule.id not in [each.id for each in client.schedules()]
