"""backtesting.py by its public interface, in a process of its own. Its Sharpe ratio is geometric."""

import warnings
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial

import pandas as pd
from backtesting import Backtest, Strategy
from backtesting.lib import crossover

from rule import CASH, FEE

warnings.filterwarnings("ignore", message="Some trades remain open")  # they stay open on both sides


def average(values, window):
    return pd.Series(values).rolling(window).mean()


class Cross(Strategy):
    fast = 10
    slow = 30

    def init(self):
        self.quick = self.I(average, self.data.Close, self.fast)
        self.steady = self.I(average, self.data.Close, self.slow)

    def next(self):
        if crossover(self.quick, self.steady):
            if not self.position:
                self.buy(size=1)
        elif crossover(self.steady, self.quick):
            self.position.close()


def one(bars, pair):
    frame = pd.DataFrame(
        {name.capitalize(): bars[name] for name in ("open", "high", "low", "close", "volume")},
        index=pd.to_datetime(bars["ts"], unit="ms"),
    )
    stats = Backtest(frame, Cross, cash=CASH, commission=FEE).run(fast=pair[0], slow=pair[1])
    return (
        stats["Equity Final [$]"] / CASH - 1,
        -stats["Max. Drawdown [%]"] / 100,
        len(stats["_trades"]),
        stats["Sharpe Ratio"],
    )


@cache
def workers(count):
    return ProcessPoolExecutor(count)


def sweep(bars, pairs, cores):
    map_pairs = map if cores == 1 else workers(cores).map
    rows = list(map_pairs(partial(one, bars), pairs))
    return dict(zip(("totalReturn", "maxDrawdown", "trades", "sharpe"), map(list, zip(*rows))))


single = sweep
