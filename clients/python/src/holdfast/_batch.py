"""Many backtests that were accepted together."""

from __future__ import annotations

from typing import Any, ClassVar, Dict, Iterator, List, Sequence, Tuple, Union

import pandas as pd

from ._job import Job
from ._listing import Listing, pages, rows_frame
from ._run import Run


class Batch(Job):
    """A batch, steered as one. It has completed when every item has ended, each in its own way."""

    word: ClassVar[str] = "batch"
    collection: ClassVar[str] = "/v1/batches"
    getter: ClassVar[str] = "get_batch"
    _streams: ClassVar[bool] = False  # the service tells batches nothing by themselves

    @property
    def items(self) -> pd.DataFrame:
        """Its backtests, in the order in which they were given: a row each by id, with status and figures."""
        return rows_frame(list(self._rows()))

    @property
    def counts(self) -> Dict[str, int]:
        """How many items have which status."""
        return {status: count for status, count in self._now["items"].items() if count > 0}

    def runs(self, *, status: Union[None, str, Sequence[str]] = None) -> Listing[Run]:
        """Its backtests, in the order in which they were given; only those of a status, where one is named."""
        return Listing(lambda: self._rows(status), lambda row: Run(self._transport, row), None)

    def _rows(self, status: Union[None, str, Sequence[str]] = None) -> Iterator[Dict[str, Any]]:
        return pages(self._transport, f"{self._path}/items", {"sort": "createdAt", "limit": 200, "status": status})

    def _shown(self) -> List[Tuple[str, str]]:
        counts = ", ".join(f"{count:,} {status}" for status, count in self._state["items"].items() if count > 0)
        return [*super()._shown(), ("Items", counts)]
