"""What can go wrong, as exceptions with the codes of the service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Mapping, Optional, Sequence

if TYPE_CHECKING:
    from ._job import Job


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in what was sent: where it is (``data.symbols.0``) and what is wrong with it."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path or '(the whole)'}: {self.message}"


class HoldfastError(Exception):
    """Anything that the service refused, or that could not be asked of it. ``code`` is stable; ``errors`` lists all faults at once."""

    def __init__(
        self,
        detail: str,
        *,
        code: str = "unknown",
        title: str = "",
        status: Optional[int] = None,
        errors: Sequence[Fault] = (),
        retry_after: Optional[float] = None,
    ) -> None:
        super().__init__("\n".join([detail or title, *(f"  {fault}" for fault in errors)]))
        self.detail = detail
        self.code = code
        self.title = title
        self.status = status
        self.errors = list(errors)
        #: Seconds after which the service says that asking again may help.
        self.retry_after = retry_after


class NotFound(HoldfastError):
    """There is no such thing, or it belongs to somebody else."""


class RefusedSpec(HoldfastError):
    """What was sent is not valid: ``errors`` says where and why, everything at once."""


class OverQuota(HoldfastError):
    """A limit is reached: of open runs, of requests, of what may be used in a day."""


class Forbidden(HoldfastError):
    """The token is missing, unknown or expired, or may not do that."""


class Conflict(HoldfastError):
    """The state of the run forbids it, such as a pause of one that has finished."""


class NotFinished(Conflict):
    """There is no result yet."""


class Unreachable(HoldfastError):
    """Nothing answers at the address, or what answers there is not Holdfast."""


class RunFailed(HoldfastError):
    """A run, sweep or batch ended as failed; ``run`` is what it was, with what there is of a result."""

    def __init__(self, run: Job) -> None:
        error: Mapping[str, Any] = run.error or {"code": "unknown", "message": "it does not say why"}
        super().__init__(f"{run} failed: {error['message']}", code=error["code"], title="The run failed")
        self.run = run


class RunCancelled(HoldfastError):
    """A run, sweep or batch was cancelled while it was waited for; ``run`` has its partial result."""

    def __init__(self, run: Job) -> None:
        super().__init__(
            f"{run} was cancelled. What it had done by then can be read from it.", code="cancelled", title="The run was cancelled"
        )
        self.run = run


_BY_STATUS = {
    401: Forbidden,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    413: RefusedSpec,
    415: RefusedSpec,
    422: RefusedSpec,
    429: OverQuota,
}


def error_of(problem: Mapping[str, Any], retry_after: Optional[float]) -> HoldfastError:
    """The exception for problem details (RFC 9457)."""
    status = problem.get("status")
    kind = NotFinished if problem.get("code") == "not_finished" else _BY_STATUS.get(status or 0, HoldfastError)
    faults = [Fault(str(each.get("path", "")), str(each.get("message", ""))) for each in problem.get("errors", [])]
    return kind(
        str(problem.get("detail", "")),
        code=str(problem.get("code", "unknown")),
        title=str(problem.get("title", "")),
        status=status,
        errors=faults,
        retry_after=retry_after,
    )
