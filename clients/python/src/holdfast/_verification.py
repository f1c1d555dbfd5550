"""What a repetition of a run came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, List

from . import answers

if TYPE_CHECKING:
    from ._run import Run


@dataclass(frozen=True)
class Verification:
    """Whether a run came out with the same bytes again. True where it did."""

    #: ``identical``, ``different``, or ``engine_changed``: the service has another engine now than the one of the first run.
    outcome: str
    differences: List[answers.Difference]
    #: The repetition.
    run: Run

    @property
    def identical(self) -> bool:
        """Whether all bytes are the same."""
        return self.outcome == "identical"

    def __bool__(self) -> bool:
        return self.identical
