"""What is this concern, how often is it raised, and where?"""

from itertools import groupby

from flask import Blueprint, render_template, request

from kb.documents import Kind
from kb.errors import NotHeld
from kb.library import learning_pages
from kb.store.tables import theme_table
from kb.themes import Theme, themes
from webui import access
from webui.charts import bar_chart, every_year
from webui.quotes import theme_quotations

pages = Blueprint("themes", __name__)

_SHOWN = 5
_TOP = 10


def known_theme(key: str) -> Theme:
    """Return a theme. Raises `NotHeld`."""
    try:
        return themes()[key]
    except KeyError:
        raise NotHeld("There is no such theme. The list of themes shows those there are.") from None


@pages.get("/themes")
def every() -> str:
    """The codebook, with the number of distinct reports of each theme."""
    table = theme_table(access.store().db, by="kind", kind=None)
    groups = groupby(themes().values(), key=lambda theme: theme.group)
    return render_template(
        "themes/every.html",
        groups=[(group, list(members)) for group, members in groups],
        table=table,
        report=Kind.REPORT,
        learning=learning_pages(),
    )


@pages.get("/themes/<key>")
def one(key: str) -> str:
    """One theme: what it means, how often and where it is raised, and in which words."""
    theme = known_theme(key)
    db = access.store().db
    by_year = theme_table(db, by="year")
    by_kind = theme_table(db, by="kind", kind=None)
    by_organisation = theme_table(db, by="organisation", top=None)
    counts = by_organisation.counts.get(key, {})
    organisations = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    years = every_year(by_year.counts.get(key, {}))
    return render_template(
        "themes/one.html",
        theme=theme,
        reports=by_year.totals.get(key, 0),
        held=by_year.documents,
        by_kind=[(kind, by_kind.counts.get(key, {}).get(kind, 0)) for kind in Kind],
        chart=bar_chart(years, title=f"{theme.name}: reports by year"),
        organisations=[
            (name, count, by_organisation.held[name]) for name, count in organisations[:_TOP]
        ],
        more_organisations=max(0, len(organisations) - _TOP),
        quotations=theme_quotations(key, wanted=_SHOWN),
        learning=learning_pages().get(key),
        back=request.full_path.rstrip("?"),
    )
