"""The tests run against a service: that of HOLDFAST_URL, as for every client."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Dict, Iterator

import pytest

import holdfast

SPEC: Dict[str, Any] = {
    "data": {"source": "sample", "symbols": ["AAPL"]},
    "strategy": {"name": "sma-cross", "params": {"fast": 10, "slow": 30}},
    "account": {"fees": {"relative": 0.001}},
    "benchmark": "AAPL",
}
#: A second of work and more, in several slices.
LONG_SPEC: Dict[str, Any] = {
    "name": "long",
    "data": {"source": "synthetic", "symbols": ["SYN"], "timeframe": "1m", "synthetic": {"bars": 50_000}},
    "strategy": {"name": "synthetic-load", "params": {"fast": 10, "slow": 30, "microsecondsPerBar": 20}},
}
SWEEP_SPEC: Dict[str, Any] = {
    "data": SPEC["data"],
    "strategy": {"name": "sma-cross"},
    "space": {
        "fast": {"min": 2, "max": 30, "step": 4},
        "slow": {"min": 20, "max": 60, "step": 10},
        "direction": {"values": ["long", "long-short"]},
    },
    "where": "fast < slow",
}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Writes what came of each test for the service's own test run, which shows it among its own."""
    file = os.environ.get("HOLDFAST_TEST_OUTCOMES")
    # What goes well is told by the call; set-up and clean-up count where they do not.
    if file is None or (report.when != "call" and report.outcome == "passed"):
        return
    skipped = report.longrepr[2] if report.skipped and isinstance(report.longrepr, tuple) else None
    told = {"id": report.nodeid, "outcome": report.outcome, "text": skipped or report.longreprtext}
    with Path(file).open("a", encoding="utf-8") as out:
        out.write(json.dumps(told) + "\n")


@pytest.fixture(scope="session")
def url() -> str:
    return os.environ.get("HOLDFAST_URL", "http://127.0.0.1:4000")


@pytest.fixture(scope="session")
def client(url: str) -> Iterator[holdfast.Client]:
    client = holdfast.Client(url)
    yield client
    client.close()


@pytest.fixture(scope="session")
def run(client: holdfast.Client) -> holdfast.Run:
    """A backtest that has completed."""
    return client.run(SPEC, name="shared by tests", progress=False)


@pytest.fixture(scope="session")
def sweep(client: holdfast.Client) -> holdfast.Sweep:
    """A sweep that has completed."""
    return client.sweep(SWEEP_SPEC, progress=False)
