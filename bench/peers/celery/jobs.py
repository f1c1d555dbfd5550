"""A backtest as Celery tasks: one task of three steps, and a chain of three tasks that hand each other files, as a careful user would write it."""

import functools
import os
import uuid

import numpy as np
from celery import Celery, chain

REDIS = os.environ["BENCH_REDIS"]
FILES = os.environ["BENCH_FILES"]

app = Celery("jobs", broker=REDIS, backend=REDIS)
app.conf.update(task_acks_late=True, worker_prefetch_multiplier=1, broker_connection_retry_on_startup=True)


@functools.lru_cache(maxsize=4)
def bars(count: int) -> np.ndarray:
    """Closes of a geometric random walk; kept in memory, as ours are."""
    return 100 * np.exp(np.cumsum(np.random.default_rng(7).normal(0, 0.001, count)))


def averages(close: np.ndarray, window: int) -> np.ndarray:
    sums = np.cumsum(np.insert(close, 0, 0.0))
    return np.concatenate([np.full(window - 1, np.nan), (sums[window:] - sums[:-window]) / window])


def simulate_bars(close: np.ndarray, fast: int, slow: int) -> tuple[np.ndarray, list[tuple[int, int, float]]]:
    """All-in from crossing to crossing, filled at the next bar, fee 0.1 %: the equity at each bar, and the trades."""
    held = np.nan_to_num(averages(close, fast) - averages(close, slow)) > 0
    position = np.concatenate([[False], held[:-1]])
    changes = np.flatnonzero(np.diff(position.astype(np.int8)))
    growth = np.where(position, np.concatenate([[1.0], close[1:] / close[:-1]]), 1.0)
    growth[changes + 1] *= 0.999
    equity = 100_000 * np.cumprod(growth)
    trades = [(int(a), int(b), float(close[b] / close[a] - 1)) for a, b in zip(changes[::2], changes[1::2])]
    return equity, trades


def figures(equity: np.ndarray, trades: list[tuple[int, int, float]]) -> dict[str, float]:
    daily = equity[:: 390]
    returns = daily[1:] / daily[:-1] - 1
    drawdown = equity / np.maximum.accumulate(equity) - 1
    return {
        "totalReturn": float(equity[-1] / 100_000 - 1),
        "sharpe": float(returns.mean() / returns.std(ddof=1) * np.sqrt(252)),
        "maxDrawdown": float(drawdown.min()),
        "trades": len(trades),
    }


@app.task
def whole(count: int, fast: int, slow: int) -> dict[str, float]:
    equity, trades = simulate_bars(bars(count), fast, slow)
    store(equity, trades)
    return figures(equity, trades)


@app.task
def fetch(count: int, fast: int, slow: int) -> tuple[int, int, int]:
    bars(count)
    return count, fast, slow


@app.task
def simulate(given: tuple[int, int, int]) -> str:
    count, fast, slow = given
    return store(*simulate_bars(bars(count), fast, slow))


@app.task
def aggregate(path: str) -> dict[str, float]:
    with np.load(path) as stored:
        return figures(stored["equity"], list(stored["trades"]))


def store(equity: np.ndarray, trades: list[tuple[int, int, float]]) -> str:
    path = os.path.join(FILES, f"{uuid.uuid4()}.npz")
    np.savez(path, equity=equity, trades=np.array(trades))
    return path


def submit_chain(count: int, fast: int, slow: int):
    return chain(fetch.s(count, fast, slow), simulate.s(), aggregate.s()).apply_async()
