"""Organisations side by side, or one beside all of its kind: themes, counts, shares, intervals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kb.across import Across, Row, Scope
from kb.intervals import LEAST, Share
from kb.kinds import KINDS
from kb.store import Store
from kb.store.across import across, totals_of
from kb.store.caveats import plural
from kb.themes import Theme
from webui.csvs import Cell
from webui.drawings import interval_svg
from webui.scopes import Links


@dataclass(frozen=True, slots=True)
class Side:
    """One of those compared: its name, what is held of it, and where its documents stand."""

    name: str
    row: Row
    link: str


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """A count with its share and the address of its passages, none where it is 0."""

    share: Share
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A theme a row, a side a column. `table` is what the first side was counted in."""

    scope: Scope
    sides: tuple[Side, ...]
    rows: tuple[tuple[Theme, tuple[ComparedCell, ...]], ...]
    table: Across

    @property
    def shown(self) -> list[tuple[Theme, tuple[ComparedCell, ...]]]:
        """The themes that any side shows."""
        return [row for row in self.rows if any(cell.share.count for cell in row[1])]

    @property
    def missing(self) -> list[Theme]:
        """The themes that no side shows."""
        return [theme for theme, cells in self.rows if not any(c.share.count for c in cells)]

    def svg(self, title: str) -> str:
        """Return the shares with their intervals as a drawing, empty where none can be told."""
        enough = [Share(0, side.row.with_text).enough for side in self.sides]
        if not self.shown or not any(enough):
            return ""
        names = [
            side.name if told else f"{side.name} (fewer than {LEAST}: no share)"
            for side, told in zip(self.sides, enough, strict=True)
        ]
        rows = [(theme.name, [cell.share for cell in cells]) for theme, cells in self.shown]
        return interval_svg(rows, names, title=title)

    def file_rows(self) -> Iterator[tuple[Cell, ...]]:
        """Yield the heading and a row for each theme and side, with what its share is of."""
        nouns = plural(self.scope.kind)
        yield (
            *("theme", "of", f"{nouns} with the theme", f"{nouns} held with text", f"{nouns} held"),
            *("share in %", "95% interval from, in %", "to, in %"),
        )
        for theme, cells in self.rows:
            for side, cell in zip(self.sides, cells, strict=True):
                share = cell.share
                told = _percents(share) if share.enough else (None, None, None)
                yield theme.name, side.name, share.count, share.of, side.row.held, *told


def _percents(share: Share) -> tuple[Cell, ...]:
    low, high = share.interval
    return tuple(round(100 * one, 1) for one in (share.count / share.of, low, high))


def organisations_compared(
    store: Store, scope: Scope, names: Sequence[str], themes: Sequence[Theme]
) -> Compared:
    """Compare organisations in the order of their names here given."""
    table = across(store.db, replace(scope, by="organisation", organisations=tuple(names)))
    links = Links(store, table.scope)
    rows = [table.row(name) for name in names]
    return Compared(
        scope=table.scope,
        sides=tuple(Side(row.name, row, links.to(row)) for row in rows),
        rows=tuple(
            (theme, tuple(_cell(table, row, theme, links) for row in rows)) for theme in themes
        ),
        table=table,
    )


def with_its_kind(
    store: Store, scope: Scope, kind: str | None, themes: Sequence[Theme]
) -> Compared:
    """Compare a scope's organisation with all of its kind, itself among them.

    `kind` is a key of `kb.kinds.KINDS`; None compares with all documents of the scope's kind.
    """
    own = across(store.db, replace(scope, by="organisation"))
    others = replace(scope, by="kind", body=kind, organisations=())
    totals, every = totals_of(store.db, others)
    own_links, every_links = Links(store, own.scope), Links(store, others)
    (name,) = scope.organisations
    one = own.row(name)
    return Compared(
        scope=own.scope,
        sides=(
            Side(name, one, own_links.to(one)),
            Side(_called(kind, scope), every, every_links.to(None)),
        ),
        rows=tuple(
            (theme, (_cell(own, one, theme, own_links), _total(totals, every, theme, every_links)))
            for theme in themes
        ),
        table=own,
    )


def _called(kind: str | None, scope: Scope) -> str:
    if kind is None:
        return f"All {plural(scope.kind)} held"
    return f"All of its kind: {KINDS[kind]}"


def _total(totals: dict[str, int], every: Row, theme: Theme, links: Links) -> ComparedCell:
    share = Share(totals.get(theme.key, 0), every.with_text)
    return ComparedCell(share, links.to(None, theme.key) if share.count else "")


def _cell(table: Across, row: Row, theme: Theme, links: Links) -> ComparedCell:
    share = Share(table.count(row.key, theme.key), row.with_text)
    return ComparedCell(share, links.to(row, theme.key) if share.count else "")
