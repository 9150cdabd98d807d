"""What can I teach with this?"""

from collections.abc import Callable

from flask import Blueprint, render_template, request
from markupsafe import Markup

from kb.errors import NotHeld
from kb.library import Directive, learning_pages
from kb.store.tables import theme_table
from kb.themes import Theme, themes
from webui import access
from webui.charts import bar_chart, every_year
from webui.quotes import theme_quotations
from webui.render import markdown

pages = Blueprint("learning", __name__)

_MOST_PASSAGES = 20


@pages.get("/learning")
def every() -> str:
    """The learning pages there are."""
    reports = theme_table(access.store().db, by="year").totals
    return render_template(
        "learning/every.html", pages=learning_pages(), themes=themes(), reports=reports
    )


@pages.get("/learning/<key>")
def one(key: str) -> str:
    """A learning page, its counts and quotations taken from the library as it stands."""
    page = learning_pages().get(key)
    if page is None:
        raise NotHeld("There is no learning page on that theme yet.")
    body = Markup("\n").join(
        markdown(block) if isinstance(block, str) else live(block) for block in page.blocks
    )
    return render_template(
        "learning/one.html",
        page=page,
        theme=themes()[key],
        body=body,
        back=request.full_path.rstrip("?"),
    )


def live(directive: Directive) -> Markup:
    """Return what a directive stands for; one that is not understood becomes a sentence."""
    maker = _LIVE.get(directive.name)
    theme = themes().get(directive.arguments[0]) if directive.arguments else None
    if maker is None or theme is None:
        return _not_understood(directive)
    return maker(theme, directive)


def _not_understood(directive: Directive) -> Markup:
    return Markup("<p>This page asks for something that cannot be shown here: {}</p>").format(
        directive.written
    )


def _count(theme: Theme, _directive: Directive) -> Markup:
    table = theme_table(access.store().db, by="year")
    return Markup(
        render_template(
            "learning/count.html",
            theme=theme,
            reports=table.totals.get(theme.key, 0),
            held=table.documents,
        )
    )


def _years(theme: Theme, _directive: Directive) -> Markup:
    table = theme_table(access.store().db, by="year")
    years = every_year(table.counts.get(theme.key, {}))
    chart = bar_chart(years, title=f"{theme.name}: reports by year", of=table.held)
    return Markup(render_template("learning/years.html", theme=theme, chart=chart, years=years))


def _passages(theme: Theme, directive: Directive) -> Markup:
    wanted = directive.arguments[1] if len(directive.arguments) > 1 else "3"
    if not wanted.isdigit() or not 1 <= int(wanted) <= _MOST_PASSAGES:
        return _not_understood(directive)
    return Markup(
        render_template(
            "learning/passages.html",
            theme=theme,
            quotations=theme_quotations(theme.key, wanted=int(wanted)),
            back=request.full_path.rstrip("?"),
        )
    )


_LIVE: dict[str, Callable[[Theme, Directive], Markup]] = {
    "count": _count,
    "years": _years,
    "passages": _passages,
}
