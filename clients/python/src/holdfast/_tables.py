"""Tables of the service as DataFrames: the same numbers to the last bit, by Arrow where pyarrow is installed, else by CSV."""

from __future__ import annotations

import csv
import importlib
import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Dict, FrozenSet, Iterable, Mapping, Optional

import numpy as np
import pandas as pd

from ._transport import Transport


@dataclass(frozen=True)
class Layout:
    """What the columns of a table hold; those that are not named hold numbers."""

    times: FrozenSet[str] = frozenset()
    words: FrozenSet[str] = frozenset()
    #: Words that may be missing.
    optional: FrozenSet[str] = frozenset()
    whole: FrozenSet[str] = frozenset()
    truths: FrozenSet[str] = frozenset()
    index: Optional[str] = None


EQUITY = Layout(times=frozenset({"time"}), index="time")
INDICATORS = EQUITY
TRADES = Layout(
    times=frozenset({"entryTime", "exitTime"}),
    words=frozenset({"symbol", "side", "entryTag", "exitReason"}),
    optional=frozenset({"entryTag"}),
    whole=frozenset({"entryBar", "exitBar", "bars"}),
)
ORDERS = Layout(
    times=frozenset({"time"}),
    words=frozenset({"symbol", "type", "side", "status", "reason"}),
    optional=frozenset({"reason"}),
    whole=frozenset({"bar", "order"}),
)
LOGS = Layout(times=frozenset({"time"}), words=frozenset({"message"}), whole=frozenset({"bar"}))


def read_table(transport: Transport, path: str, layout: Layout, query: Optional[Mapping[str, Any]] = None) -> pd.DataFrame:
    """The table at a path."""
    arrow = _pyarrow()
    content = transport.read(path, {**(query or {}), "format": "csv" if arrow is None else "arrow"})
    return from_csv(content, layout) if arrow is None else from_arrow(content, layout)


def from_csv(content: bytes, layout: Layout) -> pd.DataFrame:
    """The DataFrame of a table as CSV."""
    names = next(csv.reader([content.split(b"\n", 1)[0].decode()]))
    # Words are read as they are: a symbol may be called NA.
    words = (layout.words | layout.times) & set(names)
    read: Any = pd.read_csv
    raw: pd.DataFrame = read(
        io.BytesIO(content),
        dtype={name: object if name in words else np.float64 for name in names},
        keep_default_na=False,
        na_values={name: [""] for name in names if name not in words},
        encoding="utf-8",
        **_EXACT,
    )
    columns: Dict[str, Any] = {}
    for name in names:
        if name in layout.times:
            columns[name] = utc_times(raw[name].tolist())
        else:
            columns[name] = raw[name].to_numpy()
    return _frame(columns, layout)


def from_arrow(content: bytes, layout: Layout) -> pd.DataFrame:
    """The DataFrame of a table as an Arrow stream."""
    arrow = importlib.import_module("pyarrow")
    table = arrow.ipc.open_stream(content).read_all()
    columns: Dict[str, Any] = {}
    for name in table.column_names:
        column = table.column(name)
        if name in layout.times:
            moments = column.cast(arrow.int64()).to_numpy().astype("datetime64[ms]")
            columns[name] = _in_own_unit(pd.DatetimeIndex(moments).tz_localize("UTC"))
        elif name in layout.words:
            words = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
            columns[name] = np.asarray(words.cast(arrow.string()).to_numpy(zero_copy_only=False), dtype=object)
        else:
            columns[name] = column.to_numpy()
    return _frame(columns, layout)


def utc_times(texts: Iterable[Optional[str]]) -> pd.DatetimeIndex:
    """Times of the service as those of a DataFrame; what is None or empty is NaT."""
    # By numpy, which reads milliseconds of any year; all times of the service end with Z.
    moments = np.array([text.rstrip("Z") if text else "NaT" for text in texts], dtype="datetime64[ms]")
    return _in_own_unit(pd.DatetimeIndex(moments).tz_localize("UTC"))


def words_column(values: Any) -> pd.Series[Any]:
    """A column of words in the type that this pandas has for them."""
    column: pd.Series[Any] = pd.Series(values, dtype=_WORDS)
    return column


def _frame(columns: Mapping[str, Any], layout: Layout) -> pd.DataFrame:
    series = {name: _column(name, values, layout) for name, values in columns.items()}
    frame = pd.DataFrame(series, columns=list(columns))
    return frame if layout.index is None else frame.set_index(layout.index)


def _column(name: str, values: Any, layout: Layout) -> Any:
    if name in layout.times:
        return pd.Series(values)
    if name in layout.words:
        column = words_column(values)
        return column.mask(column == "") if name in layout.optional else column
    if name in layout.truths:
        return pd.Series(values == 1)
    if name in layout.whole and not np.isnan(values).any():
        return pd.Series(values.astype(np.int64))
    return pd.Series(values.astype(np.float64))


def _in_own_unit(times: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """In the unit that this pandas reads times in: others would not merge with them. What does not fit into it keeps its milliseconds."""
    try:
        return times.as_unit(_UNIT)
    except pd.errors.OutOfBoundsDatetime:
        return times


_UNIT: Any = pd.to_datetime(["2000-01-01 00:00:00"]).unit
_VERSION = tuple(int(part) for part in pd.__version__.split(".")[:2])
#: Newer versions read numbers to the last bit by themselves, and warn of the argument.
_EXACT: Dict[str, Any] = {"float_precision": "round_trip"} if _VERSION < (3, 1) else {}
_WORDS: Any = "str" if pd.Series(["word"]).dtype != object else object


def has_arrow() -> bool:
    """Whether tables travel as Arrow and Parquet."""
    return _pyarrow() is not None


@lru_cache(maxsize=1)
def _pyarrow() -> Any:
    try:
        importlib.import_module("pyarrow.ipc")
        return importlib.import_module("pyarrow")
    except ImportError:
        return None
