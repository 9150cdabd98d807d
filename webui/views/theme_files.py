"""The figures of themes as files: the list, and one theme by year, kind and organisation."""

from collections.abc import Iterator

from flask import Blueprint, Response

from kb.documents import Kind
from kb.store import Store
from kb.store.tables import CountTable, theme_table
from kb.themes import Theme
from webui import access
from webui.charts import every_year
from webui.csvs import Cell
from webui.phrases import counted
from webui.sheets import PICTURES, TABLES, chart_answer, table_answer
from webui.views.themes import known_theme, years_chart

pages = Blueprint("theme_files", __name__)


@pages.get(f"/themes.<{TABLES}>")
def every(extension: str) -> Response:
    """Every theme with its distinct documents of each kind."""
    table = theme_table(access.store().db, by="kind", kind=None)
    return table_answer(
        extension,
        "pfd-kb-themes",
        about=[("Table", "Distinct documents by theme and kind"), *_of(table, "document")],
        rows=_theme_rows(table),
    )


def _theme_rows(table: CountTable) -> Iterator[tuple[Cell, ...]]:
    yield "key", "theme", "group", *(kind.label for kind in Kind), "all documents"
    held = (table.held.get(kind, 0) for kind in Kind)
    yield None, "documents held with text", None, *held, table.documents
    for key, theme in access.book().items():
        counts = (table.counts.get(key, {}).get(kind, 0) for kind in Kind)
        yield key, theme.name, theme.group, *counts, table.totals.get(key, 0)


@pages.get(f"/themes/<key>/figures.<{TABLES}>")
def figures(extension: str, key: str) -> Response:
    """One theme by year, by kind of document and by organisation, one row a number."""
    theme = known_theme(key)
    store = access.store()
    return table_answer(
        extension,
        f"pfd-kb-theme-{_plain(key)}",
        about=[
            ("Table", "Distinct documents with a theme, by year, kind and organisation"),
            ("Theme", theme.name),
            ("Definition", theme.definition),
            *_of(theme_table(store.db, by="year"), "PFD report"),
        ],
        rows=_figure_rows(store, theme),
    )


def _figure_rows(store: Store, theme: Theme) -> Iterator[tuple[Cell, ...]]:
    yield "counted by", "value", "documents with this theme", "documents held with text"
    db = store.db
    by_year = theme_table(db, by="year")
    for year, count in every_year(by_year.counts.get(theme.key, {})).items():
        yield "year of the report", int(year), count, by_year.held.get(year, 0)
    by_kind = theme_table(db, by="kind", kind=None)
    for kind in Kind:
        count = by_kind.counts.get(theme.key, {}).get(kind, 0)
        yield "kind of document", kind.label, count, by_kind.held.get(kind, 0)
    sent = theme_table(db, by="organisation", top=None)
    # By name: nothing here ranks organisations.
    for name, count in sorted(sent.counts.get(theme.key, {}).items()):
        yield "organisation the report was sent to", name, count, sent.held[name]


@pages.get(f"/themes/<key>/years.<{PICTURES}>")
def years(extension: str, key: str) -> Response:
    """The chart of one theme by year."""
    theme = known_theme(key)
    table = theme_table(access.store().db, by="year")
    return chart_answer(
        extension,
        f"pfd-kb-theme-{_plain(key)}-by-year",
        years_chart(theme, table),
        about=[("Theme", theme.definition), *_of(table, "PFD report")],
    )


def _of(table: CountTable, noun: str) -> Iterator[tuple[Cell, Cell]]:
    yield "Of", f"{counted(table.documents, noun)} held with text"


def _plain(key: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in key)
