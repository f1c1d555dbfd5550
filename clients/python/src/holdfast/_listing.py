"""Lists of the service, page after page as they are read."""

from __future__ import annotations

from itertools import islice
from typing import Any, Callable, Dict, Generic, Iterator, List, Mapping, Optional, TypeVar

import pandas as pd

from ._tables import utc_times
from ._transport import Transport

Item = TypeVar("Item")

_SHOWN = 20


def pages(transport: Transport, path: str, query: Mapping[str, Any]) -> Iterator[Dict[str, Any]]:
    """The items of a list as JSON, over all its pages."""
    cursor: Optional[str] = None
    while True:
        page = transport.get(path, {**query, "cursor": cursor})
        yield from page["items"]
        cursor = page.get("nextCursor")
        if cursor is None:
            return


class Listing(Generic[Item]):
    """What a list holds: iterate over it, or take ``frame()``. Each time it is read, the service is asked anew."""

    def __init__(self, rows: Callable[[], Iterator[Dict[str, Any]]], make: Callable[[Dict[str, Any]], Item], limit: Optional[int]) -> None:
        self._rows = rows
        self._make = make
        self._limit = limit

    def __iter__(self) -> Iterator[Item]:
        return (self._make(row) for row in islice(self._rows(), self._limit))

    def first(self) -> Optional[Item]:
        """The first of them; None where there is none."""
        return next(iter(self), None)

    def frame(self, limit: Optional[int] = None) -> pd.DataFrame:
        """A row each by id, with the figures of those that have some; at most ``limit``."""
        most = min((each for each in (limit, self._limit) if each is not None), default=None)
        return rows_frame(list(islice(self._rows(), most)))

    def __repr__(self) -> str:
        return repr(self.frame(_SHOWN))

    def _repr_html_(self) -> str:
        return self.frame(_SHOWN).to_html()


def rows_frame(rows: List[Dict[str, Any]]) -> pd.DataFrame:
    """Runs, sweeps, batches or schedules as they are listed, as a DataFrame by id."""
    plain = ("name", "status", "strategy", "timeframe")
    frame = pd.DataFrame(index=pd.Index([row["id"] for row in rows], name="id"))
    for key in plain:
        if rows and key in rows[0]:
            frame[key] = [row[key] for row in rows]
    if rows and "symbols" in rows[0]:
        frame["symbols"] = [", ".join(row["symbols"]) for row in rows]
    if rows and "progress" in rows[0]:
        frame["progress"] = [float(row["progress"]["fraction"]) for row in rows]
    for key in ("createdAt", "finishedAt"):
        if rows and key in rows[0]:
            frame[key] = utc_times([row[key] for row in rows])
    if rows and "error" in rows[0]:
        frame["error"] = [row["error"]["code"] if row["error"] else None for row in rows]
    names = dict.fromkeys(name for row in rows for name in row.get("metrics") or ())
    metrics: List[Dict[str, Optional[float]]] = [row.get("metrics") or {} for row in rows]
    figures = {name: [_number(each.get(name)) for each in metrics] for name in names}
    return frame.join(pd.DataFrame(figures, index=frame.index, dtype="float64")) if figures else frame


def _number(value: Optional[float]) -> float:
    return float("nan") if value is None else float(value)
