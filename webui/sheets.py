"""Downloads of tables and charts. The only door to xlsxwriter.

A table is offered as CSV and as XLSX with the same rows; a chart as SVG and as PNG. Each says what
was asked, when, of which library, by which method and with which caveats, whoever calls.
"""

import io
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from flask import Response
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kb.errors import NotHeld
from webui.csvs import STARTERS, Cell, csv_answer
from webui.office_text import possible
from webui.pictures import framed, png
from webui.standing import changed, held, with_standing

TABLES = "any(csv,xlsx):extension"
"""The part of a route that offers a table, as in `@pages.get(f"/search.<{TABLES}>")`."""
PICTURES = "any(svg,png):extension"
"""The part of a route that offers a chart."""

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST = 32_767
"""Characters that a cell of a spreadsheet holds; xlsxwriter drops a longer text without a word."""
_CUT = " … (cut here: a cell holds no more)"
_LEAST, _WIDEST, _SAMPLED = 9, 60, 200
_A4, _ABOUT_WIDTHS = 9, (24, 110)
_NEVER = datetime(1980, 1, 1)


def table_answer(
    extension: str,
    name: str,
    *,
    about: Iterable[tuple[Cell, Cell]],
    rows: Iterable[Sequence[Cell]],
) -> Response:
    """Return a table as a download: `extension` is csv or xlsx, `name` has none.

    The first row is the heading. `about` says what was asked; the date, the library, the method
    and the caveats are added where it lacks them. Raises `NotHeld` on another extension.
    """
    lines = with_standing(about)
    if extension == "csv":
        return csv_answer(f"{name}.csv", about=lines, rows=rows)
    if extension != "xlsx":
        raise NotHeld(f"Tables are offered as csv and xlsx, not as {extension}.")
    return _download(workbook(name, about=lines, rows=rows, at=_changed()), _XLSX, f"{name}.xlsx")


def chart_answer(
    extension: str, name: str, svg: str, *, about: Iterable[tuple[Cell, Cell]] = ()
) -> Response:
    """Return a chart as a download: `extension` is svg or png (twice the size), `name` has none.

    `svg` is the chart as a page holds it; markup around its `<svg>` falls away. Its title goes
    above it, and below it what `about` says, the date, the library, the method and the caveats.
    Raises `NotHeld` on another extension and for a chart that shows nothing, `DrawingDamaged`.
    """
    if extension not in ("svg", "png"):
        raise NotHeld(f"Charts are offered as svg and png, not as {extension}.")
    drawn = framed(svg, list(_paragraphs(with_standing(about))))
    if extension == "svg":
        return _download(drawn.encode(), "image/svg+xml", f"{name}.svg")
    return _download(png(drawn), "image/png", f"{name}.png")


def workbook(
    name: str,
    *,
    about: Iterable[tuple[Cell, Cell]],
    rows: Iterable[Sequence[Cell]],
    at: datetime,
) -> bytes:
    """Return an XLSX file of two sheets, the table and what it is about; equal for equal input.

    No cell is a formula or a link. `at` is the date it bears.
    """
    out = io.BytesIO()
    # Rows are written out one by one, so the file's size is not held in memory.
    book = Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties({"title": possible(name), "author": "pfd-kb", "created": at})
    styles = _Styles(book)
    _write_table(book.add_worksheet("Table"), list(rows), styles)
    _write_about(book.add_worksheet("About"), about, styles)
    book.close()
    return out.getvalue()


class _Styles:
    """The looks of cells. `text` is for every string that a spreadsheet may take for a formula

    when a person edits it: it is marked as text there, as by an apostrophe before it.
    """

    def __init__(self, book: Workbook) -> None:
        self.heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.plain = book.add_format({"text_wrap": True, "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        self.label = book.add_format({"bold": True, "valign": "top"})


def _write_table(sheet: Worksheet, rows: Sequence[Sequence[Cell]], styles: _Styles) -> None:
    for at, row in enumerate(rows):
        _write_row(sheet, at, row, styles, styles.plain if at else styles.heading)
    for column, width in enumerate(_widths(rows)):
        sheet.set_column(column, column, width)
    if rows and rows[0]:
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows) - 1, len(rows[0]) - 1)
        sheet.repeat_rows(0)
    sheet.set_landscape()
    _on_paper(sheet)


def _write_about(sheet: Worksheet, about: Iterable[tuple[Cell, Cell]], styles: _Styles) -> None:
    for at, (label, value) in enumerate(about):
        _write_row(sheet, at, [label], styles, styles.label)
        _write_cell(sheet, at, 1, value, styles, styles.plain)
    for column, width in enumerate(_ABOUT_WIDTHS):
        sheet.set_column(column, column, width)
    _on_paper(sheet)


def _on_paper(sheet: Worksheet) -> None:
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&RPage &P of &N")


def _write_row(
    sheet: Worksheet, at: int, row: Sequence[Cell], styles: _Styles, look: Format
) -> None:
    for column, value in enumerate(row):
        _write_cell(sheet, at, column, value, styles, look)


def _write_cell(
    sheet: Worksheet, row: int, column: int, value: Cell, styles: _Styles, look: Format
) -> None:
    if value is None or value == "":
        return
    if isinstance(value, int | float) and math.isfinite(value):
        sheet.write_number(row, column, value, look)
        return
    text = possible(str(value))
    if len(text) > _LONGEST:
        text = text[: _LONGEST - len(_CUT)] + _CUT
    asks = text.lstrip().startswith(STARTERS) or text.startswith(STARTERS)
    sheet.write_string(row, column, text, styles.text if asks else look)


def _widths(rows: Sequence[Sequence[Cell]]) -> Iterator[int]:
    """Yield the width of each column, in characters, by its longest line among the first rows."""
    sampled = rows[:_SAMPLED]
    for column in range(max((len(row) for row in sampled), default=0)):
        lines = [str(row[column] or "") for row in sampled if column < len(row)]
        longest = max(len(line) for text in lines for line in (text.splitlines() or [""]))
        yield min(_WIDEST, max(_LEAST, longest + 3))


def _paragraphs(about: Iterable[tuple[Cell, Cell]]) -> Iterator[str]:
    """Yield the lines about a figure as sentences, those of one label together."""
    said: dict[str, list[str]] = {}
    for label, value in about:
        said.setdefault(str(label), []).append(str(value))
    for label, values in said.items():
        yield f"{label}: {' '.join(values)}"


def _changed() -> datetime:
    """Return when the library last changed, as the date of a file that holds its figures."""
    store = held()
    when = changed(store) if store else ""
    return datetime.fromisoformat(when).replace(tzinfo=None, microsecond=0) if when else _NEVER


def _download(body: bytes, mimetype: str, name: str) -> Response:
    return Response(
        body,
        mimetype=mimetype,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
