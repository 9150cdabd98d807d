"""One organisation's figures: by year, beside all of its kind, its recurring concerns, answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.across import Row, Scope
from kb.clusters import Cluster
from kb.documents import Kind, Role
from kb.kinds import KINDS, NOT_KNOWN, kind_of
from kb.organisations import organisation
from kb.store import Store, clusters
from kb.store.across import rows_held, without_row
from kb.store.caveats import caveats, plural
from kb.store.providers import Answered, answered, concerns_of
from kb.themes import Theme
from webui.comparing import Compared, with_its_kind
from webui.csvs import Cell
from webui.drawings import Point, every_label, trend_svg
from webui.scopes import Links, scope_words

_YEARLY = {
    Role.RECIPIENT: Kind.REPORT,
    Role.RESPONDENT: Kind.RESPONSE,
    Role.MENTIONED: None,
}
"""The roles of the timeline and the kind of document counted in each; None is every kind."""


@dataclass(frozen=True, slots=True)
class Year:
    """A year: what is held of each role, and where it stands; a missing role has nothing."""

    label: str
    rows: dict[Role, Row]
    links: dict[Role, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """What is known of one organisation in numbers.

    `beside` compares its documents in one role with those of all of its kind, `kind` a key of
    `kb.kinds.KINDS`; where that is not known, with all documents. `stale`: the recurring concerns
    are older than the library.
    """

    store: Store
    name: str
    kind: str
    beside: Compared
    years: tuple[Year, ...]
    undated: dict[Role, int]
    answers: Answered
    concerns: Sequence[tuple[Cluster, int]]
    stale: bool
    caveats: list[str]

    @classmethod
    def of(cls, store: Store, name: str, role: Role, themes: list[Theme]) -> "Provider":
        """Count one organisation by its exact name; `role` is that of the themes."""
        kind = kind_of(name)
        scope = Scope(by="year", role=role, kind=role.kind, organisations=(name,))
        beside = with_its_kind(store, scope, None if kind == NOT_KNOWN else kind, themes)
        table = beside.table
        years, undated = _years(store, name)
        return cls(
            store=store,
            name=name,
            kind=kind,
            beside=beside,
            years=years,
            undated=undated,
            answers=answered(store.db, name),
            concerns=concerns_of(store.db, name, clusters.held(store.db)),
            stale=clusters.stale(store.db),
            caveats=caveats(store.db, table, themes, rows_held(store.db, scope)),
        )

    @property
    def kind_told(self) -> str:
        """How the kind is known."""
        if self.kind == NOT_KNOWN:
            return "neither the register nor its name tells"
        return "by the register" if organisation(self.name) else "by the words of its name"

    @property
    def years_svg(self) -> str:
        """The reports it was sent, by year; empty where none has a date."""
        rows = {one.label: one.rows.get(Role.RECIPIENT) for one in self.years}
        dated = {label: row for label, row in rows.items() if row and row.held}
        points = []
        for label in every_label(dated):
            row = dated.get(label)
            held, text = (row.held, row.with_text) if row else (0, 0)
            points.append(Point(label, held, text, held))
        if not points:
            return ""
        title = f"Reports sent to {self.name} and held here, by year"
        return trend_svg(points, title=title, unit="reports held")

    @property
    def beside_svg(self) -> str:
        """Its shares of themes beside those of its kind; empty where none can be told."""
        return self.beside.svg(f"Themes of {self.name} beside {self.beside.sides[1].name}")

    def year_rows(self) -> Iterator[tuple[Cell, ...]]:
        """Yield the heading and a row a year."""
        yield "year", "reports received", "of these held with text", "responses written", "named in"
        for one in self.years:
            received = one.rows.get(Role.RECIPIENT)
            yield (
                one.label,
                received.held if received else 0,
                received.with_text if received else 0,
                *(_held(one, role) for role in (Role.RESPONDENT, Role.MENTIONED)),
            )

    def about(self) -> Iterator[tuple[Cell, Cell]]:
        """Yield the lines about its figures for a file."""
        scope = self.beside.scope
        yield "Organisation", self.name
        yield "Kind of organisation", f"{KINDS[self.kind]} ({self.kind_told})"
        yield from (line for line in scope_words(scope) if line[0] != "Organisations")
        for side in self.beside.sides:
            told = f"{side.row.held} {plural(scope.kind)} held, {side.row.with_text} with text"
            yield "Of", f"{side.name}: {told}"
        yield "Answered", answers_words(self.answers)
        for caveat in self.caveats:
            yield "Caveat", caveat


def answers_words(found: Answered) -> str:
    """Return how many of its reports an organisation answered, as far as is held."""
    return (
        f"Reports sent to it and held here: {found.received}; with a response of its own in the "
        f"material held: {found.answered}; no response in the material held: {found.without}"
    )


def _held(year: Year, role: Role) -> int:
    row = year.rows.get(role)
    return row.held if row else 0


def _years(store: Store, name: str) -> tuple[tuple[Year, ...], dict[Role, int]]:
    """Return the years from the first to the last, and how many documents have no date."""
    rows: dict[str, dict[Role, Row]] = {}
    links: dict[str, dict[Role, str]] = {}
    undated = {}
    for role, kind in _YEARLY.items():
        scope = Scope(by="year", role=role, kind=kind, organisations=(name,))
        to = Links(store, scope)
        for row in rows_held(store.db, scope):
            rows.setdefault(row.key, {})[role] = row
            links.setdefault(row.key, {})[role] = to.to(row)
        undated[role] = without_row(store.db, scope).held
    years = tuple(
        Year(label, rows.get(label, {}), links.get(label, {})) for label in every_label(rows)
    )
    return years, undated
