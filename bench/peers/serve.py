"""Runs one engine as often as it is asked to: python serve.py PEER TASK (a line of JSON on stdin).

The first line of stdin says what to run: {"file", "bars", "cores", "pairs": [[fast, slow], ...]}. It is answered when the bars are read, and
so is each line after it, by a run and {"seconds", "cpuSeconds", "peakMb", "totalReturn", "maxDrawdown", "trades", "sharpe"}, a list each, one element a pair.
"""

import importlib
import json
import os
import re
import sys
import time

import numpy as np

COLUMNS = ("ts", "open", "high", "low", "close", "volume")


def read_bars(file, bars):
    columns = np.fromfile(file, dtype="<f8").reshape(len(COLUMNS), -1)
    return {name: np.ascontiguousarray(column[:bars]) for name, column in zip(COLUMNS, columns)}


def peak_megabytes():
    with open("/proc/self/status") as status:
        return round(int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1)) / 1024)


def answer(value):
    print(json.dumps(value), flush=True)


def finite(values):
    return [None if not np.isfinite(value) else float(value) for value in values]


def main(peer, task):
    job = json.loads(sys.stdin.readline())
    bars = read_bars(job["file"], job["bars"])
    module = importlib.import_module(peer)
    run = module.single if task == "single" else module.sweep
    answer({"ready": True})
    for _ in sys.stdin:
        start, cpu = time.perf_counter(), time.process_time()
        result = run(bars, [tuple(pair) for pair in job["pairs"]], job["cores"])
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
        peak = peak_megabytes() if os.path.exists("/proc/self/status") else None
        figures = {name: finite(values) for name, values in result.items()}
        answer({"seconds": seconds, "cpuSeconds": cpu_seconds, "peakMb": peak, **figures})


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
