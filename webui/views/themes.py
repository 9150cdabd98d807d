"""What is this concern, how often is it raised, and where?"""

from collections.abc import Iterator
from itertools import groupby

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup

from kb.crosswalk import crosswalk
from kb.documents import Kind
from kb.errors import NotHeld
from kb.intervals import LEAST
from kb.library import learning_pages
from kb.measured import measured
from kb.own_themes import OWN_GROUP
from kb.store import judgements, meta, own_themes, passages
from kb.store.passages import PassageRow
from kb.store.tables import CountTable, theme_table
from kb.themes import Theme, is_own, themes
from webui import access
from webui.charts import bar_chart, every_year
from webui.csvs import Cell
from webui.quotes import theme_quotations
from webui.sheets import TABLES, table_answer

pages = Blueprint("themes", __name__)

_SHOWN = 5
_CUES_ALONE = "cues"
"""How a library says that its tags are by cue words, without the trained model."""


def known_theme(key: str) -> Theme:
    """Return a theme of the codebook or a user's own. Raises `NotHeld`."""
    try:
        return access.book()[key]
    except KeyError:
        raise NotHeld("There is no such theme. The list of themes shows those there are.") from None


@pages.get("/themes")
def every() -> str:
    """The codebook and the users' own themes, with the number of distinct reports of each."""
    table = theme_table(access.store().db, by="kind", kind=None)
    groups = groupby(access.book().values(), key=lambda theme: theme.group)
    return render_template(
        "themes/every.html",
        groups=[(group, list(members)) for group, members in groups],
        own_group=OWN_GROUP,
        table=table,
        report=Kind.REPORT,
        learning=learning_pages(),
    )


@pages.get("/themes/<key>")
def one(key: str) -> str:
    """One theme: what it means, how far to trust it, how often it is raised, in which words."""
    theme = known_theme(key)
    db = access.store().db
    by_year = theme_table(db, by="year")
    by_kind = theme_table(db, by="kind", kind=None)
    by_organisation = theme_table(db, by="organisation", top=None)
    counts = by_organisation.counts.get(key, {})
    organisations = _organisations(counts, by_organisation.held)
    return render_template(
        "themes/one.html",
        theme=theme,
        own=own_themes.held(db, key) if is_own(key) else None,
        examples=_examples(key),
        measured=measured(),
        by_cues_alone=meta.get(db, "tagger") == _CUES_ALONE,
        tally=judgements.tally(db).get(key, judgements.Tally()),
        terms=crosswalk().themes.get(key, ()),
        reports=by_year.totals.get(key, 0),
        held=by_year.documents,
        by_kind=[
            (kind, by_kind.counts.get(key, {}).get(kind, 0), by_kind.held.get(kind, 0))
            for kind in Kind
        ],
        chart=years_chart(theme, by_year),
        organisations=organisations,
        more_organisations=len(counts) - len(organisations),
        quotations=theme_quotations(key, wanted=_SHOWN),
        learning=learning_pages().get(key),
        back=request.full_path.rstrip("?"),
    )


def _organisations(counts: dict[str, int], held: dict[str, int]) -> list[tuple[str, int, int]]:
    """Return (name, reports, reports held with text) by name: a ranking would mislead.

    Those with enough reports for a share to mean something; all where nobody has so many.
    """
    every = [(name, count, held[name]) for name, count in sorted(counts.items())]
    return [one for one in every if one[2] >= LEAST] or every


def years_chart(theme: Theme, by_year: CountTable) -> Markup:
    """Return the chart of a theme's reports by year."""
    years = every_year(by_year.counts.get(theme.key, {}))
    return bar_chart(years, title=f"{theme.name}: reports by year", of=by_year.held)


def _examples(key: str) -> list[tuple[str, PassageRow | None, str]]:
    """Return (key, passage, docno) of an own theme's examples; None and "" if no longer held."""
    if not is_own(key):
        return []
    db = access.store().db
    wanted = own_themes.held(db, key).examples
    rows = {row.key: row for row in passages.passages_by_key(db, wanted)}
    named = passages.documents_of(db, {row.document_id for row in rows.values()})
    return [
        (one, rows.get(one), named[rows[one].document_id].docno if one in rows else "")
        for one in wanted
    ]


@pages.get("/themes/crosswalk")
def crossed() -> str:
    """What published frames call the themes of the codebook."""
    return render_template("themes/crosswalk.html", crosswalk=crosswalk(), themes=themes())


@pages.get(f"/themes/crosswalk.<{TABLES}>")
def crossed_file(extension: str) -> Response:
    """The same as a file, one row a term."""
    about: list[tuple[Cell, Cell]] = [
        ("Table", "Themes of pfd-kb and the terms of published frames"),
        (
            "Method",
            "Matched by the makers of pfd-kb by name and published summary; not tested by coding.",
        ),
    ]
    about += [(frame.name, frame.about) for frame in crosswalk().frames.values()]
    return table_answer(extension, "pfd-kb-crosswalk", about=about, rows=_rows())


def _rows() -> Iterator[tuple[Cell, ...]]:
    yield "theme", "name", "frame", "term", "match", "the term"
    for key, terms in crosswalk().themes.items():
        for one in terms:
            yield key, themes()[key].name, one.frame.name, one.term, one.match, one.match.label
