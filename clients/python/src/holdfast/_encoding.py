"""What is sent, as JSON: also where it holds numbers of numpy and times of pandas."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import Any, Mapping, Union

import numpy as np
import pandas as pd

Moment = Union[str, dt.date, dt.datetime, pd.Timestamp]


def to_json(value: Any) -> bytes:
    """The JSON of a value. Raises ``TypeError`` or ``ValueError`` with the path of what JSON cannot say."""
    return json.dumps(_plain(value, ""), ensure_ascii=False, allow_nan=False).encode()


def moment(value: Moment) -> str:
    """A time as the service reads it: a day where there is no time of it, else a moment in UTC. A time without a zone is UTC."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dt.datetime):
        return value.isoformat()
    stamp = pd.Timestamp(value)
    if stamp.tzinfo is None and stamp == stamp.normalize():
        return stamp.strftime("%Y-%m-%d")
    in_utc = stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp.tz_convert("UTC")
    return in_utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{in_utc.microsecond // 1000:03d}Z"


def _plain(value: Any, path: str) -> Any:
    if _is(value, Mapping):
        return {str(key): _plain(item, f"{path}.{key}" if path else str(key)) for key, item in value.items()}
    if _is(value, list, tuple, set, frozenset, np.ndarray, pd.Series, pd.Index):
        return [_plain(item, f"{path}.{place}" if path else str(place)) for place, item in enumerate(value)]
    one: Any = value.item() if _is(value, np.generic) else value
    if isinstance(one, float) and not math.isfinite(one):
        raise ValueError(f"{path or 'the value'} is {one}, which cannot be sent: leave it out, or give a number")
    if one is None or isinstance(one, (str, bool, int, float)):
        return one
    if isinstance(one, dt.date):
        return moment(one)
    raise TypeError(f"{path or 'the value'} is of type {type(one).__name__}, which cannot be sent as JSON")


def _is(value: Any, *kinds: Any) -> bool:
    """As ``isinstance``, without what type checkers then believe of the contents."""
    return isinstance(value, kinds)
