"""Sources of bars, and uploads of one's own."""

from __future__ import annotations

import html
import re
from typing import Any, Dict, List, Mapping, Optional, cast
from urllib.parse import quote

import pandas as pd

from . import answers
from ._bars import Bars
from ._tables import words_column
from ._transport import Transport


class Dataset:
    """A source of bars: its ``source`` is what a spec names."""

    def __init__(self, transport: Transport, info: Mapping[str, Any]) -> None:
        self._transport = transport
        self._info: Dict[str, Any] = dict(info)

    @property
    def source(self) -> str:
        """What ``spec["data"]["source"]`` says: ``sample``, ``upload:mine``."""
        return str(self._info["source"])

    @property
    def info(self) -> answers.SourceInfo:
        """All that the service says of it, as JSON."""
        return cast("answers.SourceInfo", self._info)

    @property
    def symbols(self) -> pd.DataFrame:
        """Its symbols, each with its first and last day, the number of bars, and their timeframe."""
        return symbols_frame(self._transport.get(f"/v1/datasets/{quote(self.source, safe='')}/symbols")["items"])

    @property
    def findings(self) -> List[str]:
        """What is conspicuous about the bars of an upload, in words."""
        quality: Mapping[str, Any] = self._info.get("quality") or {"findings": []}
        return [str(each["message"]) for each in quality["findings"]]

    def remove(self) -> None:
        """Removes an upload. Runs that were made with it stay."""
        self._transport.send("DELETE", f"/v1/datasets/{quote(self.source, safe='')}")

    def __repr__(self) -> str:
        found = "".join(f"\n  {finding}" for finding in self.findings)
        return f"<Dataset {self.source}: {self._info['title']}, {', '.join(self._info['timeframes'])}>{found}"

    def _repr_html_(self) -> str:
        rows = {"Source": self.source, "Title": self._info["title"], "Timeframes": ", ".join(self._info["timeframes"])}
        rows.update({f"Finding {place}": text for place, text in enumerate(self.findings, 1)})
        cells = "".join(f"<tr><th>{html.escape(key)}</th><td>{html.escape(value)}</td></tr>" for key, value in rows.items())
        return f"<table>{cells}</table>"


def upload_bars(transport: Transport, bars: Bars, *, name: str, symbol: Optional[str]) -> Dataset:
    """Stores bars under a name; an earlier upload of that name is replaced, so that a repeated call changes nothing."""
    answer = transport.send(
        "POST",
        "/v1/datasets",
        query={"name": name, "symbol": symbol, "timeframe": bars.timeframe},
        content=bars.content(),
        headers={"content-type": bars.content_type},
    )
    return Dataset(transport, answer.json())


def upload_name(symbol: str) -> str:
    """The name of an upload that was given none."""
    return re.sub(r"^[-_]+", "", re.sub(r"[^a-z0-9_-]+", "-", symbol.lower()))


def symbols_frame(items: List[Dict[str, Any]]) -> pd.DataFrame:
    """Symbols as a DataFrame."""
    return pd.DataFrame(
        {
            "from": pd.to_datetime(pd.Series([each["from"] for each in items], dtype=object)),
            "to": pd.to_datetime(pd.Series([each["to"] for each in items], dtype=object)),
            "bars": pd.array([each["bars"] for each in items], dtype="Int64"),
            "timeframe": words_column([each["timeframe"] for each in items]),
        }
    ).set_index(pd.Index([each["symbol"] for each in items], name="symbol"))
