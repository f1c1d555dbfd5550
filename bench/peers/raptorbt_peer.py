"""raptorbt by its public interface: whole result with 48 metrics for each pair. Its Sharpe ratio has a convention of its own."""

import os

os.environ["RAPTORBT_NO_VERSION_CHECK"] = "1"

import numpy as np  # noqa: E402
import raptorbt  # noqa: E402

from rule import CASH, FEE, chunks, joined  # noqa: E402

CONFIG = raptorbt.BacktestConfig(initial_capital=CASH, fees=FEE, slippage=0.0, fill_timing="next_bar_open")
ONE_LOT = raptorbt.InstrumentConfig(lot_size=1.0)


def columns(bars):
    ts = (bars["ts"] * 1_000_000).astype(np.int64)
    return [ts, *(bars[name] for name in ("open", "high", "low", "close", "volume"))]


def one_unit(bars):
    """A size is a share of the money, rounded down to whole lots: money for one unit and a half comes to one."""
    return 1.5 * bars["close"] / CASH


def signals(fast, slow):
    entries = np.zeros(len(fast), dtype=bool)
    exits = np.zeros(len(fast), dtype=bool)
    entries[1:] = (fast[1:] > slow[1:]) & (fast[:-1] <= slow[:-1])
    exits[1:] = (fast[1:] < slow[1:]) & (fast[:-1] >= slow[:-1])
    return entries, exits


def figures(results):
    metrics = [result.metrics for result in results]
    return {
        "totalReturn": [one.total_return_pct / 100 for one in metrics],
        "maxDrawdown": [one.max_drawdown_pct / 100 for one in metrics],
        "trades": [one.total_closed_trades for one in metrics],
        "sharpe": [one.sharpe_ratio for one in metrics],
    }


def single(bars, pairs, _cores):
    (fast, slow), close = pairs[0], bars["close"]
    entries, exits = signals(raptorbt.sma(close, fast), raptorbt.sma(close, slow))
    result = raptorbt.run_single_backtest(
        *columns(bars),
        entries=entries,
        exits=exits,
        direction=1,
        weight=1.0,
        symbol="X",
        config=CONFIG,
        position_sizes=one_unit(bars),
        instrument_config=ONE_LOT,
    )
    result.trades()
    return figures([result])


def sweep(bars, pairs, _cores):
    averages = {window: raptorbt.sma(bars["close"], window) for window in {window for pair in pairs for window in pair}}
    sizes, shared = one_unit(bars), columns(bars)

    def few(chunk):
        items = []
        for number, (fast, slow) in enumerate(chunk):
            entries, exits = signals(averages[fast], averages[slow])
            items.append(
                raptorbt.BatchSingleItem(
                    str(number), entries, exits, symbol="X", position_sizes=sizes, instrument_config=ONE_LOT
                )
            )
        found = dict(raptorbt.batch_single_backtest(*shared, items, CONFIG))
        return figures([found[str(number)] for number in range(len(chunk))])

    return joined([few(chunk) for chunk in chunks(pairs)])
