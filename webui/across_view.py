"""A table of themes across providers, as a page and a file show it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from kb.across import Across, Row
from kb.intervals import LEAST, Share
from kb.kinds import KINDS, kind_of
from kb.store import Store
from kb.store.across import across, rows_held
from kb.store.caveats import caveats, plural
from kb.themes import Theme
from webui import access
from webui.csvs import Cell
from webui.drawings import Point, every_label, heat_svg, shade, trend_svg
from webui.params import whole_number
from webui.phrases import joined
from webui.scopes import Links, scope_asked, scope_words, themes_asked

BY_WORDS = {
    "organisation": "organisation",
    "kind": "kind of organisation",
    "area": "coroner area",
    "year": "year",
}
_MOST_LEAST = 10_000
_NAMED = 3


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A number of the table: of how many, where it leads, its shade (0: none)."""

    share: Share
    link: str
    shade: int


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with its cells in the order of the themes."""

    row: Row
    link: str
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One theme by year: how many documents show it, of how many with text, of how many held."""

    theme: Theme
    nouns: str
    total: int
    points: tuple[Point, ...]
    links: tuple[str, ...]

    @property
    def svg(self) -> str:
        """The drawing."""
        return trend_svg(self.points, title=f"{self.theme.name}: by year", unit=self.nouns)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A table with what was asked of it.

    `least` is how many documents held with text a row must have to be shown, `usual` what it is
    when nobody asks; `chosen` are the rows that have so many; `years` tells of each year how much
    is held with text.
    """

    store: Store
    table: Across
    themes: list[Theme]
    years: tuple[Row, ...]
    least: int
    usual: int
    chosen: list[Row]

    @property
    def caveats(self) -> list[str]:
        """What must stand beside it."""
        return caveats(self.store.db, self.table, self.themes, self.years)

    @property
    def nouns(self) -> str:
        """What is counted, in the plural."""
        return plural(self.table.scope.kind)

    def shown(self, rows: list[Row]) -> list[ShownRow]:
        """Return rows with a link behind every number."""
        links = Links(self.store, self.table.scope)
        return [self._shown(row, links) for row in rows]

    def _shown(self, row: Row, links: Links) -> ShownRow:
        cells = []
        for theme in self.themes:
            share = Share(self.table.count(row.key, theme.key), row.with_text)
            link = links.to(row, theme.key) if share.count else ""
            cells.append(ShownCell(share, link, shade(share)))
        return ShownRow(row, links.to(row), tuple(cells))

    def totals(self) -> list[ShownCell]:
        """Return the cells under the table: every document once, in whatever rows it stands."""
        links = Links(self.store, self.table.scope)
        shares = [
            (theme, Share(self.table.totals.get(theme.key, 0), self.table.whole.with_text))
            for theme in self.themes
        ]
        return [
            ShownCell(share, links.to(None, theme.key) if share.count else "", 0)
            for theme, share in shares
        ]

    def trends(self) -> list[Drawn]:
        """Return each theme by year; nothing for a table of other rows."""
        links = Links(self.store, self.table.scope)
        return [trend(self.table, theme, links) for theme in self.themes]

    @property
    def title(self) -> str:
        """What the table is called."""
        return f"{self.nouns.capitalize()} by theme and {BY_WORDS[self.table.scope.by]}"

    def svg(self, *, most: int) -> str:
        """Return the table as a drawing, of its first rows where they are more than `most`."""
        rows = [
            (
                row.name,
                row.with_text,
                [Share(self.table.count(row.key, one.key), row.with_text) for one in self.themes],
            )
            for row in self.chosen[:most]
        ]
        left = len(self.chosen) - len(rows)
        cut = f" The first {len(rows)} rows by name; {left} more are not drawn." if left else ""
        return heat_svg(
            rows,
            [theme.name for theme in self.themes],
            title=self.title,
            described=f"{self.in_words()}{cut} The table holds every figure.",
        )

    def in_words(self) -> str:
        """Return what the table shows, for whoever does not see it."""
        whole = self.table.whole
        most = sorted(self.table.totals.items(), key=lambda item: (-item[1], item[0]))
        names = {theme.key: theme.name for theme in self.themes}
        told = [
            f"{names[key]} ({Share(count, whole.with_text).told})"
            for key, count in most
            if key in names
        ][:_NAMED]
        found = (
            f"The commonest themes among all these {self.nouns}: {joined(told)}." if told else ""
        )
        bare = sum(row.with_text < LEAST for row in self.chosen)
        small = (
            f" {bare} of the {len(self.chosen)} rows have fewer than {LEAST} {self.nouns} with text"
            " and carry no shade: their numbers are counts alone."
            if bare
            else ""
        )
        return (found + small).strip()


def view(args: MultiDict[str, str], *, by: str | None = None) -> View:
    """Read an address and count; `by` outranks the address."""
    store = access.store()
    scope = scope_asked(store, args, by=by)
    table = across(store.db, scope)
    by_year = scope.by == "year"
    usual = LEAST if scope.by in ("organisation", "area") and not scope.organisations else 1
    if not any(row.with_text >= usual for row in table.rows):
        usual = 1
    asked = args.get("least", "")
    least = whole_number(asked, name="least number", most=_MOST_LEAST, otherwise=usual)
    return View(
        store=store,
        table=table,
        themes=themes_asked(access.book(), args),
        years=table.rows if by_year else rows_held(store.db, replace(scope, by="year")),
        least=least,
        usual=usual,
        # A year without any text stays: a trend has to show what is not held.
        chosen=[row for row in table.rows if by_year or row.with_text >= least],
    )


def trend(by_year: Across, theme: Theme, links: Links) -> Drawn:
    """Return one theme of a table by year, the years between that hold nothing included."""
    rows = {row.key: row for row in by_year.rows}
    labels = every_label(rows)
    found = [(label, rows.get(label) or by_year.row(label)) for label in labels]
    return Drawn(
        theme=theme,
        nouns=plural(by_year.scope.kind),
        total=by_year.totals.get(theme.key, 0),
        points=tuple(
            Point(label, by_year.count(label, theme.key), row.with_text, row.held)
            for label, row in found
        ),
        links=tuple(links.to(row, theme.key) for _, row in found),
    )


def about(shown: View) -> Iterator[tuple[Cell, Cell]]:
    """Yield the lines about a table for its file."""
    table = shown.table
    yield "Table", f"Distinct {shown.nouns} by theme and {BY_WORDS[table.scope.by]}"
    yield from scope_words(table.scope)
    yield "Of", f"{table.whole.held} {shown.nouns} held, {table.whole.with_text} of them with text"
    if table.scope.by != "year":
        yield "Rows", f"those with at least {shown.least} {shown.nouns} held with text, by name"
    for caveat in shown.caveats:
        yield "Caveat", caveat


def rows(shown: View) -> Iterator[tuple[Cell, ...]]:
    """Yield the heading, a row each, and the row of everything."""
    by, nouns = shown.table.scope.by, shown.nouns
    kinds = ("kind of organisation",) if by == "organisation" else ()
    names = [theme.name for theme in shown.themes]
    yield BY_WORDS[by], *kinds, f"{nouns} held", "held with text", "with any theme", *names
    for row in shown.chosen:
        kind = (KINDS[kind_of(row.key)],) if kinds else ()
        counts = (shown.table.count(row.key, theme.key) for theme in shown.themes)
        yield row.name, *kind, row.held, row.with_text, row.tagged, *counts
    whole = shown.table.whole
    totals = (shown.table.totals.get(theme.key, 0) for theme in shown.themes)
    blank = (None,) if kinds else ()
    yield f"all {nouns}, each once", *blank, whole.held, whole.with_text, whole.tagged, *totals
