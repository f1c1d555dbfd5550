"""Many parameters of one strategy, and which of them are best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Dict, List, Literal, Mapping, Optional, Tuple, Union, cast

import pandas as pd

from . import answers
from ._batch import Batch
from ._events import FINISHED
from ._job import Job
from ._tables import Layout, read_table
from ._transport import Transport


@dataclass(frozen=True)
class BestTrial:
    """A trial that is among the best of a sweep; ``holdfast.run(trial.spec)`` runs it in full."""

    rank: int
    trial: int
    params: Dict[str, Union[int, float, str]]
    objective: Optional[float]
    #: The mean objective of the trial and its neighbours: far below ``objective``, it is a lonely peak.
    robust: Optional[float]
    metrics: Dict[str, Optional[float]]
    spec: answers.BacktestSpec


class Sweep(Job):
    """A sweep. Its trials can be read while it runs; once it has finished, they are read once and kept."""

    word: ClassVar[str] = "sweep"
    collection: ClassVar[str] = "/v1/sweeps"
    getter: ClassVar[str] = "get_sweep"

    def __init__(self, transport: Transport, state: Mapping[str, Any]) -> None:
        super().__init__(transport, state)
        self._trials: Optional[pd.DataFrame] = None
        self._result: Optional[answers.SweepResult] = None
        self._kept_types: Optional[Dict[str, str]] = None

    @property
    def spec(self) -> answers.SweepSpec:
        """What it tries, with every default filled in."""
        if "spec" not in self._state:  # it comes from a list
            self.refresh()
        return cast("answers.SweepSpec", self._state["spec"])

    @property
    def trials(self) -> pd.DataFrame:
        """The trials that are done, by rank: a column for each parameter, the objective, the figures."""
        if self._trials is not None:
            return self._trials
        is_finished = self.is_finished
        trials = self.trials_where()
        if is_finished:
            self._trials = trials
        return trials

    def trials_where(self, condition: Optional[str] = None, *, sort: Optional[str] = None, limit: Optional[int] = None) -> pd.DataFrame:
        """Those that pass a condition (``"trades > 30 && fast < 20"``), sorted by a column (``"-sharpe"``: the highest first)."""
        types = self._param_types
        layout = Layout(
            words=frozenset(name for name, kind in types.items() if kind == "choice"),
            whole=frozenset({"rank", "trial", "trades", "neighbours", *(name for name, kind in types.items() if kind == "integer")}),
            truths=frozenset({"cached"}),
            index="rank",
        )
        return read_table(self._transport, f"{self._path}/trials", layout, {"filter": condition, "sort": sort, "limit": limit})

    def heatmap(self, x: str, y: str, metric: str = "objective", *, of: Literal["mean", "best", "trials"] = "mean") -> pd.DataFrame:
        """A figure by two parameters, ``x`` across and ``y`` down: over all others their mean, their best, or the number of trials.

        A parameter with very many values is cut into ranges, named by their lower ends.
        """
        if of not in ("mean", "best", "trials"):
            raise ValueError(f"of={of!r} is not known: take mean, best or trials")
        answer = cast("answers.Heatmap", self._transport.get(f"{self._path}/heatmap", {"x": x, "y": y, "metric": metric}))
        cells: List[List[Any]] = [*answer[of]]
        rows, columns = (pd.Index(answer[side]["values"], name=answer[side]["param"]) for side in ("y", "x"))
        kind: Any = "int64" if of == "trials" else "float64"
        return pd.DataFrame(cells, index=rows, columns=columns, dtype=kind)

    def best(self, k: int = 10) -> List[BestTrial]:
        """The best trials, the best first, each with the spec that runs it in full."""
        items = cast("answers.BestTrials", self._transport.get(f"{self._path}/best", {"k": k}))["items"]
        return [
            BestTrial(each["rank"], each["trial"], each["params"], each["objective"], each["robust"], each["metrics"], each["spec"])
            for each in items
        ]

    def run_best(self, k: int = 10, *, progress: bool = True, wait: bool = True, idempotency_key: Optional[str] = None) -> Batch:
        """Runs the best trials in full, with curves and trades. Asked again, it is the same batch as long as the trials are the same."""
        # Without a key of the caller the service makes one of what is in the batch.
        headers = {} if idempotency_key is None else {"idempotency-key": idempotency_key}
        state = self._transport.send("POST", f"{self._path}/best", query={"k": k}, headers=headers).json()
        batch = Batch(self._transport, state)
        return batch.wait(progress=progress) if wait else batch

    def extend(self, trials: int, *, idempotency_key: Optional[str] = None) -> Sweep:
        """Goes on to a total of so many trials."""
        self._state = self._transport.create(f"{self._path}/extend", {"trials": trials}, key=idempotency_key)
        self._trials = self._result = None
        return self

    def update(self, *, name: Optional[str] = None, tags: Optional[List[str]] = None, priority: Optional[int] = None) -> Sweep:
        """Gives it another name, other tags, or another priority: 1 comes first, 5 last."""
        change = {key: value for key, value in (("name", name), ("tags", tags), ("priority", priority)) if value is not None}
        self._state = self._transport.send("PATCH", self._path, body=change).json()
        return self

    def delete(self) -> None:
        """Removes it. Only a finished one can be."""
        self._transport.send("DELETE", self._path)

    def result(self) -> answers.SweepResult:
        """The best ten, the manifest and the verdict as JSON. Raises ``NotFinished`` before its end."""
        if self._result is None:
            self._result = cast("answers.SweepResult", self._transport.get(f"{self._path}/result"))
        return self._result

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What the result follows from, and its hash."""
        return cast("Mapping[str, Any]", self.result()["manifest"])

    @property
    def validation(self) -> Optional[Mapping[str, Any]]:
        """Whether the best is luck: ``verdict``, ``text``, and what they follow from."""
        return cast("Optional[Mapping[str, Any]]", self.result()["validation"])

    @property
    def _param_types(self) -> Dict[str, str]:
        """integer, number or choice, by the names of the parameters that are tried."""
        if self._kept_types is None:
            strategy = self.spec["strategy"]
            described: Mapping[str, Any] = strategy["rules"]["params"] if "rules" in strategy else self._described(strategy["name"])
            self._kept_types = {name: str(described[name]["type"]) if name in described else "number" for name in self.spec["space"]}
        return self._kept_types

    def _described(self, strategy: str) -> Mapping[str, Any]:
        return cast("Mapping[str, Any]", self._transport.get(f"/v1/strategies/{strategy}")["params"])

    def _shown(self) -> List[Tuple[str, str]]:
        progress = self._state["progress"]
        rows = [
            *super()._shown(),
            ("Strategy", f"{self._state['strategy']} on {', '.join(self._state['symbols'])}, {self._state['timeframe']}"),
            ("Trials", f"{progress['done']:,} of {progress['total']:,}"),
        ]
        if self._state["status"] not in FINISHED or self._result is None:
            return rows
        validation = self.validation
        return rows if validation is None else [*rows, ("Verdict", str(validation["text"]))]
