"""How do chosen organisations stand beside each other?"""

from collections.abc import Iterator
from dataclasses import replace

from flask import Blueprint, Response, render_template, request

from kb.across import Row, Scope
from kb.errors import NotHeld, UsageError
from kb.store import Store
from kb.store.across import rows_held
from kb.store.caveats import caveats, role_clause, trust
from kb.store.providers import organisations_like
from kb.themes import Theme
from webui import access
from webui.comparing import Compared, organisations_compared
from webui.csvs import Cell
from webui.roles import ROLE_WORDS
from webui.scopes import scope_args, scope_asked, scope_words, themes_asked
from webui.sheets import PICTURES, TABLES, chart_answer, table_answer

pages = Blueprint("across_compare", __name__)

MOST = 6
_SUGGESTED = 12
_LONGEST_NAME = 300


def _compared() -> tuple[Store, Compared, list[Theme]]:
    """Read the address and count. Raises `UsageError` for more than can stand side by side."""
    store = access.store()
    scope = scope_asked(store, request.args, by="organisation")
    names = scope.organisations
    if len(names) > MOST:
        raise UsageError(
            f"{len(names)} organisations were chosen; at most {MOST} can stand side by side. Go "
            "back and choose fewer."
        )
    themes = themes_asked(access.book(), request.args)
    return store, organisations_compared(store, scope, names, themes), themes


@pages.get("/across/compare")
def compared() -> str:
    """Two to six organisations: themes, counts, shares; in the order chosen, never by size."""
    store, found, themes = _compared()
    part = " ".join(request.args.get("add", "").split())[:_LONGEST_NAME]
    names = [side.name for side in found.sides]
    offered = [
        one
        for one in organisations_like(store.db, part, found.scope.role, limit=_SUGGESTED)
        if one not in names
    ] if part else []  # fmt: skip
    return render_template(
        "across/compare.html",
        found=found,
        scope=found.scope,
        words=ROLE_WORDS,
        role_clause=role_clause(found.scope.role),
        svg=found.svg("Shares of reports by theme") if len(names) > 1 else "",
        trust=trust(store.db, themes),
        caveats=_caveats(store, found, themes) if names else [],
        names=names,
        part=part,
        offered=offered,
        most=MOST,
        args=scope_args(found.scope) | {"by": None},
        years=_years(store, found),
    )


def _years(store: Store, found: Compared) -> list[tuple[str, dict[str, Row]]]:
    """Return for each year what is held of each side, by name."""
    rows: dict[str, dict[str, Row]] = {}
    for side in found.sides:
        for row in _held(store, found.scope, side.name):
            rows.setdefault(row.key, {})[side.name] = row
    return sorted(rows.items())


def _held(store: Store, scope: Scope, name: str) -> tuple[Row, ...]:
    return rows_held(store.db, replace(scope, by="year", organisations=(name,)))


def _caveats(store: Store, found: Compared, themes: list[Theme]) -> list[str]:
    table = found.table
    return caveats(store.db, table, themes, rows_held(store.db, replace(table.scope, by="year")))


@pages.get(f"/across/compare.<{TABLES}>")
def download(extension: str) -> Response:
    """The same as a file, a row for each theme and organisation."""
    store, found, themes = _compared()
    return table_answer(
        extension,
        "pfd-kb-comparison",
        about=_about(store, found, themes),
        rows=found.file_rows(),
    )


@pages.get(f"/across/compare.<{PICTURES}>")
def picture(extension: str) -> Response:
    """The shares with their intervals as a picture."""
    store, found, themes = _compared()
    svg = found.svg("Shares of reports by theme")
    if not svg:
        raise NotHeld(
            "There is nothing to draw: no organisation chosen has ten documents held with text."
        )
    about = _about(store, found, themes)
    return chart_answer(extension, "pfd-kb-comparison", svg, about=about)


def _about(store: Store, found: Compared, themes: list[Theme]) -> Iterator[tuple[Cell, Cell]]:
    yield "Table", "Themes of chosen organisations, in the order chosen"
    yield from scope_words(found.scope)
    for side in found.sides:
        yield "Of", f"{side.name}: {side.row.held} held, {side.row.with_text} of them with text"
    for caveat in _caveats(store, found, themes):
        yield "Caveat", caveat
