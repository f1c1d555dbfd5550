"""Writes the bars that every engine reads: python market.py FILE BARS.

One-minute bars of a geometric random walk (numpy seed 7) as raw little-endian doubles, column after column:
ts (ms since 1970), open, high, low, close, volume.
"""

import sys

import numpy as np

START_MS = 1_577_836_800_000  # 2020-01-01
MINUTE_MS = 60_000
DEVIATION = 5e-4  # of the log return of a minute


def random_walk(bars):
    rng = np.random.default_rng(7)
    close = 100 * np.exp(np.cumsum(rng.normal(0, DEVIATION, bars)))
    open_ = np.concatenate(([100.0], close[:-1])) * np.exp(rng.normal(0, DEVIATION / 5, bars))
    high = np.maximum(open_, close) * np.exp(np.abs(rng.normal(0, DEVIATION / 2, bars)))
    low = np.minimum(open_, close) / np.exp(np.abs(rng.normal(0, DEVIATION / 2, bars)))
    volume = np.floor(rng.uniform(100, 10_000, bars))
    ts = START_MS + MINUTE_MS * np.arange(bars, dtype=np.float64)
    return np.stack([ts, open_, high, low, close, volume])


if __name__ == "__main__":
    random_walk(int(sys.argv[2])).astype("<f8").tofile(sys.argv[1])
