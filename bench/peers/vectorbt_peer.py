"""vectorbt by its public interface. Its Sharpe ratio is that of the returns of single bars."""

from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial

import pandas as pd
import vectorbt as vbt

from rule import CASH, FEE, chunks, joined


def one_or_all(windows):
    """One window gives a series instead of a table, which is what its figures want."""
    return windows[0] if len(windows) == 1 else windows


def portfolio(bars, pairs):
    index = pd.to_datetime(bars["ts"], unit="ms")
    close = pd.Series(bars["close"], index=index)
    fast = vbt.MA.run(close, one_or_all([pair[0] for pair in pairs]), short_name="fast")
    slow = vbt.MA.run(close, one_or_all([pair[1] for pair in pairs]), short_name="slow")
    # Decided at the close, filled at the next open.
    entries = fast.ma_crossed_above(slow).vbt.signals.fshift(1)
    exits = fast.ma_crossed_below(slow).vbt.signals.fshift(1)
    price = pd.Series(bars["open"], index=index)
    return vbt.Portfolio.from_signals(
        close, entries, exits, price=price, size=1, fees=FEE, init_cash=CASH, freq="1min"
    )


def single(bars, pairs, _cores):
    whole = portfolio(bars, pairs)
    stats = whole.stats()
    trades = whole.trades.closed.records
    return {
        "totalReturn": [stats["Total Return [%]"] / 100],
        "maxDrawdown": [stats["Max Drawdown [%]"] / 100],
        "trades": [len(trades)],
        "sharpe": [stats["Sharpe Ratio"]],
    }


def few(bars, pairs):
    part = portfolio(bars, pairs)
    return {
        "totalReturn": list(part.total_return()),
        "maxDrawdown": list(-part.max_drawdown()),
        "trades": list(part.trades.closed.count()),
        "sharpe": list(part.sharpe_ratio()),
    }


@cache
def workers(count):
    return ProcessPoolExecutor(count)


def sweep(bars, pairs, cores):
    map_chunks = map if cores == 1 else workers(cores).map
    return joined(list(map_chunks(partial(few, bars), chunks(pairs))))
