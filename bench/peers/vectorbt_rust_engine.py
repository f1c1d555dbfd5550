"""vectorbt with its Rust engine wherever that has what is asked for (most of it), else numba: its default once vectorbt-rust is installed."""

import vectorbt as vbt

vbt.settings["engine"] = "auto"

from vectorbt_peer import single, sweep  # noqa: E402, F401
