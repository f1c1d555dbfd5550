"""The notebook works as it stands."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any, Dict, List

import pytest

import holdfast

ROOT = Path(__file__).resolve().parent.parent


def cells() -> List[Dict[str, Any]]:
    notebook = json.loads((ROOT / "examples" / "first-backtest.ipynb").read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


@pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="matplotlib is not installed")
def test_the_cells_of_the_notebook_run(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLDFAST_URL", url)
    holdfast.connect()
    names: Dict[str, Any] = {}
    for cell in cells():
        exec("".join(cell["source"]), names)
    assert names["heatmap"].loc[200, 50] == names["sweep"].trials.query("fast == 50 and slow == 200")["sharpe"].iloc[0]
    assert names["own"].trades["exitReason"].isin(["signal", "stop-loss", "end"]).all() and len(names["best"].items) == 3
    # What it shows is what comes out.
    shown = "".join(cells()[1]["outputs"][0]["data"]["text/plain"])
    figures = dict(re.findall(r"^(\w+) +(-?[\d.]+)$", shown, re.M))
    assert {name: float(figure) for name, figure in figures.items()} == names["run"].metrics[list(figures)].round(4).to_dict()
    assert len(figures) == 7
