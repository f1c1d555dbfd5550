"""vectorbt with its numba engine."""

import vectorbt as vbt

vbt.settings["engine"] = "numba"

from vectorbt_peer import single, sweep  # noqa: E402, F401
