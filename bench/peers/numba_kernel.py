"""A kernel written by hand for this one rule and nothing else: a bound, not an engine. Its Sharpe ratio is that of the returns of single bars."""

import math

import numba
import numpy as np
from numba import njit, prange

from rule import CASH, FEE

BARS_PER_YEAR = 365 * 1440


@njit(cache=True)
def average(close, window):
    out = np.full(len(close), np.nan)
    total = 0.0
    for i in range(len(close)):
        total += close[i]
        if i >= window:
            total -= close[i - window]
        if i >= window - 1:
            out[i] = total / window
    return out


@njit(cache=True)
def trial(open_, close, fast, slow, first):
    cash = CASH
    held = 0
    wanted = 0
    before = CASH
    peak = CASH
    fall = 0.0
    sum_, squares = 0.0, 0.0
    trades = 0
    for i in range(len(close)):
        if wanted == 1:
            cash -= open_[i] * (1 + FEE)
            held = 1
        elif wanted == -1:
            cash += open_[i] * (1 - FEE)
            held = 0
            trades += 1
        wanted = 0
        equity = cash + held * close[i]
        gain = equity / before - 1
        before = equity
        sum_ += gain
        squares += gain * gain
        peak = max(peak, equity)
        fall = max(fall, 1 - equity / peak)
        if i >= first:
            if held == 0 and fast[i] > slow[i] and fast[i - 1] <= slow[i - 1]:
                wanted = 1
            elif held == 1 and fast[i] < slow[i] and fast[i - 1] >= slow[i - 1]:
                wanted = -1
    count = len(close)
    variance = (squares - sum_ * sum_ / count) / (count - 1)
    sharpe = sum_ / count / math.sqrt(variance) * math.sqrt(BARS_PER_YEAR)
    return before / CASH - 1, fall, trades, sharpe


@njit(parallel=True, cache=True)
def trials(open_, close, averages, rows, firsts):
    out = np.empty((len(rows), 4))
    for k in prange(len(rows)):
        figures = trial(open_, close, averages[rows[k, 0]], averages[rows[k, 1]], firsts[k])
        out[k, 0], out[k, 1], out[k, 2], out[k, 3] = figures
    return out


def sweep(bars, pairs, cores):
    numba.set_num_threads(cores)
    windows = sorted({window for pair in pairs for window in pair})
    averages = np.stack([average(bars["close"], window) for window in windows])
    rows = np.array([[windows.index(fast), windows.index(slow)] for fast, slow in pairs])
    out = trials(bars["open"], bars["close"], averages, rows, np.array([slow for _, slow in pairs]))
    return dict(zip(("totalReturn", "maxDrawdown", "trades", "sharpe"), out.T))


single = sweep
