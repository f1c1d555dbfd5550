"""How far a run is, on a notebook's page or in a terminal."""

from __future__ import annotations

import html
import importlib
import io
import math
import sys
from typing import Any, Callable, Mapping, Optional, Protocol, TextIO

_CELLS = 28


class View(Protocol):
    """Shows states until it is closed."""

    def show(self, state: Mapping[str, Any]) -> None: ...

    def close(self) -> None: ...


def progress_view(title: str, stream: Optional[TextIO] = None) -> View:
    """A bar in a notebook, a line that is drawn anew in a terminal, and elsewhere a line now and then."""
    display = _notebook_display()
    if display is not None:
        return NotebookView(title, display)
    # There is no stderr in a program without a console.
    out: Optional[TextIO] = stream or sys.stderr
    if out is None:
        return LineView(title, io.StringIO())
    return TerminalView(out) if out.isatty() else LineView(title, out)


class NotebookView:
    """A bar below the cell."""

    def __init__(self, title: str, display: Callable[..., Any]) -> None:
        self._title = title
        self._display = display
        self._handle: Any = None
        self._last = ""

    def show(self, state: Mapping[str, Any]) -> None:
        fraction = state["progress"]["fraction"]
        text = html.escape(f"{percent(state)} · {described(state)}")
        bar = (
            f'<div style="font-family:monospace">{html.escape(self._title)} '
            f'<progress value="{fraction}" max="1" style="width:16em;vertical-align:middle"></progress> {text}</div>'
        )
        if bar == self._last:
            return
        self._last = bar
        shown = {"text/html": bar, "text/plain": f"{self._title}: {percent(state)}, {described(state)}"}
        if self._handle is None:
            self._handle = self._display(shown, raw=True, display_id=True)
        else:
            self._handle.update(shown, raw=True)

    def close(self) -> None:
        """Leaves what was drawn last."""


class TerminalView:
    """One line that is drawn anew."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._begun = False

    def show(self, state: Mapping[str, Any]) -> None:
        done = math.floor(state["progress"]["fraction"] * _CELLS)
        self._stream.write(f"\r  {'█' * done}{'░' * (_CELLS - done)} {percent(state)}  {described(state)}\x1b[K")
        self._stream.flush()
        self._begun = True

    def close(self) -> None:
        if self._begun:
            self._stream.write("\n")
            self._stream.flush()
        self._begun = False


class LineView:
    """A line at every tenth and at every change of state: for files."""

    def __init__(self, title: str, stream: TextIO) -> None:
        self._title = title
        self._stream = stream
        self._last = ""

    def show(self, state: Mapping[str, Any]) -> None:
        key = f"{_state_of(state)} {math.floor(state['progress']['fraction'] * 10)}"
        if key != self._last:
            self._stream.write(f"{self._title}: {percent(state)}, {described(state)}\n")
            self._stream.flush()
        self._last = key

    def close(self) -> None:
        """Nothing is open."""


def percent(state: Mapping[str, Any]) -> str:
    """Rounded down: 100 % is the end."""
    return f"{math.floor(state['progress']['fraction'] * 100)} %"


def described(state: Mapping[str, Any]) -> str:
    """In words: phase or status, and how fast it goes."""
    progress = state["progress"]
    speed = progress.get("perSecond") or 0
    if state["status"] != "running" or speed <= 0:
        return _state_of(state)
    eta = progress.get("etaSeconds")
    left = "" if eta is None else f", {math.ceil(eta)} s left"
    return f"{_state_of(state)}, {speed:,.0f} {progress['unit']}/s{left}"


def _state_of(state: Mapping[str, Any]) -> str:
    phase, requested = state.get("phase"), state.get("requested")
    asked = f", {requested} requested" if requested else ""
    return (phase if state["status"] == "running" and phase else str(state["status"])) + asked


def _notebook_display() -> Optional[Callable[..., Any]]:
    """What puts something below the cell that runs, where there is one."""
    if "IPython" not in sys.modules:
        return None
    shell: Any = importlib.import_module("IPython").get_ipython()
    # The shell of terminals is another one, and has no page to draw on.
    if shell is None or getattr(shell, "kernel", None) is None:
        return None
    display: Callable[..., Any] = importlib.import_module("IPython.display").display
    return display
