"""The service, as Python sees it."""

from __future__ import annotations

import os
from typing import Any, Dict, List, Mapping, Optional, Sequence, Union, cast
from urllib.parse import quote

import pandas as pd

from . import answers, specs
from ._bars import bars_of
from ._batch import Batch
from ._dataset import Dataset, upload_bars, upload_name
from ._encoding import Moment, moment
from ._listing import Listing, pages
from ._run import Run
from ._schedule import Schedule, schedules_frame
from ._sweep import Sweep
from ._transport import Transport

DEFAULT_URL = "http://127.0.0.1:4000"
DEFAULT_PATIENCE_SECONDS = 60.0

#: Specs are plain dicts, as on the command line. Annotated (``spec: holdfast.BacktestSpec = {…}``), they are checked.
Spec = Union[specs.BacktestSpec, answers.BacktestSpec, Mapping[str, Any]]
SweepSpec = Union[specs.SweepSpec, answers.SweepSpec, Mapping[str, Any]]
ScheduleSpec = Union[specs.ScheduleSpec, Mapping[str, Any]]
Words = Union[None, str, Sequence[str]]


class Client:
    """A connection to the service.

    ``url`` and ``token`` are those of ``HOLDFAST_URL`` and ``HOLDFAST_TOKEN`` where they are not given. ``patience``: for how many
    seconds a service that is away, restarting or overloaded is asked again before a call fails.
    """

    def __init__(self, url: Optional[str] = None, token: Optional[str] = None, *, patience: float = DEFAULT_PATIENCE_SECONDS) -> None:
        self._given = (url, token, patience)
        self._opened: Optional[Transport] = None

    def connect(self, url: Optional[str] = None, token: Optional[str] = None, *, patience: float = DEFAULT_PATIENCE_SECONDS) -> None:
        """Talks to another service from now on. What came from the one before keeps talking to it."""
        self._given = (url, token, patience)
        self._opened = None

    @property
    def url(self) -> str:
        """The address of the service."""
        return self._transport.url

    @property
    def _transport(self) -> Transport:
        # Opened when it is first needed, so that importing reads no environment.
        if self._opened is None:
            url, token, patience = self._given
            address = url or os.environ.get("HOLDFAST_URL") or DEFAULT_URL
            self._opened = Transport(address, token or os.environ.get("HOLDFAST_TOKEN") or None, patience)
        return self._opened

    def close(self) -> None:
        """Gives back the connections."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def run(
        self,
        spec: Spec,
        *,
        name: Optional[str] = None,
        progress: bool = True,
        timeout: Optional[float] = None,
        check: bool = True,
        cancel_on_interrupt: bool = False,
        idempotency_key: Optional[str] = None,
    ) -> Run:
        """Runs a backtest, shows its progress, and gives it back when it has completed.

        Raises ``RefusedSpec`` with every fault of the spec, ``RunFailed`` with the run (not with ``check=False``), and ``TimeoutError``
        after ``timeout`` seconds. Ctrl-C leaves the run going and says how to come back to it; with ``cancel_on_interrupt`` it cancels.
        """
        run = self.submit(spec, name=name, idempotency_key=idempotency_key)
        return run.wait(progress=progress, timeout=timeout, check=check, cancel_on_interrupt=cancel_on_interrupt)

    def submit(self, spec: Spec, *, name: Optional[str] = None, idempotency_key: Optional[str] = None) -> Run:
        """Submits a backtest, and gives it back as soon as it is accepted. The same ``idempotency_key`` gives the same run for a day."""
        return Run(self._transport, self._transport.create("/v1/backtests", _named(spec, name), key=idempotency_key))

    def get(self, id: str) -> Run:
        """The run of an id."""
        return Run(self._transport, self._transport.get(f"/v1/backtests/{_id(id)}"))

    def runs(
        self,
        *,
        status: Words = None,
        strategy: Optional[str] = None,
        symbol: Optional[str] = None,
        tag: Optional[str] = None,
        batch: Optional[str] = None,
        q: Optional[str] = None,
        created_from: Optional[Moment] = None,
        created_to: Optional[Moment] = None,
        oldest_first: bool = False,
        limit: Optional[int] = None,
    ) -> Listing[Run]:
        """Your backtests, the newest first: iterate over them, or take ``runs().frame()``. ``q`` is a part of the name."""
        query = _filters(status, strategy, symbol, tag, q, created_from, created_to, oldest_first)
        rows = lambda: pages(self._transport, "/v1/backtests", {**query, "batch": batch})  # noqa: E731
        return Listing(rows, lambda row: Run(self._transport, row), limit)

    def estimate(self, spec: Spec) -> answers.Estimate:
        """What a backtest would take: bars, memory, seconds, bytes scanned and their cost. Nothing is run."""
        return cast("answers.Estimate", self._transport.send("POST", "/v1/backtests/estimate", body=spec).json())

    def sweep(
        self,
        spec: SweepSpec,
        *,
        name: Optional[str] = None,
        progress: bool = True,
        timeout: Optional[float] = None,
        check: bool = True,
        cancel_on_interrupt: bool = False,
        idempotency_key: Optional[str] = None,
    ) -> Sweep:
        """Runs a sweep, shows its progress, and gives it back when it has completed; otherwise as ``run``."""
        sweep = self.submit_sweep(spec, name=name, idempotency_key=idempotency_key)
        return sweep.wait(progress=progress, timeout=timeout, check=check, cancel_on_interrupt=cancel_on_interrupt)

    def submit_sweep(self, spec: SweepSpec, *, name: Optional[str] = None, idempotency_key: Optional[str] = None) -> Sweep:
        """Submits a sweep, and gives it back as soon as it is accepted."""
        return Sweep(self._transport, self._transport.create("/v1/sweeps", _named(spec, name), key=idempotency_key))

    def get_sweep(self, id: str) -> Sweep:
        """The sweep of an id."""
        return Sweep(self._transport, self._transport.get(f"/v1/sweeps/{_id(id)}"))

    def sweeps(
        self,
        *,
        status: Words = None,
        strategy: Optional[str] = None,
        symbol: Optional[str] = None,
        tag: Optional[str] = None,
        q: Optional[str] = None,
        created_from: Optional[Moment] = None,
        created_to: Optional[Moment] = None,
        oldest_first: bool = False,
        limit: Optional[int] = None,
    ) -> Listing[Sweep]:
        """Your sweeps, the newest first, as ``runs``."""
        query = _filters(status, strategy, symbol, tag, q, created_from, created_to, oldest_first)
        return Listing(lambda: pages(self._transport, "/v1/sweeps", query), lambda row: Sweep(self._transport, row), limit)

    def estimate_sweep(self, spec: SweepSpec) -> answers.SweepEstimate:
        """What a sweep would take. Nothing is run."""
        return cast("answers.SweepEstimate", self._transport.send("POST", "/v1/sweeps/estimate", body=spec).json())

    def batch(
        self,
        items: Sequence[Spec],
        *,
        name: Optional[str] = None,
        progress: bool = True,
        timeout: Optional[float] = None,
        check: bool = True,
        cancel_on_interrupt: bool = False,
        idempotency_key: Optional[str] = None,
    ) -> Batch:
        """Runs up to 2,000 backtests, accepted all or none, and gives the batch back when every one has ended, each in its own way."""
        batch = self.submit_batch(items, name=name, idempotency_key=idempotency_key)
        return batch.wait(progress=progress, timeout=timeout, check=check, cancel_on_interrupt=cancel_on_interrupt)

    def submit_batch(self, items: Sequence[Spec], *, name: Optional[str] = None, idempotency_key: Optional[str] = None) -> Batch:
        """Submits up to 2,000 backtests, and gives the batch back as soon as it is accepted."""
        return Batch(self._transport, self._transport.create("/v1/batches", _named({"items": items}, name), key=idempotency_key))

    def get_batch(self, id: str) -> Batch:
        """The batch of an id."""
        return Batch(self._transport, self._transport.get(f"/v1/batches/{_id(id)}"))

    def schedule(self, spec: ScheduleSpec, *, name: Optional[str] = None, idempotency_key: Optional[str] = None) -> Schedule:
        """Makes a schedule: a backtest that runs again and again."""
        return Schedule(self._transport, self._transport.create("/v1/schedules", _named(spec, name), key=idempotency_key))

    def get_schedule(self, id: str) -> Schedule:
        """The schedule of an id."""
        return Schedule(self._transport, self._transport.get(f"/v1/schedules/{_id(id)}"))

    def schedules(self) -> List[Schedule]:
        """Your schedules."""
        return [Schedule(self._transport, each) for each in pages(self._transport, "/v1/schedules", {"limit": 100})]

    def schedules_frame(self) -> pd.DataFrame:
        """Your schedules as a DataFrame by id."""
        return schedules_frame(self.schedules())

    def datasets(self) -> List[Dataset]:
        """Where bars can come from."""
        return [Dataset(self._transport, each) for each in self._transport.get("/v1/datasets")["items"]]

    def dataset(self, source: str) -> Dataset:
        """A source by its name: ``sample``, ``upload:mine``."""
        known = {each.source: each for each in self.datasets()}
        if source not in known:
            raise KeyError(f"there is no source {source!r}; there are {', '.join(known)}")
        return known[source]

    def upload(
        self, frame: pd.DataFrame, *, name: Optional[str] = None, symbol: Optional[str] = None, timeframe: Optional[str] = None
    ) -> Dataset:
        """Stores the bars of a DataFrame as a source of your own: ``"source": "upload:NAME"`` in specs.

        Times stand in a DatetimeIndex or in a column ``ts``; without a zone they are UTC, and bars of a day are those of the day in the
        zone of the frame. Prices are ``open high low close volume`` in any case (a market without volume needs none), further columns of
        numbers are names in rules (``My Signal`` is ``mySignal``). Several symbols stand in a column or level ``symbol``; otherwise
        ``symbol`` is that of all. Without a ``timeframe`` it is the smallest distance of the first bars. An earlier upload of the name is
        replaced.
        """
        bars = bars_of(frame, timeframe)
        has_symbols = "symbol" in bars.frame
        if not has_symbols and symbol is None:
            raise ValueError('which symbol is it? Give symbol="…", or a column "symbol"')
        if has_symbols and symbol is not None:
            raise ValueError('the frame has a column "symbol": leave symbol=… out, or drop the column')
        if name is None and symbol is None:
            raise ValueError('what shall it be called? Give name="…"')
        return upload_bars(self._transport, bars, name=name or upload_name(str(symbol)), symbol=symbol)

    def strategies(self) -> Dict[str, answers.StrategyInfo]:
        """What can be run, by name, each with its parameters."""
        return {each["name"]: each for each in self._transport.get("/v1/strategies")["items"]}

    def me(self) -> answers.Account:
        """Who you are to the service, your limits, and what of them is used."""
        return cast("answers.Account", self._transport.get("/v1/me"))

    def __repr__(self) -> str:
        return f"<Client {self.url}>"


def _named(spec: Mapping[str, Any], name: Optional[str]) -> Mapping[str, Any]:
    if not isinstance(spec, Mapping):
        raise TypeError(f"a spec is a dict, as in examples/*.json; this is of type {type(spec).__name__}")
    return spec if name is None else {**spec, "name": name}


def _id(id: str) -> str:
    return quote(id.strip(), safe="")


def _filters(
    status: Words,
    strategy: Optional[str],
    symbol: Optional[str],
    tag: Optional[str],
    q: Optional[str],
    created_from: Optional[Moment],
    created_to: Optional[Moment],
    oldest_first: bool,
) -> Dict[str, Any]:
    return {
        "status": status,
        "strategy": strategy,
        "symbol": symbol,
        "tag": tag,
        "q": q,
        "createdFrom": None if created_from is None else moment(created_from),
        "createdTo": None if created_to is None else moment(created_to),
        "sort": "createdAt" if oldest_first else "-createdAt",
        "limit": 200,
    }
