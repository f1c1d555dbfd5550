"""Server-sent events, and following a run by them through restarts of the service."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional

import httpx

from ._transport import Transport
from .errors import HoldfastError, Unreachable

#: The service sends a comment every 15 s: after this long without one, the stream is dead or somebody on the way holds it back.
_SILENCE_SECONDS = 20.0
#: Streams in a row that told nothing, after which the run is asked for its state instead.
_FRUITLESS = 2
_FIRST_WAIT_SECONDS = 0.1
_LONGEST_WAIT_SECONDS = 2.0

FINISHED = frozenset({"completed", "failed", "cancelled"})


@dataclass(frozen=True)
class Event:
    """Something that happened to a run: ``status``, ``progress``, ``equity`` or ``done``. ``id`` is None where the run was asked."""

    name: str
    data: Dict[str, Any] = field(repr=False)
    id: Optional[str] = None


def parsed(chunks: Iterable[bytes]) -> Iterator[Event]:
    """The events in the bytes of a stream, as they come in."""
    last_id: Optional[str] = None
    name = "message"
    data: List[str] = []
    for line in _lines(chunks):
        if line == "":
            if data:
                yield Event(name, json.loads("\n".join(data)), last_id)
            name, data = "message", []
            continue
        key, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if key == "id":
            last_id = value
        elif key == "event":
            name = value
        elif key == "data":
            data.append(value)


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Lines as the standard of these streams has them: ``str.splitlines`` would also end lines inside of JSON texts."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.rstrip(b"\r").decode()


@dataclass
class _Following:
    """Where a reader of events is."""

    last_id: Optional[str]
    fruitless: int = 0
    wait: float = _FIRST_WAIT_SECONDS
    #: The stream has said that there is nothing more.
    over: bool = False
    #: The last event was that of an end. A sweep may go on after it.
    done: bool = False


def follow(
    transport: Transport,
    path: str,
    *,
    state: Callable[[], Mapping[str, Any]],
    streams: bool = True,
    last_event_id: Optional[str] = None,
    timeout: Optional[float] = None,
) -> Iterator[Event]:
    """Everything that happens to a run until it has ended, without gap or repeat, whatever is restarted meanwhile.

    Where its stream cannot be had, ``state`` asks the run itself now and then. Raises ``TimeoutError`` after ``timeout`` seconds.
    """
    ends = None if timeout is None else time.monotonic() + timeout
    at = _Following(last_event_id)
    while True:
        polls = not streams or at.fruitless >= _FRUITLESS
        if not polls:
            yield from _streamed(transport, path, at, ends)
        _check(ends)
        now = dict(state())  # also waits for a service that is away
        if now["status"] in FINISHED and (polls or at.over):
            if not at.done:
                yield Event("done", now)
            return
        if polls:
            yield Event("status", now)
        time.sleep(at.wait if ends is None else max(0.0, min(at.wait, ends - time.monotonic())))
        at.wait = min(at.wait * 1.5, _LONGEST_WAIT_SECONDS)


def _streamed(transport: Transport, path: str, at: _Following, ends: Optional[float]) -> Iterator[Event]:
    """The events of one stream, until it breaks off or ends."""
    _check(ends)
    headers = {"accept": "text/event-stream"}
    if at.last_id is not None:
        headers["last-event-id"] = at.last_id
    silence = _SILENCE_SECONDS if ends is None else min(_SILENCE_SECONDS, max(0.05, ends - time.monotonic()))
    told = False
    try:
        with transport.stream(f"{path}/events", headers=headers, silence=silence) as response:
            at.over = response.status_code == 204
            for event in parsed(response.iter_bytes()):
                at.last_id = event.id or at.last_id
                at.fruitless, at.wait, told = 0, _FIRST_WAIT_SECONDS, True
                at.done = at.over = event.name == "done"
                yield event
                _check(ends)
                if at.done:
                    return
    except (HoldfastError, json.JSONDecodeError) as error:
        if isinstance(error, HoldfastError) and error.status is not None and error.status < 500 and error.status != 429:
            raise
        # A service that is away comes back: only a stream that is refused, or tells nothing, is given up.
        is_away = isinstance(error, Unreachable) and not isinstance(error.__cause__, httpx.TimeoutException)
        at.fruitless += int(not is_away and not told)


def _check(ends: Optional[float]) -> None:
    if ends is not None and time.monotonic() >= ends:
        raise TimeoutError
