"""Calls whose answers are lost, refused for now, or come from somebody else. The server here is a stand-in that does as each test says."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Dict, Iterator, List

import pytest
from conftest import SPEC

import holdfast

RUN = {"id": "1", "name": "n", "status": "queued", "error": None, "progress": {"fraction": 0.0}, "links": {}}


class StandIn:
    """Answers the calls it gets one after the other, and remembers them."""

    def __init__(self) -> None:
        self.calls: List[Dict[str, Any]] = []
        self.answers: List[Callable[[BaseHTTPRequestHandler], None]] = []
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: Any) -> None: ...

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                stand_in.calls.append({"method": self.command, "path": self.path, "headers": headers, "body": body, "at": time.monotonic()})
                stand_in.answers.pop(0)(self)

            do_GET = do_POST = do_DELETE = answer

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def keys(self) -> List[str]:
        return [call["headers"]["idempotency-key"] for call in self.calls]


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    server = StandIn()
    yield server
    server.server.shutdown()
    server.server.server_close()


def answer(
    status: int, body: Any = None, content_type: str = "application/json", **headers: str
) -> Callable[[BaseHTTPRequestHandler], None]:
    def send(handler: BaseHTTPRequestHandler) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("content-type", content_type)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("content-length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return send


def problem(status: int, code: str, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    body = {"type": "", "title": code, "status": status, "detail": f"it is {code}", "code": code, "errors": []}
    return answer(status, body, "application/problem+json", **headers)


def cut(handler: BaseHTTPRequestHandler) -> None:
    """The connection breaks before the answer."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def test_a_submission_whose_answer_is_lost_is_sent_again_with_its_key(stand_in: StandIn) -> None:
    stand_in.answers = [answer(200, {"owner": "me"}), cut, problem(503, "overloaded"), problem(409, "key_in_flight"), answer(202, RUN)]
    client = holdfast.Client(stand_in.url)
    client.me()
    assert client.submit(SPEC).id == "1"
    keys = [call["headers"]["idempotency-key"] for call in stand_in.calls[1:]]
    assert len(keys) == 4 and len(set(keys)) == 1 and keys[0].startswith('"')
    assert len({call["body"] for call in stand_in.calls[1:]}) == 1


def test_two_submissions_have_two_keys_and_a_user_may_give_one(stand_in: StandIn) -> None:
    stand_in.answers = [answer(202, RUN)] * 3
    client = holdfast.Client(stand_in.url)
    client.submit(SPEC)
    client.submit(SPEC)
    client.submit(SPEC, idempotency_key="my-own")
    assert len(set(stand_in.keys())) == 3 and stand_in.keys()[2] == '"my-own"'


def test_retry_after_is_heeded(stand_in: StandIn) -> None:
    stand_in.answers = [answer(200, {}), problem(429, "too_many_requests", retry_after="1"), answer(200, {"owner": "me"})]
    client = holdfast.Client(stand_in.url)
    client.me()
    client.me()
    assert stand_in.calls[2]["at"] - stand_in.calls[1]["at"] >= 1


def test_a_quota_that_lasts_longer_than_the_patience_is_said_at_once(stand_in: StandIn) -> None:
    stand_in.answers = [problem(429, "over_quota", retry_after="40000")]
    with pytest.raises(holdfast.OverQuota) as refused:
        holdfast.Client(stand_in.url).submit(SPEC)
    assert refused.value.retry_after == 40000 and len(stand_in.calls) == 1


@pytest.mark.parametrize(
    ("status", "code", "kind"), [(422, "invalid_spec", holdfast.RefusedSpec), (401, "unauthorized", holdfast.Forbidden)]
)
def test_what_would_be_refused_again_is_sent_once(stand_in: StandIn, status: int, code: str, kind: Any) -> None:
    stand_in.answers = [problem(status, code)]
    with pytest.raises(kind):
        holdfast.Client(stand_in.url).submit(SPEC)
    assert len(stand_in.calls) == 1


def test_a_deletion_whose_answer_is_lost_has_been_made(stand_in: StandIn) -> None:
    stand_in.answers = [answer(200, RUN), cut, problem(404, "not_found"), problem(404, "not_found")]
    run = holdfast.Client(stand_in.url).get("1")
    run.delete()
    with pytest.raises(holdfast.NotFound):
        run.delete()


