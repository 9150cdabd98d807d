"""CSV files that a spreadsheet opens without running anything in them."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

Cell = str | int | float | None
STARTERS = ("=", "+", "-", "@", "\t", "\r")
"""How text begins that a spreadsheet may take for a formula."""


def cell(value: Cell) -> str | int | float:
    """Return a value that no spreadsheet takes for a formula; None is empty."""
    if value is None:
        return ""
    if isinstance(value, str) and (
        value.startswith(STARTERS) or value.lstrip().startswith(STARTERS)
    ):
        return "'" + value
    return value


def csv_answer(
    name: str, *, about: Iterable[Sequence[Cell]], rows: Iterable[Sequence[Cell]]
) -> Response:
    """Return a download: lines about the figures, an empty line, then the heading and its rows.

    It begins with a byte order mark, without which Excel misreads every dash.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([cell(value) for value in line] for line in about)
    writer.writerow([])
    writer.writerows([cell(value) for value in row] for row in rows)
    return Response(
        out.getvalue().encode("utf-8-sig"),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
