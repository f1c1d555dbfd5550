"""The tests run against a service: that of HOLDFAST_URL, as for every client."""

from __future__ import annotations

import os
from typing import Any, Dict, Iterator

import pytest

import holdfast

SPEC: Dict[str, Any] = {
    "data": {"source": "sample", "symbols": ["AAPL"]},
    "strategy": {"name": "sma-cross", "params": {"fast": 10, "slow": 30}},
    "account": {"fees": {"relative": 0.001}},
    "benchmark": "AAPL",
}
#: Some seconds of work in several slices.
LONG_SPEC: Dict[str, Any] = {
    "name": "long",
    "data": {"source": "synthetic", "symbols": ["SYN"], "timeframe": "1m", "synthetic": {"bars": 200_000}},
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