def test_the_token_is_sent_and_never_shown(stand_in: StandIn) -> None:
    stand_in.answers = [answer(200, {})]
    client = holdfast.Client(stand_in.url + "/", "hf_secret")
    client.me()
    assert stand_in.calls[0]["headers"]["authorization"] == "Bearer hf_secret" and stand_in.calls[0]["path"] == "/v1/me"
    assert "hf_secret" not in repr(client)


def test_an_answer_of_somebody_else_is_told_apart(stand_in: StandIn) -> None:
    stand_in.answers = [
        answer(404, b"<h1>nginx</h1>", "text/html"),
        answer(308, b"", "text/html", location="https://holdfast.example.org/v1/me"),
    ]
    with pytest.raises(holdfast.Unreachable, match="not in the words of Holdfast"):
        holdfast.Client(stand_in.url).me()
    with pytest.raises(holdfast.Unreachable, match="points to https://holdfast"):
        holdfast.Client(stand_in.url).me()


def test_where_nothing_runs_it_is_said_soon() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        client = holdfast.Client(f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(holdfast.Unreachable, match="npm start"):
            client.me()
    for wrong in ("127.0.0.1:4000", "ftp://127.0.0.1", "http://", "http://[::1"):
        with pytest.raises(holdfast.Unreachable, match="is not an address"):
            holdfast.Client(wrong).me()


def test_the_address_and_the_token_come_from_the_environment(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLDFAST_URL", stand_in.url)
    monkeypatch.setenv("HOLDFAST_TOKEN", "hf_of_the_environment")
    stand_in.answers = [answer(200, {"owner": "me"})]
    holdfast.connect()
    assert holdfast.me() == {"owner": "me"} and stand_in.calls[0]["headers"]["authorization"] == "Bearer hf_of_the_environment"
    holdfast.connect()


# Events

STATE = {"status": "running", "phase": "simulate", "requested": None, "progress": {"fraction": 0.5}, "error": None}
DONE = {**STATE, "status": "completed", "phase": None, "progress": {"fraction": 1.0}}


def stream(*events: Any) -> Callable[[BaseHTTPRequestHandler], None]:
    text = "".join(f": comment\r\nid: {id}\nevent: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n" for id, name, data in events)
    return answer(200, text.encode(), "text/event-stream")


def test_a_broken_stream_goes_on_after_its_last_event(stand_in: StandIn) -> None:
    running = {**RUN, "status": "running"}
    stand_in.answers = [
        answer(200, running),
        stream(("01", "status", STATE), ("02", "progress", {"progress": {"fraction": 0.7}, "note": "a\u2028b"})),
        answer(200, running),
        cut,
        answer(200, running),
        stream(("03", "done", DONE)),
        answer(200, {**RUN, "status": "completed"}),
    ]
    events = list(holdfast.Client(stand_in.url).get("1").events())
    assert [(event.id, event.name) for event in events] == [("01", "status"), ("02", "progress"), ("03", "done")]
    assert events[1].data["note"] == "a\u2028b"
    streams = [call for call in stand_in.calls if call["path"].endswith("/events")]
    assert [call["headers"].get("last-event-id") for call in streams] == [None, "02", "02"]


def test_an_end_that_was_told_before_is_not_missed(stand_in: StandIn) -> None:
    stand_in.answers = [answer(200, {**RUN, "status": "running"}), answer(204, b""), answer(200, {**RUN, "status": "completed"})]
    events = list(holdfast.Client(stand_in.url).get("1").events(last_event_id="03"))
    assert [event.name for event in events] == ["done"] and events[0].data["status"] == "completed"


def test_where_no_stream_can_be_had_the_run_is_asked(stand_in: StandIn) -> None:
    running = {**RUN, **STATE}
    refused = problem(429, "too_many_streams")
    polled = [answer(200, running), answer(200, running), answer(200, {**RUN, **DONE})]
    # Refused at once and again: no answer tells when the next stream may be had.
    stand_in.answers = [answer(200, running), refused, answer(200, running), refused, *polled]
    events = list(holdfast.Client(stand_in.url).get("1").events())
    assert [event.name for event in events] == ["status", "done"]


def test_a_wait_that_takes_too_long_ends(stand_in: StandIn) -> None:
    def silent(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.end_headers()
        handler.wfile.flush()
        time.sleep(1)

    stand_in.answers = [answer(200, {**RUN, **STATE}), silent]
    with pytest.raises(TimeoutError, match=r'run 1 is not finished after 0\.3 s, and goes on.*holdfast\.get\("1"\)\.wait\(\)'):
        holdfast.Client(stand_in.url).get("1").wait(progress=False, timeout=0.3)
