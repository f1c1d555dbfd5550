"""The types of specs and answers are those of the service, and the package keeps to its own."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from write_types import written

ROOT = Path(__file__).resolve().parent.parent


def test_specs_and_answers_are_those_of_the_openapi_document(url: str) -> None:
    for name, text in written(httpx.get(f"{url}/openapi.json").json()).items():
        own = (ROOT / "src" / "holdfast" / name).read_text(encoding="utf-8")
        assert own == text, f"{name} has drifted: run `python tools/write_types.py URL` in clients/python"


@pytest.mark.skipif(importlib.util.find_spec("mypy") is None, reason="mypy is not installed")
def test_the_package_is_strictly_typed() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", str(Path(sys.prefix) / "mypy-cache")], cwd=ROOT, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
