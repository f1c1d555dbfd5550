"""Backtests that run again and again."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Literal, Mapping, Optional, cast

import pandas as pd

from . import answers
from ._encoding import Moment, moment
from ._listing import pages
from ._run import Run
from ._tables import utc_times, words_column
from ._transport import Transport

if TYPE_CHECKING:
    from typing_extensions import Self

Overlap = Literal["skip", "buffer-one", "buffer-all", "cancel-other", "terminate-other", "allow-all"]


class Schedule:
    """A schedule. Each time it is due is a *night*: a run of its own."""

    def __init__(self, transport: Transport, state: Mapping[str, Any]) -> None:
        self._transport = transport
        self._state: Dict[str, Any] = dict(state)

    @property
    def id(self) -> str:
        """What it is found by."""
        return str(self._state["id"])

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self._state.get("name", ""))

    @property
    def state(self) -> answers.Schedule:
        """All that the service says of it, as JSON, when it was last asked."""
        return cast("answers.Schedule", self._state)

    @property
    def is_paused(self) -> bool:
        """Whether nothing runs when it is due."""
        return bool(self.refresh()._state["paused"])

    @property
    def next_runs(self) -> pd.DatetimeIndex:
        """When it is due next."""
        return utc_times(self.refresh()._state["nextRuns"])

    def refresh(self) -> Self:
        """Asks the service how it is now."""
        self._state = self._transport.get(self._path)
        return self

    def trigger(self, *, overlap: Optional[Overlap] = None, idempotency_key: Optional[str] = None) -> Self:
        """Runs it now."""
        return self._ask("trigger", {"overlap": overlap}, idempotency_key)

    def backfill(self, start: Moment, end: Moment, *, overlap: Optional[Overlap] = None, idempotency_key: Optional[str] = None) -> Self:
        """Runs it for all times between two moments at which it was due."""
        return self._ask("backfill", {"from": moment(start), "to": moment(end), "overlap": overlap}, idempotency_key)

    def pause(self, note: Optional[str] = None) -> Self:
        """Nothing runs any more when it is due; nights that are running go on."""
        return self._ask("pause", {"note": note}, None)

    def resume(self, note: Optional[str] = None) -> Self:
        """It runs again when it is due."""
        return self._ask("resume", {"note": note}, None)

    def update(self, changes: Mapping[str, Any]) -> Self:
        """Changes what is given, as in a spec of a schedule, and leaves the rest."""
        self._state = self._transport.send("PATCH", self._path, body=changes).json()
        return self

    def delete(self) -> None:
        """Ends it; nights that are running go on."""
        self._transport.send("DELETE", self._path)

    def iter_nights(self) -> Iterator[answers.Night]:
        """Its nights as JSON, the latest first, each with what is new since the one before."""
        return (cast("answers.Night", each) for each in pages(self._transport, f"{self._path}/runs", {"limit": 100}))

    @property
    def nights(self) -> pd.DataFrame:
        """Its nights by nominal time, the latest first: run, status, error and figures."""
        nights = list(self.iter_nights())
        frame = pd.DataFrame(
            {
                "launchedAt": utc_times([each["launchedAt"] for each in nights]),
                "run": words_column([each["run"] for each in nights]),
                "status": words_column([each["status"] for each in nights]),
                "error": words_column([None if each["error"] is None else each["error"]["code"] for each in nights]),
            }
        )
        figures = pd.DataFrame([each["metrics"] or {} for each in nights], index=frame.index, dtype="float64")
        frame = frame.join(figures)
        frame.index = utc_times([each["nominalTime"] for each in nights])
        frame.index.name = "nominalTime"
        return frame

    def last_run(self) -> Optional[Run]:
        """The run of its latest night that has one."""
        for night in self.iter_nights():
            if night["run"] is not None:
                return Run(self._transport, self._transport.get(f"/v1/backtests/{night['run']}"))
        return None

    def __str__(self) -> str:
        return f"schedule {self.id}"

    def __repr__(self) -> str:
        return f"<Schedule {self.id} {self.name!r} {self._timing()}>"

    def _repr_html_(self) -> str:
        rows = {"Schedule": self.name, "Id": self.id, "Due": self._timing(), "Next": ", ".join(self._state["nextRuns"][:3]) or "–"}
        cells = "".join(f"<tr><th>{html.escape(key)}</th><td>{html.escape(value)}</td></tr>" for key, value in rows.items())
        return f"<table>{cells}</table>"

    @property
    def _path(self) -> str:
        return f"/v1/schedules/{self.id}"

    def _timing(self) -> str:
        due = self._state.get("cron") or "by calendar"
        return f"{due} {self._state['timeZone']}{', paused' if self._state['paused'] else ''}"

    def _ask(self, what: str, body: Mapping[str, Any], key: Optional[str]) -> Self:
        given = {name: value for name, value in body.items() if value is not None}
        self._state = self._transport.create(f"{self._path}/{what}", given, key=key)
        return self


def schedules_frame(schedules: List[Schedule]) -> pd.DataFrame:
    """Schedules as a DataFrame by id."""
    states = [each.state for each in schedules]
    return pd.DataFrame(
        {
            "name": [state.get("name", "") for state in states],
            "cron": [state.get("cron") for state in states],
            "timeZone": [state["timeZone"] for state in states],
            "paused": [state["paused"] for state in states],
            "next": utc_times([next(iter(state["nextRuns"]), None) for state in states]),
        },
        index=pd.Index([each.id for each in schedules], name="id"),
    )
