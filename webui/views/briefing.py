"""What can I put before a board? A whole view as one page to print, and the same for Word."""

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup

from webui import access
from webui.briefed import view_asked
from webui.briefing import COVERAGE, Briefing
from webui.briefing_docx import briefing_docx
from webui.csvs import Cell
from webui.gathered import briefing_of
from webui.params import FILTERS
from webui.sheets import PICTURES, TABLES, chart_answer, table_answer
from webui.standing import changed
from webui.word import MIMETYPE

pages = Blueprint("briefing", __name__)

_ASKED = frozenset({"q", "by", "body", *FILTERS})


def _briefing() -> Briefing:
    store = access.store()
    asked = view_asked(store, request.args)
    return briefing_of(store, asked, accessed=changed(store)[:10])


@pages.get("/briefing")
def page() -> str:
    """The view as one page."""
    found = _briefing()
    given = request.args.to_dict(flat=False)
    return render_template(
        "briefing/page.html",
        briefing=found,
        reading=found.reading(),
        coverage_note=COVERAGE,
        chart=Markup(found.chart),  # drawn by us; every word in it is escaped there
        args={name: values for name, values in given.items() if name in _ASKED},
        address=_address,
    )


def _address(line: object) -> dict[str, str]:
    """Return the parameters of the search that a line of the themes leads to."""
    filters = getattr(line, "filters", None)
    named = ((name, getattr(filters, field, None)) for name, field in FILTERS.items())
    return {name: value for name, value in named if value}


@pages.get("/briefing.docx")
def as_docx() -> Response:
    """The same for Word."""
    store = access.store()
    return Response(
        briefing_docx(_briefing(), changed=changed(store)),
        content_type=MIMETYPE,
        headers={"Content-Disposition": 'attachment; filename="pfd-kb-briefing.docx"'},
    )


@pages.get(f"/briefing/themes.<{TABLES}>")
def themes(extension: str) -> Response:
    """The themes of the view, one row each."""
    found = _briefing()
    return table_answer(
        extension, "pfd-kb-briefing-themes", about=found.about(whole=False), rows=_theme_rows(found)
    )


@pages.get(f"/briefing/years.<{PICTURES}>")
def years(extension: str) -> Response:
    """The chart of the view."""
    found = _briefing()
    return chart_answer(
        extension, "pfd-kb-briefing-years", found.chart, about=found.about(whole=False)
    )


def _theme_rows(found: Briefing) -> Iterator[tuple[Cell, ...]]:
    many = found.nouns
    yield "theme", f"{many} with it", "of", "per cent", "95% interval from", "95% interval to"
    for line in found.themes:
        share = line.share
        low, high = (round(100 * end, 1) for end in share.interval)
        told = (share.percent, low, high) if share.enough else (None, None, None)
        yield line.theme.name, share.count, share.of, *told
