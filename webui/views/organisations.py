"""What was raised with whom?"""

from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Blueprint, Response, render_template, request

from kb.documents import Kind
from kb.errors import UnknownFilterValue
from kb.store import Store
from kb.store.tables import CountTable, theme_table
from kb.themes import themes
from webui import access
from webui.csvs import Cell, csv_answer
from webui.views.search import CAVEATS, library_words

pages = Blueprint("organisations", __name__)

_TOP = 20
_SHADES = 5
_BY = ("organisation", "year")


def _table() -> CountTable:
    by = request.args.get("by", "") or "organisation"
    if by not in _BY:
        raise UnknownFilterValue("Themes are counted here by organisation or by year.")
    return theme_table(access.store().db, by=by, kind=Kind.REPORT, top=_TOP)


@pages.get("/organisations")
def table() -> str:
    """Themes by organisation or by year: distinct reports, each number a link to them."""
    counted = _table()
    peak = max((n for row in counted.counts.values() for n in row.values()), default=0)
    return render_template(
        "organisations/table.html",
        table=counted,
        themes=list(themes().values()),
        shade=lambda count: -(-count * _SHADES // peak) if peak else 0,
        caveats=_caveats(counted),
    )


def _caveats(counted: CountTable) -> list[str]:
    own = {
        "organisation": "A report sent to two organisations counts with each of them, and once in "
        "the total. An organisation that is sent more reports is not thereby less safe.",
        "year": "Reports without a date are in the total only. The first and last years held may "
        "be incomplete.",
    }
    return [own[counted.by], *CAVEATS[:3]]


@pages.get("/organisations.csv")
def download() -> Response:
    """The same table as a file."""
    counted = _table()
    return csv_answer(
        f"pfd-kb-themes-by-{counted.by}.csv",
        about=_about(access.store(), counted),
        rows=_rows(counted),
    )


def _about(store: Store, counted: CountTable) -> Iterator[tuple[Cell, Cell]]:
    yield "Table", f"Distinct PFD reports by theme and {counted.by}"
    yield "Of", f"{counted.documents} reports held with text"
    yield "Made on", datetime.now(UTC).date().isoformat()
    yield "Library", library_words(store)
    for caveat in _caveats(counted):
        yield "Caveat", caveat


def _rows(counted: CountTable) -> Iterator[tuple[Cell, ...]]:
    yield "theme", *counted.columns, "all reports"
    yield "reports held with text", *(counted.held[c] for c in counted.columns), counted.documents
    for theme in themes().values():
        row = counted.counts.get(theme.key, {})
        counts = (row.get(column, 0) for column in counted.columns)
        yield theme.name, *counts, counted.totals.get(theme.key, 0)
