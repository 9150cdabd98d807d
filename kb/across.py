"""What is counted across providers (Scope), and what the count says (Across)."""

from dataclasses import dataclass

from kb.documents import Kind, Role
from kb.errors import UnknownFilterValue
from kb.kinds import kind_named
from kb.queries import Filters

BY = ("organisation", "kind", "area", "year")
"""What the rows can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which documents are counted, and by what. None and () mean no limit.

    `kind` is that of documents, `body` that of organisations (a key of `kb.kinds.KINDS`). An
    organisation counts as `role`. Raises `UnknownFilterValue` for a `by` or `body` there is not.
    """

    by: str = "organisation"
    role: Role = Role.RECIPIENT
    kind: str | None = Kind.REPORT
    organisations: tuple[str, ...] = ()
    body: str | None = None
    area: str | None = None
    from_date: str | None = None
    to_date: str | None = None

    def __post_init__(self) -> None:
        if self.by not in BY:
            raise UnknownFilterValue(
                "Themes are counted here by organisation, by kind (of organisation), by area or by "
                f"year, not by '{self.by}'."
            )
        if self.body is not None:
            kind_named(self.body)

    @property
    def filters(self) -> Filters:
        """What of it a search can be narrowed to, whatever the organisations and the area."""
        return Filters(kind=self.kind, from_date=self.from_date, to_date=self.to_date)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An organisation, kind, area or year: how many documents are held, how many with text.

    `names` are the spellings that stand for it, the commonest first; `tagged` counts its documents
    that show any theme.
    """

    key: str
    names: tuple[str, ...]
    held: int
    with_text: int
    tagged: int

    @property
    def name(self) -> str:
        """What a table calls it."""
        return self.names[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Across:
    """Distinct documents by row and theme; a document of two rows stands in both.

    `whole` counts every document of the scope once, those without a row too; `nowhere` are those: a
    report without a date has no year. `counts` and `totals` leave zeros out.
    """

    scope: Scope
    rows: tuple[Row, ...]
    counts: dict[str, dict[str, int]]
    totals: dict[str, int]
    whole: Row
    nowhere: Row

    def count(self, row: str, theme: str) -> int:
        """Return the distinct documents of a row that show a theme."""
        return self.counts.get(row, {}).get(theme, 0)

    def row(self, key: str) -> Row:
        """Return a row; one of nothing where the scope has no such row."""
        found = next((one for one in self.rows if one.key == key), None)
        return found or Row(key=key, names=(key,), held=0, with_text=0, tagged=0)
