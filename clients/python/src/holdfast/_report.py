"""The tear sheet of a run."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Union


class Report(str):
    """One self-contained HTML page. A notebook shows it; elsewhere it is the text of the page."""

    def save(self, path: Union[str, Path]) -> Path:
        """Writes it to a file."""
        file = Path(path)
        file.write_text(self, encoding="utf-8")
        return file

    def __repr__(self) -> str:
        return f"<Report of {len(self):,} characters: .save(path) writes it, a notebook shows it>"

    def _repr_html_(self) -> str:
        return f'<iframe srcdoc="{html.escape(self)}" style="width:100%;height:45em;border:0"></iframe>'
