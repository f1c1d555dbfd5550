"""Waiting for runs: through restarts of the service, with progress, and until Ctrl-C."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, List

import httpx
import pytest
from conftest import LONG_SPEC, SPEC

import holdfast
from holdfast import _job, _progress

#: Where the service can be asked to end at once and to start again, when these tests run in its own test run.
RESTART_URL = os.environ.get("HOLDFAST_TEST_RESTART_URL")


@pytest.mark.skipif(RESTART_URL is None, reason="HOLDFAST_TEST_RESTART_URL is not set: the service cannot be restarted from here")
def test_a_restart_of_the_service_is_survived(client: holdfast.Client) -> None:
    run = client.submit({**LONG_SPEC, "data": {**LONG_SPEC["data"], "synthetic": {"bars": 150_000}}})
    events: List[holdfast.Event] = []
    for event in run.events():
        if not events:
            assert httpx.post(str(RESTART_URL), timeout=60).status_code == 204
        events.append(event)
    ids = [event.id for event in events if event.id is not None]
    assert ids == sorted(set(ids)), "nothing is told twice"
    assert events[-1].name == "done" and client.get(run.id).wait(progress=False).metrics["trades"] > 0
    bars = [bar for event in events if event.name == "equity" for bar in event.data["columns"]["bar"]]
    assert bars == sorted(set(bars)) and bars[-1] == 149_999, "the curve has no gap"


def test_progress_is_a_line_now_and_then_where_there_is_no_terminal(client: holdfast.Client, capsys: pytest.CaptureFixture[str]) -> None:
    client.run(SPEC, name="shown", progress=True)
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "run shown: 100 %, completed" and len(lines) < 20
    client.run(SPEC, progress=False)
    assert capsys.readouterr().err == ""


def test_progress_is_one_line_in_a_terminal() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    view = _progress.progress_view("run", terminal)
    progress = {"fraction": 0.5, "perSecond": 1234567.0, "etaSeconds": 2.2, "unit": "bars"}
    view.show({"status": "running", "phase": "simulate", "requested": "pause", "progress": progress})
    view.close()
    assert terminal.getvalue() == f"\r  {'█' * 14}{'░' * 14} 50 %  simulate, pause requested, 1,234,567 bars/s, 3 s left\x1b[K\n"


def test_progress_is_a_bar_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: List[Dict[str, Any]] = []

    class Handle:
        def update(self, data: Dict[str, Any], raw: bool) -> None:
            shown.append(data)

    def display(data: Dict[str, Any], raw: bool, display_id: bool) -> Handle:
        shown.append(data)
        return Handle()

    monkeypatch.setattr(_progress, "_notebook_display", lambda: display)
    view = _progress.progress_view("run <b>")
    for fraction in (0.1, 0.1, 0.2):
        view.show({"status": "paused", "phase": None, "requested": None, "progress": {"fraction": fraction}})
    assert len(shown) == 2 and '<progress value="0.2"' in shown[1]["text/html"] and "run &lt;b&gt;" in shown[1]["text/html"]


def test_a_run_can_be_paused_and_resumed(client: holdfast.Client) -> None:
    run = client.submit({**LONG_SPEC, "name": "paused by a test"})
    run.pause()
    for event in run.events(timeout=30):
        if event.data.get("status") == "paused":
            break
    assert run.status == "paused" and not run.is_finished
    assert run.resume().wait(progress=False, timeout=60).progress == 1


PROGRAM = """
import holdfast, sys
sys.path.insert(0, {tests!r})
from conftest import LONG_SPEC
spec = {{**LONG_SPEC, "name": {name!r}, "data": {{**LONG_SPEC["data"], "synthetic": {{"bars": 3_000_000}}}}}}
holdfast.run(spec, cancel_on_interrupt={cancel})
"""


@pytest.mark.parametrize("cancel", [False, True])
def test_ctrl_c_leaves_the_run_going_unless_it_shall_be_cancelled(client: holdfast.Client, url: str, cancel: bool) -> None:
    name = f"interrupted {os.getpid()} {cancel}"
    root = Path(__file__).resolve().parent
    environment = {**os.environ, "HOLDFAST_URL": url, "PYTHONPATH": str(root.parent / "src"), "PYTHONUNBUFFERED": "1"}
    program = PROGRAM.format(tests=str(root), name=name, cancel=cancel)
    child = subprocess.Popen([sys.executable, "-c", program], env=environment, stderr=subprocess.PIPE, text=True)
    assert child.stderr is not None
    assert child.stderr.readline().startswith("run interrupted"), "it shows its progress, so it waits"
    child.send_signal(signal.SIGINT)
    said = child.stderr.read()
    child.wait()
    run = client.runs(q=name).first()
    assert run is not None
    assert f'Come back to it with: holdfast.get("{run.id}").wait()' in said and "KeyboardInterrupt" in said
    if cancel:
        assert "is asked to cancel" in said and client.get(run.id).wait(progress=False, check=False).status == "cancelled"
    else:
        assert f"run {run.id} goes on" in said and run.status in ("queued", "running")
        run.cancel()


def test_a_service_that_stays_away_leaves_the_way_back(client: holdfast.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    run = client.submit(SPEC)

    def away(*args: Any, **options: Any) -> Any:
        raise holdfast.Unreachable("Holdfast does not answer", code="unreachable")

    monkeypatch.setattr(_job, "follow", away)
    with pytest.raises(holdfast.Unreachable, match=r"was accepted, and goes on\. Come back to it with: holdfast\.get"):
        run.wait(progress=False)


def test_a_wait_for_what_has_ended_is_short(run: holdfast.Run) -> None:
    began = time.monotonic()
    assert run.wait(progress=False) is run and time.monotonic() - began < 5
