"""Counts behind the commissioner's pages: distinct documents, never passages."""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from kb.documents import Kind, Role
from kb.errors import UsageError
from kb.store import meta
from kb.store.filters import STANDING

# The pairs of document and theme first, once each: counting passages takes three times as long.
_SHOWN = (
    "WITH shown(id, theme) AS MATERIALIZED (SELECT DISTINCT p.document_id, t.theme FROM tags t"
    " CROSS JOIN passages p ON p.id = t.passage_id AND p.boilerplate = 0 WHERE t.rejected = 0) "
)
_BY = {
    "organisation": "SELECT s.theme, o.name, count(DISTINCT d.id) FROM shown s"
    " JOIN documents d ON d.id = s.id JOIN parties y ON y.document_id = d.id AND y.role = :role"
    " JOIN organisations o ON o.id = y.organisation_id WHERE {where} GROUP BY 1, 2",
    "year": "SELECT s.theme, substr(d.date, 1, 4), count(*) FROM shown s"
    " JOIN documents d ON d.id = s.id WHERE {where} AND d.date IS NOT NULL GROUP BY 1, 2",
    "kind": "SELECT s.theme, d.kind, count(*) FROM shown s JOIN documents d ON d.id = s.id"
    " WHERE {where} GROUP BY 1, 2",
}
_HELD = {
    "organisation": "SELECT o.name, count(DISTINCT d.id) FROM documents d"
    " JOIN parties y ON y.document_id = d.id AND y.role = :role"
    " JOIN organisations o ON o.id = y.organisation_id WHERE {where} GROUP BY 1",
    "year": "SELECT substr(d.date, 1, 4), count(*) FROM documents d"
    " WHERE {where} AND d.date IS NOT NULL GROUP BY 1",
    "kind": "SELECT d.kind, count(*) FROM documents d WHERE {where} GROUP BY 1",
}
_WITH_TEXT = "d.text <> ''"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountTable:
    """Distinct documents by theme (rows) and by something else (columns).

    `role` is that of the organisations counted. `held` is the denominator of each column: documents
    held with text, tagged or not. `totals` counts each theme's distinct documents: a document with
    two recipients stands in two columns but once in the total.
    """

    by: str
    kind: str | None
    role: Role
    columns: tuple[str, ...]
    counts: dict[str, dict[str, int]]
    totals: dict[str, int]
    held: dict[str, int]
    documents: int


def theme_table(
    db: Database,
    *,
    by: str = "organisation",
    kind: str | None = Kind.REPORT,
    role: Role = Role.RECIPIENT,
    top: int | None = 20,
) -> CountTable:
    """Count documents by theme and organisation, year or kind.

    `kind` None counts every kind together; organisations count in one `role` only. `top` keeps the
    columns with most documents held; years and kinds are all kept. Raises `UsageError` on another
    `by`.
    """
    if by not in _BY:
        raise UsageError(f"Themes can be counted by {', '.join(_BY)}, not by '{by}'.")
    where = _WITH_TEXT + (" AND d.kind = :kind" if kind else "")
    values: dict[str, Any] = {"kind": str(kind) if kind else None, "role": str(role)}
    held = dict(db.execute(_HELD[by].format(where=where), values).fetchall())
    columns = sorted(held, key=lambda name: (-held[name], name))
    if by == "organisation":
        columns = columns[:top]
    else:
        columns.sort()
    counts: dict[str, dict[str, int]] = {}
    for theme, column, count in db.execute(_SHOWN + _BY[by].format(where=where), values):
        counts.setdefault(theme, {})[column] = count
    totals = db.execute(
        f"{_SHOWN}SELECT s.theme, count(*) FROM shown s JOIN documents d ON d.id = s.id"
        f" WHERE {where} GROUP BY 1",
        values,
    )
    documents = db.execute(f"SELECT count(*) FROM documents d WHERE {where}", values).fetchone()[0]
    return CountTable(
        by=by,
        kind=str(kind) if kind else None,
        role=role,
        columns=tuple(columns),
        counts=counts,
        totals=dict(totals.fetchall()),
        held=held,
        documents=documents,
    )


def status(db: Database) -> dict[str, Any]:
    """Return what is held, in the form that `pfdkb status --json` prints."""
    by_kind = dict(db.execute("SELECT kind, count(*) FROM documents GROUP BY 1").fetchall())
    ended = dict(db.execute("SELECT state, count(*) FROM ledger GROUP BY 1").fetchall())
    themes = db.execute(
        "SELECT theme, count(DISTINCT passage_id) FROM tags WHERE rejected = 0"
        " GROUP BY 1 ORDER BY 1"
    )
    return {
        "documents": {
            "total": sum(by_kind.values()),
            "by_kind": by_kind,
            "with_text": _one(db, "SELECT count(*) FROM documents WHERE text <> ''"),
            "verbatim": _one(
                db,
                "SELECT count(*) FROM documents WHERE text <> '' AND origin IN ('file', 'tracker')",
            ),
        },
        "passages": _one(db, "SELECT count(*) FROM passages"),
        "concerns": _one(db, "SELECT count(*) FROM concerns"),
        "organisations": _one(
            db, f"SELECT count(DISTINCT y.organisation_id) FROM parties y WHERE {STANDING}"
        ),
        "sources": {"done": ended.get("done", 0), "failed": ended.get("failed", 0)},
        "themes": dict(themes.fetchall()),
        "clusters": _one(db, "SELECT count(*) FROM clusters"),
        "dates": dict(
            zip(
                ("first", "last"),
                db.execute("SELECT min(date), max(date) FROM documents").fetchone(),
                strict=True,
            )
        ),
        "updated": _one(db, "SELECT max(updated) FROM documents"),
        "model": meta.get(db, "model"),
        "index": meta.get(db, "index"),
    }


def _one(db: Database, sql: str) -> Any:
    return db.execute(sql).fetchone()[0]
