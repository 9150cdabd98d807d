"""What was raised with whom, where and when? Themes across organisations, areas and years."""

from flask import Blueprint, Response, render_template, request

from kb.documents import Kind
from kb.errors import NotHeld, UsageError
from kb.kinds import KINDS
from kb.store.across import area_names, cell
from kb.store.caveats import plural, role_clause, trust
from webui import access
from webui.across_view import BY_WORDS, View, about, rows, trend, view
from webui.drawings import BOUNDS
from webui.listed import listed
from webui.params import whole_number
from webui.roles import ROLE_WORDS
from webui.scopes import Links, scope_args, scope_asked, scope_words
from webui.sheets import PICTURES, TABLES, chart_answer, table_answer
from webui.views.themes import known_theme

pages = Blueprint("across", __name__)

_PAGE_SIZE = 60
_DOCUMENTS = 20
_MOST_DRAWN = 80


@pages.get("/across")
def table() -> str:
    """The heat table, and for years a small chart of each theme."""
    shown = view(request.args)
    scope = shown.table.scope
    page = whole_number(request.args.get("page", ""), name="page", most=10_000)
    return render_template(
        "across/table.html",
        view=shown,
        scope=scope,
        by=BY_WORDS,
        words=ROLE_WORDS,
        role_clause=role_clause(scope.role),
        rows=shown.shown(shown.chosen[(page - 1) * _PAGE_SIZE : page * _PAGE_SIZE]),
        totals=shown.totals(),
        all_link=Links(shown.store, scope).to(None),
        trust=trust(shown.store.db, shown.themes),
        bounds=[round(100 * one) for one in BOUNDS],
        trends=shown.trends() if scope.by == "year" else [],
        args=_args(shown),
        base=scope_args(scope),
        page=page,
        last=max(1, -(-len(shown.chosen) // _PAGE_SIZE)),
        kinds=KINDS,
        document_kinds=list(Kind),
        narrowed=scope_words(scope)[2:],
        every_theme=list(access.book().values()),
    )


def _args(shown: View) -> dict[str, object]:
    """Return the address's parameters of a table, for its files and its other pages."""
    found: dict[str, object] = dict(scope_args(shown.table.scope))
    if shown.least != shown.usual:
        found["least"] = shown.least
    if len(shown.themes) < len(access.book()):
        found["theme"] = [theme.key for theme in shown.themes]
    return found


def _name(shown: View) -> str:
    scope = shown.table.scope
    return f"pfd-kb-themes-by-{scope.by}-{scope.role}"


@pages.get(f"/across.<{TABLES}>")
def download(extension: str) -> Response:
    """The table as a file, with all its rows."""
    shown = view(request.args)
    return table_answer(extension, _name(shown), about=about(shown), rows=rows(shown))


@pages.get(f"/across.<{PICTURES}>")
def picture(extension: str) -> Response:
    """The heat table as a picture."""
    shown = view(request.args)
    if not shown.chosen:
        raise NotHeld("There is nothing to draw: no row has so many documents with text.")
    svg = shown.svg(most=_MOST_DRAWN)
    return chart_answer(extension, _name(shown), svg, about=about(shown))


@pages.get(f"/across/trend.<{PICTURES}>")
def trend_picture(extension: str) -> Response:
    """One theme by year as a picture."""
    theme = known_theme(request.args.get("theme", ""))
    shown = view(request.args, by="year")
    drawn = trend(shown.table, theme, Links(shown.store, shown.table.scope))
    if not drawn.points:
        raise NotHeld("There is nothing to draw: no document counted here has a date.")
    name = f"pfd-kb-{theme.key.replace(':', '-')}-by-year"
    return chart_answer(extension, name, drawn.svg, about=about(shown))


@pages.get("/across/passages")
def behind() -> str:
    """The passages behind a number, where no search can ask for exactly those."""
    store = access.store()
    scope = scope_asked(store, request.args)
    key = request.args.get("theme", "")
    theme = known_theme(key) if key else None
    row = request.args.get("row", "") or None
    found = cell(store.db, scope, row=row, theme=key or None)
    documents = list(dict.fromkeys(document for _, document in found))
    page = whole_number(request.args.get("page", ""), name="page", most=10_000)
    some = set(documents[(page - 1) * _DOCUMENTS : page * _DOCUMENTS])
    args = {**scope_args(scope), "row": row, "theme": key or None}
    return render_template(
        "across/behind.html",
        theme=theme,
        row=_row_words(scope.by, row),
        scope=scope,
        words=scope_words(scope),
        nouns=plural(scope.kind),
        role_clause=role_clause(scope.role),
        documents=listed(store, [one for one in found if one[1] in some], theme=key or None),
        total=len(documents),
        passages=len(found) if theme else None,
        page=page,
        last=max(1, -(-len(documents) // _DOCUMENTS)),
        args=args,
        back=request.full_path.rstrip("?"),
    )


def _row_words(by: str, row: str | None) -> str | None:
    """Return what a row is called; None for all rows. Raises `UsageError` for no such kind."""
    if row is None:
        return None
    if by == "kind":
        if row not in KINDS:
            raise UsageError(f"There is no kind of organisation '{row[:80]}'.")
        return KINDS[row]
    if by == "area":
        return next(iter(area_names(access.store().db, row)), row)
    return row
