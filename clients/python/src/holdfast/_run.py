"""A backtest, and its result as DataFrames."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union, cast

import pandas as pd

from . import answers
from ._encoding import Moment, moment
from ._events import FINISHED
from ._job import Job, metrics_series
from ._report import Report
from ._tables import EQUITY, INDICATORS, LOGS, ORDERS, TRADES, Layout, read_table
from ._transport import Transport
from ._verification import Verification

if TYPE_CHECKING:
    from typing_extensions import Self

_LAYOUTS: Dict[str, Layout] = {"equity": EQUITY, "trades": TRADES, "orders": ORDERS, "indicators": INDICATORS, "logs": LOGS}


class Run(Job):
    """A backtest. While it runs, its tables are as far as its last checkpoint; once it has finished, each is read once and kept."""

    def __init__(self, transport: Transport, state: Mapping[str, Any]) -> None:
        super().__init__(transport, state)
        self._tables: Dict[str, pd.DataFrame] = {}
        self._result: Optional[answers.Result] = None

    @property
    def tags(self) -> List[str]:
        """Words to find it by."""
        return list(self._state["tags"])

    @property
    def strategy(self) -> str:
        """The name of what it trades by."""
        return str(self._state["strategy"])

    @property
    def symbols(self) -> List[str]:
        """What it trades."""
        return list(self._state["symbols"])

    @property
    def batch_id(self) -> Optional[str]:
        """The batch that it is an item of."""
        return cast("Optional[str]", self._state["batch"])

    @property
    def spec(self) -> answers.BacktestSpec:
        """What it runs, with every default filled in."""
        if "spec" not in self._state:  # it comes from a list
            self.refresh()
        return cast("answers.BacktestSpec", self._state["spec"])

    @property
    def equity(self) -> pd.DataFrame:
        """The curve by time: equity, cash, exposure, drawdown, and the benchmark where there is one."""
        return self._table("equity")

    @property
    def trades(self) -> pd.DataFrame:
        """The trades, in the order of their ends."""
        return self._table("trades")

    @property
    def orders(self) -> pd.DataFrame:
        """Every fill, and every order that was cancelled, expired or rejected, with the reason."""
        return self._table("orders")

    @property
    def indicators(self) -> pd.DataFrame:
        """Bars of its first symbol by time, and what the strategy looked at. ``table("indicators", symbol=…)`` has those of another."""
        return self._table("indicators")

    @property
    def logs(self) -> pd.DataFrame:
        """What the strategy wrote."""
        return self._table("logs")

    def table(
        self,
        name: str,
        *,
        start: Optional[Moment] = None,
        end: Optional[Moment] = None,
        points: Optional[int] = None,
        symbol: Optional[str] = None,
    ) -> pd.DataFrame:
        """A part of a table: ``equity``, ``trades``, ``orders``, ``indicators`` or ``logs``.

        ``start`` and ``end`` are days, inclusive, or moments of which the last is not in it. ``points`` thins a curve for a chart, peaks
        and falls kept.
        """
        if name not in _LAYOUTS:
            raise ValueError(f"there is no table {name!r}: take one of {', '.join(_LAYOUTS)}")
        query = {
            "from": None if start is None else moment(start),
            "to": None if end is None else moment(end),
            "points": points,
            "symbol": symbol,
        }
        return read_table(self._transport, f"{self._path}/{name}", _LAYOUTS[name], query)

    def result(self) -> answers.Result:
        """Figures, manifest and verdicts as JSON. Raises ``NotFinished`` before its end."""
        if self._result is None:
            self._result = cast("answers.Result", self._transport.get(f"{self._path}/result"))
        return self._result

    @property
    def metrics(self) -> pd.Series[float]:
        """The figures by name; NaN for what is not defined. Raises ``NotFinished`` before its end."""
        return metrics_series(cast("Mapping[str, Optional[float]]", self.result()["metrics"]), self.name)

    @property
    def manifest(self) -> answers.Manifest:
        """What the result follows from, and its hash."""
        return self.result()["manifest"]

    @property
    def verdicts(self) -> answers.Verdicts:
        """What was found about the bars, and whether the strategy looks ahead."""
        return self.result()["verdicts"]

    @property
    def is_partial(self) -> bool:
        """Whether it was stopped before its end."""
        return self.result()["partial"]

    def report(self) -> Report:
        """The tear sheet: a notebook shows it, ``report().save(path)`` writes it."""
        return Report(self._transport.read(f"{self._path}/report").decode())

    def bundle(self, path: Union[str, Path]) -> Path:
        """Writes a zip file with spec, manifest and all tables."""
        file = Path(path)
        file.write_bytes(self._transport.read(f"{self._path}/bundle"))
        return file

    def verify(self, *, progress: bool = True, timeout: Optional[float] = None, idempotency_key: Optional[str] = None) -> Verification:
        """Runs it again on the same bars, and compares the bytes."""
        again = Run(self._transport, self._transport.create(f"{self._path}/verify", key=idempotency_key))
        again.wait(progress=progress, timeout=timeout)
        found: Any = again.result().get("verification")
        return Verification(found["outcome"], found["differences"], again)

    def update(self, *, name: Optional[str] = None, tags: Optional[Sequence[str]] = None) -> Self:
        """Gives it another name or other tags."""
        change = {key: value for key, value in (("name", name), ("tags", tags)) if value is not None}
        self._state = self._transport.send("PATCH", self._path, body=change).json()
        return self

    def delete(self) -> None:
        """Removes it, with its result. Only a finished one can be."""
        self._transport.send("DELETE", self._path)

    def _table(self, name: str) -> pd.DataFrame:
        if name in self._tables:
            return self._tables[name]
        # Asked before it is read: a table of a run that ends in between is only read once more.
        is_finished = self.is_finished
        table = self.table(name)
        if is_finished:
            self._tables[name] = table
        return table

    def _shown(self) -> List[Tuple[str, str]]:
        rows = [*super()._shown(), ("Strategy", f"{self.strategy} on {', '.join(self.symbols)}, {self._state['timeframe']}")]
        metrics = self._state["metrics"]
        if metrics is None or self._state["status"] not in FINISHED:
            return rows
        figures = (
            ("Total return", "totalReturn", "{:.2%}"),
            ("Return a year (CAGR)", "cagr", "{:.2%}"),
            ("Sharpe ratio", "sharpe", "{:.3f}"),
            ("Maximum drawdown", "maxDrawdown", "{:.2%}"),
            ("Trades", "trades", "{:,}"),
        )
        return [*rows, *((title, "–" if metrics[key] is None else form.format(metrics[key])) for title, key, form in figures)]
