"""HTTP that survives restarts: the same call is made again until it has an answer, and does its work once."""

from __future__ import annotations

import json
import time
import uuid
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any, Dict, Generator, Mapping, Optional, cast

import httpx

from ._encoding import to_json
from .errors import HoldfastError, NotFound, Unreachable, error_of

#: Answers after which the same call may be made again.
_AGAIN = (429, 502, 503, 504)
_CONNECT_SECONDS = 10.0
_READ_SECONDS = 60.0
_FIRST_WAIT_SECONDS = 0.2
_LONGEST_WAIT_SECONDS = 5.0
#: Where nothing has ever answered, most likely nothing runs there: say so soon.
_FIRST_PATIENCE_SECONDS = 1.0

Query = Mapping[str, Any]


class Transport:
    """Calls to the service at an address. ``patience``: seconds for which a service that is away is asked again."""

    def __init__(self, url: str, token: Optional[str], patience: float) -> None:
        self.url = url.rstrip("/")
        self.patience = patience
        self._has_answered = False
        try:
            host = httpx.URL(self.url).host
        except httpx.InvalidURL as error:
            raise Unreachable(f"{url!r} is not an address ({error}). Write one like http://127.0.0.1:4000.") from None
        if not self.url.startswith(("http://", "https://")) or not host:
            raise Unreachable(f"{url!r} is not an address. Write one like http://127.0.0.1:4000.")
        headers = {"user-agent": "holdfast-python"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        # A proxy of the environment cannot reach what listens on this machine.
        self._http = httpx.Client(
            base_url=self.url,
            headers=headers,
            timeout=httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS),
            trust_env=not _is_loopback(host),
        )

    def close(self) -> None:
        """Gives back the connections."""
        self._http.close()

    def get(self, path: str, query: Optional[Query] = None) -> Any:
        """The JSON at a path."""
        return self.send("GET", path, query=query).json()

    def read(self, path: str, query: Optional[Query] = None) -> bytes:
        """What lies at a path, as it is."""
        return self.send("GET", path, query=query).content

    def create(self, path: str, body: Any = None, *, key: Optional[str] = None, query: Optional[Query] = None) -> Any:
        """A call that makes something. However often it has to be sent, it is made once: all of them carry the same key."""
        headers = {"idempotency-key": json.dumps(key or str(uuid.uuid4()))}
        return self.send("POST", path, query=query, body=body, headers=headers).json()

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Optional[Query] = None,
        body: Any = None,
        content: Optional[bytes] = None,
        headers: Optional[Mapping[str, str]] = None,
    ) -> httpx.Response:
        """The answer to a call, once it is one that is not refused."""
        sent: Dict[str, str] = dict(headers or {})
        if body is not None:
            content = to_json(body)
            sent["content-type"] = "application/json"
        began = time.monotonic()
        wait = _FIRST_WAIT_SECONDS
        attempt = 0
        while True:
            try:
                response = self._http.request(method, path, params=_given(query), content=content, headers=sent)
                self._has_answered = True
                if response.is_success:
                    return response
                failure = _refusal(response)
            except httpx.RequestError as error:
                failure = self.unreachable(error)
            # The deletion whose answer was lost has been made.
            if isinstance(failure, NotFound) and method == "DELETE" and attempt > 0:
                return httpx.Response(204)
            pause = max(wait, failure.retry_after or 0)
            if not _may_help(failure) or time.monotonic() - began + pause > self._patience_now:
                raise failure
            time.sleep(pause)
            wait = min(wait * 2, _LONGEST_WAIT_SECONDS)
            attempt += 1

    @contextmanager
    def stream(self, path: str, *, headers: Mapping[str, str], silence: float) -> Generator[httpx.Response, None, None]:
        """An answer that is read as it comes in, tried once; ``silence`` is how many seconds may pass without a byte."""
        try:
            with self._http.stream("GET", path, headers=headers, timeout=httpx.Timeout(silence, connect=_CONNECT_SECONDS)) as response:
                self._has_answered = True
                if not response.is_success:
                    response.read()
                    raise _refusal(response)
                yield response
        except httpx.RequestError as error:
            raise self.unreachable(error) from error

    def unreachable(self, error: Exception) -> Unreachable:
        """The exception for a call that had no answer."""
        if isinstance(error, httpx.ConnectError):
            advice = "Start it with `npm start` in its folder, or name another address: holdfast.connect(url), or HOLDFAST_URL."
        else:
            advice = "Check the address (holdfast.connect(url), or HOLDFAST_URL) and the network."
        reason = str(error) or type(error).__name__
        code = "refused" if isinstance(error, (httpx.UnsupportedProtocol, httpx.LocalProtocolError)) else "unreachable"
        return Unreachable(f"Holdfast does not answer at {self.url} ({reason}). {advice}", code=code, title="No answer")

    @property
    def _patience_now(self) -> float:
        return self.patience if self._has_answered else min(self.patience, _FIRST_PATIENCE_SECONDS)


def _may_help(failure: HoldfastError) -> bool:
    """Whether the same call may be answered otherwise a little later."""
    if isinstance(failure, Unreachable):
        return failure.code == "unreachable"
    return failure.status in _AGAIN or failure.code == "key_in_flight"


def _refusal(response: httpx.Response) -> HoldfastError:
    """The exception for an answer; one that is not of Holdfast (a proxy's page) is put in the same form."""
    try:
        problem: Any = response.json()
    except ValueError:
        problem = None
    if isinstance(problem, dict) and "code" in problem:
        return error_of(cast("Mapping[str, Any]", problem), _seconds(response.headers.get("retry-after")))
    said = f"{response.status_code} {response.reason_phrase}".strip()
    to = response.headers.get("location")
    advice = f"It points to {to}: use the address there." if to else "Is this its address?"
    detail = f"{response.request.url} answered {said}, not in the words of Holdfast. {advice}"
    # A proxy says so while the service behind it starts anew.
    kind = HoldfastError if response.status_code in _AGAIN else Unreachable
    return kind(
        detail, code="foreign_answer", title=said, status=response.status_code, retry_after=_seconds(response.headers.get("retry-after"))
    )


def _seconds(retry_after: Optional[str]) -> Optional[float]:
    try:
        return None if retry_after is None else max(0.0, float(retry_after))
    except ValueError:
        return None


def _given(query: Optional[Query]) -> Dict[str, Any]:
    return {name: value for name, value in (query or {}).items() if value is not None}


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
