"""What runs, sweeps and batches have in common: a state that goes on by itself, and how it is steered."""

from __future__ import annotations

import html
import sys
from typing import TYPE_CHECKING, Any, ClassVar, Dict, Iterator, List, Mapping, Optional, Tuple, Union

import pandas as pd

from ._events import FINISHED, Event, follow
from ._progress import View, progress_view
from ._tables import utc_times
from ._transport import Transport
from .errors import RunCancelled, RunFailed, Unreachable

if TYPE_CHECKING:
    from typing_extensions import Self


class Job:
    """Accepted work. Properties that may change are asked of the service until it has finished."""

    #: As people say it.
    word: ClassVar[str] = "run"
    #: Where the service has them.
    collection: ClassVar[str] = "/v1/backtests"
    #: How to come back to one of them.
    getter: ClassVar[str] = "get"
    _streams: ClassVar[bool] = True

    def __init__(self, transport: Transport, state: Mapping[str, Any]) -> None:
        self._transport = transport
        self._state: Dict[str, Any] = dict(state)

    @property
    def id(self) -> str:
        """What it is found by."""
        return str(self._state["id"])

    @property
    def name(self) -> str:
        """What it was called at its submission, or since."""
        return str(self._state["name"])

    @property
    def status(self) -> str:
        """queued, running, pausing, paused, cancelling, completed, failed or cancelled, as it is now."""
        return str(self._now["status"])

    @property
    def is_finished(self) -> bool:
        """Whether it has ended, in whatever way."""
        return self.status in FINISHED

    @property
    def progress(self) -> float:
        """How much of it is done, from 0 to 1."""
        return float(self._now["progress"]["fraction"])

    @property
    def error(self) -> Optional[Dict[str, Any]]:
        """Why it failed, as ``code`` and ``message``; None where it did not."""
        return self._now["error"] or None

    @property
    def created_at(self) -> pd.Timestamp:
        """When it was accepted."""
        return utc_times([self._state["createdAt"]])[0]

    @property
    def temporal_url(self) -> Optional[str]:
        """Its page in Temporal Web."""
        return self._state["links"].get("temporal") or None

    @property
    def state(self) -> Dict[str, Any]:
        """All that the service says of it, as JSON, when it was last asked."""
        return self._state

    def refresh(self) -> Self:
        """Asks the service how it is now."""
        self._state = self._transport.get(self._path)
        return self

    def pause(self) -> Self:
        """Asks it to stop where it is; ``resume`` lets it go on from there. Repeating is harmless."""
        return self._ask("pause")

    def resume(self) -> Self:
        """Lets it go on."""
        return self._ask("resume")

    def cancel(self) -> Self:
        """Asks it to end. What it has done by then can be read."""
        return self._ask("cancel")

    def events(self, last_event_id: Optional[str] = None, *, timeout: Optional[float] = None) -> Iterator[Event]:
        """Everything that happens to it until its end, as it happens, through restarts of the service.

        ``last_event_id``: go on after the event with this id. Where no stream can be had, ``status`` events come from asking now and then.
        """
        return follow(self._transport, self._path, state=self._asked, streams=self._streams, last_event_id=last_event_id, timeout=timeout)

    def wait(
        self, *, progress: bool = True, timeout: Optional[float] = None, check: bool = True, cancel_on_interrupt: bool = False
    ) -> Self:
        """Waits for its end, through restarts of the service, and gives it back.

        Raises ``RunFailed`` or ``RunCancelled`` where it did not complete (not with ``check=False``), and ``TimeoutError`` after
        ``timeout`` seconds. Ctrl-C leaves it going, unless ``cancel_on_interrupt`` is set.
        """
        view = progress_view(f"{self.word} {self.name}") if progress else None
        try:
            self._show_until_finished(view, timeout)
        except KeyboardInterrupt:
            self._interrupted(cancel_on_interrupt)
            raise
        except TimeoutError:
            raise TimeoutError(f"{self} is not finished after {timeout:g} s, and goes on. {self._way_back}") from None
        except Unreachable as error:
            raise Unreachable(f"{error.detail}\n{self} was accepted, and goes on. {self._way_back}", code=error.code) from error
        finally:
            if view is not None:
                view.close()
        self.refresh()
        if check and self._state["status"] == "failed":
            raise RunFailed(self)
        if check and self._state["status"] == "cancelled":
            raise RunCancelled(self)
        return self

    def __str__(self) -> str:
        return f"{self.word} {self.id}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id} {self.name!r} {self._state['status']}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Job) and type(self) is type(other) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    def _repr_html_(self) -> str:
        cells = "".join(
            f'<tr><th style="text-align:left">{html.escape(name)}</th><td style="text-align:left">{html.escape(value)}</td></tr>'
            for name, value in self._shown()
        )
        return f"<table>{cells}</table>"

    def _shown(self) -> List[Tuple[str, str]]:
        """Name and value of what is worth seeing."""
        rows = [(self.word.capitalize(), self.name), ("Id", self.id), ("Status", str(self._state["status"]))]
        if self._state["status"] not in FINISHED:
            rows.append(("Progress", f"{self._state['progress']['fraction']:.0%}"))
        if self._state["error"]:
            rows.append(("Error", f"{self._state['error']['code']}: {self._state['error']['message']}"))
        return rows

    @property
    def _path(self) -> str:
        return f"{self.collection}/{self.id}"

    @property
    def _now(self) -> Dict[str, Any]:
        return self._state if self._state["status"] in FINISHED else self._asked()

    def _asked(self) -> Dict[str, Any]:
        return self.refresh()._state

    def _ask(self, what: str) -> Self:
        self._state = self._transport.send("POST", f"{self._path}/{what}").json()
        return self

    @property
    def _way_back(self) -> str:
        return f'Come back to it with: holdfast.{self.getter}("{self.id}").wait()'

    def _show_until_finished(self, view: Optional[View], timeout: Optional[float]) -> None:
        seen = self._state
        for event in self.events(timeout=timeout):
            if event.name == "equity":
                continue
            seen = {**seen, **event.data}
            if view is not None:
                view.show(seen)

    def _interrupted(self, cancel: bool) -> None:
        if cancel:
            self.cancel()
            said = f"{self} is asked to cancel. {self._way_back}"
        else:
            said = f"{self} goes on. {self._way_back}"
        print(f"\n{said}", file=sys.stderr, flush=True)


def metrics_series(metrics: Mapping[str, Optional[Union[int, float]]], name: str) -> pd.Series[float]:
    """Figures by their names; NaN for what is not defined."""
    return pd.Series({key: float("nan") if value is None else float(value) for key, value in metrics.items()}, name=name, dtype="float64")
