"""Bars of a DataFrame, as the service takes them."""

from __future__ import annotations

import importlib
import io
import re
from dataclasses import dataclass
from typing import Any, Dict, List, Optional

import numpy as np
import pandas as pd

from ._tables import has_arrow

PRICES = ("open", "high", "low", "close", "volume")
_TIMES = ("ts", "timestamp", "datetime", "date", "time")
_UNITS = (("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000))
_LOOKED_AT = 1_000
_DAY_MS = 86_400_000


@dataclass(frozen=True)
class Bars:
    """What an upload consists of."""

    #: With the columns ts, symbol where there are several, and numbers.
    frame: pd.DataFrame
    timeframe: str

    def content(self) -> bytes:
        """Parquet where pyarrow is installed, else CSV: the same doubles either way."""
        buffer = io.BytesIO()
        if not has_arrow():
            self.frame.to_csv(buffer, index=False, lineterminator="\n")
            return buffer.getvalue()
        arrow = importlib.import_module("pyarrow")
        table = arrow.Table.from_pandas(self.frame, preserve_index=False)
        importlib.import_module("pyarrow.parquet").write_table(table, buffer)
        return buffer.getvalue()

    @property
    def content_type(self) -> str:
        """That of the content."""
        return "application/vnd.apache.parquet" if has_arrow() else "text/csv"


def bars_of(frame: pd.DataFrame, timeframe: Optional[str]) -> Bars:
    """The bars in a DataFrame, with times in the index or in a column. Raises ``ValueError`` with all that is wrong with it."""
    if isinstance(frame.columns, pd.MultiIndex):
        raise ValueError(
            "the columns have several levels: take one symbol of them (frame.xs(symbol, axis=1, level=…)), "
            'or put the symbols into a column (frame.stack(level=…, future_stack=True).rename_axis(["ts", "symbol"]))'
        )
    flat = _with_index(frame)
    names = _names(flat)
    columns: Dict[str, Any] = {names[name]: flat[name] for name in flat.columns}
    faults = [f'there is no column "{name}"' for name in PRICES[:4] if name not in columns]
    if "ts" not in columns:
        faults.insert(0, 'there are no times: give the frame a DatetimeIndex, or a column "ts"')
    faults += [f'the column "{name}" is there twice' for name in sorted({n for n in names.values() if list(names.values()).count(n) > 1})]
    numbers = [name for name in columns if name not in ("ts", "symbol")]
    faults += [f'the column "{name}" holds no numbers: drop it' for name in numbers if not _is_numeric(columns[name])]
    if faults:
        raise ValueError("these are no bars:\n" + "\n".join(f"  {fault}" for fault in faults))
    if len(flat) == 0:
        raise ValueError("there is not a single bar in the frame")
    # Nobody can tell a volume of a market that has none.
    volume = columns.get("volume", pd.Series(0.0, index=flat.index))
    times = _times(columns["ts"])
    symbols = columns.get("symbol")
    own = timeframe or timeframe_of(times, symbols)
    further = [name for name in numbers if name not in PRICES]
    out: Dict[str, Any] = {"ts": _written(times, own)}
    if symbols is not None:
        out["symbol"] = symbols.astype(str).to_numpy()
    for name in PRICES[:4]:
        out[name] = _doubles(columns[name])
    out["volume"] = _doubles(volume)
    for name in further:
        out[name] = _doubles(columns[name])
    return Bars(pd.DataFrame(out), own)


def timeframe_of(times: pd.Series[Any], symbols: Optional[pd.Series[Any]] = None) -> str:
    """By the smallest distance of the first bars of a symbol: ``1d``, ``15m``."""
    head = times.iloc[:_LOOKED_AT]
    names: Any = None if symbols is None else symbols.iloc[:_LOOKED_AT].to_numpy()
    groups = [head] if symbols is None else [head[names == name] for name in set(names)]
    gaps: List[int] = []
    for group in groups:
        distances = np.diff(_milliseconds(group))
        gaps += [int(gap) for gap in np.abs(distances) if gap != 0]
    gap = min(gaps, default=_DAY_MS)
    unit, length = next(((unit, length) for unit, length in _UNITS if gap % length == 0), ("d", _DAY_MS))
    return f"{max(1, gap // length)}{unit}"


def expression_name(name: str) -> str:
    """A column's name as expressions can say it: ``My Signal`` becomes ``mySignal``."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        return name
    first, *others = re.findall(r"[A-Za-z0-9]+", name) or ["column"]
    camel = first.lower() + "".join(word[0].upper() + word[1:].lower() for word in others)
    return camel if camel[0].isalpha() else f"x{camel}"


def _with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Times and symbols that stand in the index, as columns."""
    index: Any = frame.index
    if isinstance(index, pd.MultiIndex):
        levels = ["ts" if pd.api.types.is_datetime64_any_dtype(level) else (str(level.name or "symbol")) for level in index.levels]
        return frame.set_axis(index.set_names(levels)).reset_index()
    if isinstance(index, pd.PeriodIndex):
        index = index.to_timestamp()
    if isinstance(index, pd.DatetimeIndex):
        return frame.set_axis(index.rename("ts")).drop(columns=[name for name in frame.columns if str(name) == "ts"]).reset_index()
    return frame.reset_index(drop=True)


def _names(frame: pd.DataFrame) -> Dict[Any, str]:
    """The names of the columns here: those of prices in any case, a time by what it is called, others as expressions can say them."""
    times = [name for name in frame.columns if str(name).lower() in _TIMES]
    time = next((name for name in times if str(name).lower() == "ts"), times[0] if times else None)
    known = {*PRICES, "symbol"}
    return {
        name: "ts" if name is time else str(name).lower() if str(name).lower() in known else expression_name(str(name))
        for name in frame.columns
    }


def _is_numeric(column: pd.Series[Any]) -> bool:
    return pd.api.types.is_numeric_dtype(column.dtype)  # truths too: they become 1 and 0


def _doubles(column: pd.Series[Any]) -> Any:
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _times(column: pd.Series[Any]) -> pd.Series[Any]:
    """As datetimes, in their own zone. Numbers are left to the service, which tells their unit by their size."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype) or pd.api.types.is_integer_dtype(column.dtype):
        return column
    try:
        return pd.to_datetime(column)
    except (ValueError, TypeError) as error:
        raise ValueError(f'the column "{column.name}" holds what is no time: {error}') from None


def _milliseconds(times: pd.Series[Any]) -> Any:
    if pd.api.types.is_integer_dtype(times.dtype):
        numbers = times.to_numpy(dtype=np.int64)
        digits = len(str(abs(int(numbers[-1])))) if len(numbers) else 0
        per_ms = 1_000_000 if digits > 17 else 1_000 if digits > 14 else 1
        return numbers * 1_000 if digits <= 11 else numbers // per_ms
    in_utc = pd.DatetimeIndex(times)
    in_utc = in_utc.tz_convert("UTC").tz_localize(None) if in_utc.tz is not None else in_utc
    return in_utc.as_unit("ms").asi8


def _written(times: pd.Series[Any], timeframe: str) -> Any:
    """Times as they are sent: bars of a day and longer by their day, in the zone of the frame; others in UTC."""
    if pd.api.types.is_integer_dtype(times.dtype):
        return times.to_numpy(dtype=np.int64)
    stamps = pd.DatetimeIndex(times)
    if stamps.hasnans:
        raise ValueError("there are bars without a time")
    is_long = timeframe[-1] in "dw"
    if is_long and bool((stamps == stamps.normalize()).all()):
        return stamps.strftime("%Y-%m-%d").to_numpy(dtype=object)
    in_utc = stamps.tz_convert("UTC") if stamps.tz is not None else stamps.tz_localize("UTC")
    return in_utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ").to_numpy(dtype=object) if not has_arrow() else in_utc.as_unit("us")
