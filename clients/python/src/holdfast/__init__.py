"""Holdfast from Python: backtests that finish, whatever crashes on the way.

    import holdfast
    run = holdfast.run({"data": {"source": "sample", "symbols": ["AAPL"]}, "strategy": {"name": "sma-cross"}})
    run.metrics, run.equity, run.trades

The functions of this module talk to the service at ``HOLDFAST_URL`` (``http://127.0.0.1:4000``), with ``HOLDFAST_TOKEN`` where it asks
for one; ``connect(url, token)`` chooses another, and a ``Client`` has the same functions for one of its own.
"""

from ._batch import Batch
from ._client import Client
from ._dataset import Dataset
from ._events import Event
from ._listing import Listing
from ._report import Report
from ._run import Run
from ._schedule import Schedule
from ._sweep import BestTrial, Sweep
from ._verification import Verification
from .errors import (
    Conflict,
    Fault,
    Forbidden,
    HoldfastError,
    NotFinished,
    NotFound,
    OverQuota,
    RefusedSpec,
    RunCancelled,
    RunFailed,
    Unreachable,
)
from .specs import BacktestSpec, ScheduleSpec, SweepSpec

_default = Client()

connect = _default.connect
run = _default.run
submit = _default.submit
get = _default.get
runs = _default.runs
estimate = _default.estimate
sweep = _default.sweep
submit_sweep = _default.submit_sweep
get_sweep = _default.get_sweep
sweeps = _default.sweeps
estimate_sweep = _default.estimate_sweep
batch = _default.batch
submit_batch = _default.submit_batch
get_batch = _default.get_batch
schedule = _default.schedule
get_schedule = _default.get_schedule
schedules = _default.schedules
schedules_frame = _default.schedules_frame
datasets = _default.datasets
dataset = _default.dataset
upload = _default.upload
strategies = _default.strategies
me = _default.me

__version__ = "0.1.0"

__all__ = [
    "BacktestSpec",
    "Batch",
    "BestTrial",
    "Client",
    "Conflict",
    "Dataset",
    "Event",
    "Fault",
    "Forbidden",
    "HoldfastError",
    "Listing",
    "NotFinished",
    "NotFound",
    "OverQuota",
    "RefusedSpec",
    "Report",
    "Run",
    "RunCancelled",
    "RunFailed",
    "Schedule",
    "ScheduleSpec",
    "Sweep",
    "SweepSpec",
    "Unreachable",
    "Verification",
    "batch",
    "connect",
    "dataset",
    "datasets",
    "estimate",
    "estimate_sweep",
    "get",
    "get_batch",
    "get_schedule",
    "get_sweep",
    "me",
    "run",
    "runs",
    "schedule",
    "schedules",
    "schedules_frame",
    "strategies",
    "submit",
    "submit_batch",
    "submit_sweep",
    "sweep",
    "sweeps",
    "upload",
]
