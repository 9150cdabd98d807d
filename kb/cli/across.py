"""`pfdkb themes`: the table behind the commissioner's pages."""

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import click

from kb.across import BY, Across, Row, Scope
from kb.cli.base import CONTEXT, json_option, pass_home, print_json
from kb.documents import Kind, Role
from kb.errors import UsageError
from kb.intervals import LEAST
from kb.kinds import KINDS
from kb.queries import Filters
from kb.settings import Home
from kb.store import Store, own_themes
from kb.store.across import across, rows_held
from kb.store.caveats import caveats, plural
from kb.store.providers import organisations_named
from kb.themes import Theme

_FORMULAS = tuple("=+-@\t\r")
_EVERY = "all"


@click.command(context_settings=CONTEXT)
@click.option(
    "--by",
    type=click.Choice(list(BY)),
    default="year",
    show_default=True,
    help="What a row is; 'kind' is the kind of organisation, 'area' the coroner area.",
)
@click.option("--kind", help="Kind of document, or 'all'; that of the role unless told.")
@click.option(
    "--role",
    type=click.Choice([str(role) for role in Role]),
    default=str(Role.RECIPIENT),
    show_default=True,
    help="As what organisations count.",
)
@click.option("--organisation", "names", multiple=True, help="This one only; may be repeated.")
@click.option("--body", type=click.Choice(list(KINDS)), help="Organisations of this kind only.")
@click.option("--area", help="This coroner area only, in any of its spellings.")
@click.option("--from", "from_date", metavar="DATE", help="From this date, month or year on.")
@click.option("--to", "to_date", metavar="DATE", help="Up to this date, month or year.")
@click.option(
    "--least",
    type=click.IntRange(min=1),
    help="Rows with so many documents held with text; 10 by organisation and area, else 1.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print the table as CSV.")
@json_option
@pass_home
def themes(
    home: Home, by: str, kind: str | None, role: str, names: tuple[str, ...], body: str | None,
    area: str | None, from_date: str | None, to_date: str | None, least: int | None, as_csv: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Count distinct documents by theme and organisation, kind of it, coroner area or year.

    Rows stand by name, never by number, each with how many documents are held and held with text:
    a theme can be seen only in those with text. Counts are of what is held, tagged by software.
    They are no rates and no ranking of organisations; every answer says so. Themes of your own
    stand after the codebook's.

    \b
    Example:
      pfdkb themes --by organisation --csv > themes.csv
      pfdkb themes --by year --organisation "NHS England" --json
    """
    Filters(from_date=from_date, to_date=to_date)  # says what is wrong with a date
    with Store.reading(home) as store:
        scope = Scope(
            by=by,
            role=Role(role),
            kind=_kind(kind, Role(role)),
            organisations=organisations_named(store.db, names),
            body=body,
            area=area,
            from_date=from_date,
            to_date=to_date,
        )
        table = across(store.db, scope)
        years = table.rows if by == "year" else rows_held(store.db, replace(scope, by="year"))
        book = own_themes.book(store.db)
        notes = caveats(store.db, table, book.values(), years)
    shown = [row for row in table.rows if row.with_text >= _least(table, least)]
    if as_json:
        print_json(_json(table, shown, years, list(book), notes))
    elif as_csv:
        lines = [*_lines(table, shown, list(book)), [], *(["note", note] for note in notes)]
        csv.writer(sys.stdout, lineterminator="\n").writerows(_safe(line) for line in lines)
    else:
        _tell(table, shown, book, notes)


def _kind(kind: str | None, role: Role) -> str | None:
    kind = kind or str(role.kind or _EVERY)
    if kind != _EVERY and kind not in set(Kind):
        raise UsageError(f"There is no kind '{kind}'. The kinds are: {', '.join(Kind)}, {_EVERY}.")
    return None if kind == _EVERY else kind


def _least(table: Across, asked: int | None) -> int:
    """Return how many documents with text a row must have; a year is shown whatever it has."""
    scope = table.scope
    if scope.by == "year":
        return 0
    usual = LEAST if scope.by in ("organisation", "area") and not scope.organisations else 1
    if not any(row.with_text >= usual for row in table.rows):
        usual = 1
    return asked or usual


def _lines(table: Across, shown: Iterable[Row], keys: Sequence[str]) -> Iterator[list[Any]]:
    yield [table.scope.by, "held", "with_text", "any_theme", *keys]
    for row in shown:
        counts = (table.count(row.key, key) for key in keys)
        yield [row.name, row.held, row.with_text, row.tagged, *counts]
    whole = table.whole
    totals = (table.totals.get(key, 0) for key in keys)
    yield ["(all, each once)", whole.held, whole.with_text, whole.tagged, *totals]


def _json(
    table: Across,
    shown: Sequence[Row],
    years: Iterable[Row],
    keys: Iterable[str],
    notes: list[str],
) -> dict[str, Any]:
    scope = table.scope
    return {
        "by": scope.by,
        "kind": scope.kind,
        "role": str(scope.role),
        "documents": table.whole.with_text,
        "held": table.whole.held,
        "without_row": {"documents": table.nowhere.with_text, "held": table.nowhere.held},
        "rows_in_all": len(table.rows),
        "rows": [
            {
                "name": row.name,
                "held": row.held,
                "with_text": row.with_text,
                "any_theme": row.tagged,
            }
            for row in shown
        ],
        "themes": [
            {
                "theme": key,
                "total": table.totals.get(key, 0),
                "counts": {row.name: table.count(row.key, key) for row in shown},
            }
            for key in keys
        ],
        "coverage": [
            {"year": year.name, "held": year.held, "with_text": year.with_text} for year in years
        ],
        "caveats": notes,
    }


def _tell(
    table: Across, shown: Sequence[Row], book: dict[str, Theme], notes: Iterable[str]
) -> None:
    nouns = plural(table.scope.kind)
    click.echo(f"{len(shown)} of {len(table.rows)} rows, by name; {nouns} with text of those held.")
    for row in shown:
        told = [f"{key} {n}" for key in book if (n := table.count(row.key, key))]
        click.echo(f"{row.name}: {row.with_text} of {row.held}: {', '.join(told) or 'no theme'}")
    for note in notes:
        click.echo(f"  {note}")


def _safe(row: Sequence[Any]) -> list[Any]:
    """Keep a spreadsheet from reading an organisation's name as a formula."""
    return ["'" + c if isinstance(c, str) and c.startswith(_FORMULAS) else c for c in row]


COMMANDS = {"themes": themes}
