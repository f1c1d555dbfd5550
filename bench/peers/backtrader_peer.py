"""backtrader by its public interface. It takes some minutes for a million bars, so it gets fewer."""

import backtrader as bt
import pandas as pd

from rule import CASH, FEE


class Cross(bt.Strategy):
    params = (("fast", 10), ("slow", 30))

    def __init__(self):
        quick = bt.indicators.SMA(self.data.close, period=self.params.fast)
        steady = bt.indicators.SMA(self.data.close, period=self.params.slow)
        self.cross = bt.indicators.CrossOver(quick, steady)

    def next(self):
        if self.cross > 0 and not self.position:
            self.buy(size=1)
        elif self.cross < 0 and self.position:
            self.close()


def single(bars, pairs, _cores):
    frame = pd.DataFrame(
        {name: bars[name] for name in ("open", "high", "low", "close", "volume")},
        index=pd.to_datetime(bars["ts"], unit="ms"),
    )
    (fast, slow), engine = pairs[0], bt.Cerebro(stdstats=False)
    engine.adddata(bt.feeds.PandasData(dataname=frame))
    engine.addstrategy(Cross, fast=fast, slow=slow)
    engine.broker.setcash(CASH)
    engine.broker.setcommission(commission=FEE)
    engine.addanalyzer(bt.analyzers.DrawDown, _name="fall")
    engine.addanalyzer(bt.analyzers.TradeAnalyzer, _name="trades")
    (run,) = engine.run()
    return {
        "totalReturn": [engine.broker.getvalue() / CASH - 1],
        "maxDrawdown": [run.analyzers.fall.get_analysis().max.drawdown / 100],
        "trades": [run.analyzers.trades.get_analysis().total.closed],
        "sharpe": [float("nan")],
    }


