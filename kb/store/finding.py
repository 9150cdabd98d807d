"""Finding passages and documents by words, by names, by ref and by filter."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from kb.documents import SectionKind
from kb.queries import Filters
from kb.store.filters import of_document, of_passage
from kb.store.wordings import Table

MATTERS = (SectionKind.CONCERNS, SectionKind.RECOMMENDATIONS, SectionKind.ANSWER)
Stating = Callable[[Sequence[int]], Mapping[int, int]]
_MATTERS_SQL = ",".join(f"'{kind}'" for kind in MATTERS)


def by_words(
    db: Database,
    match: str,
    filters: Filters,
    *,
    limit: int,
    since: int = 0,
    stating: Stating | None = None,
) -> list[tuple[int, int, float]]:
    """Return (passage id, document id, BM25) of the best passages; larger is better.

    A `limit` of -1 means all. Passages of an id under `since` are not looked at. `stating` tells
    the documents of passages, standard wording left out; None asks the library.
    """
    if not match:
        return []
    values = {"match": match, "since": since, "limit": limit}
    if not filters.empty or limit < 0:
        where, more = of_passage(db, filters)
        return _found(db, _BY_WORDS.format(where=where), values | more)
    deep = limit
    while True:  # the search table also holds boilerplate, so more has to be asked for
        deep += 1 + deep // 4
        rows = _found(db, _BEST.format(table="passages_fts"), values | {"limit": deep})
        ids = [row[0] for row in rows]
        of = stating(ids) if stating else document_ids(db, ids, stating=True)
        found = [(id_, of[id_], score) for id_, score in rows if id_ in of]
        if len(found) >= limit or len(rows) < deep:
            return found[:limit]


# Sorting by "rank" inside FTS5 takes half as long again as this.
_BEST = (
    "SELECT rowid, -bm25({table}) AS score FROM {table} WHERE {table} MATCH :match"
    " AND rowid >= :since ORDER BY score DESC, rowid LIMIT :limit"
)
_BY_WORDS = (
    "SELECT p.id, p.document_id, -bm25(passages_fts) AS score FROM passages_fts"
    " JOIN passages p ON p.id = passages_fts.rowid JOIN documents d ON d.id = p.document_id"
    " WHERE passages_fts MATCH :match AND passages_fts.rowid >= :since AND {where}"
    " ORDER BY score DESC, p.id LIMIT :limit"
)
_BY_DETAILS = (
    "SELECT d.id, -bm25(details_fts) AS score FROM details_fts"
    " JOIN documents d ON d.id = details_fts.rowid"
    " WHERE details_fts MATCH :match AND details_fts.rowid >= :since AND {where}"
    " ORDER BY score DESC, d.id LIMIT :limit"
)


def by_details(
    db: Database, match: str, filters: Filters, *, limit: int, since: int = 0
) -> list[tuple[int, float]]:
    """Return (document id, BM25) by names and by whole concern sections; larger is better.

    Documents of an id under `since` are not looked at.
    """
    if not match:
        return []
    values = {"match": match, "since": since, "limit": limit}
    if filters.empty:
        return _found(db, _BEST.format(table="details_fts"), values)
    where, more = of_document(db, filters)
    return _found(db, _BY_DETAILS.format(where=where), values | more)


def scored(db: Database, table: Table, match: str) -> list[tuple[int, float]]:
    """Return (row, BM25) of every row of a search table that matches, by id.

    Passages of standard wording are left out.
    """
    stating = (
        "JOIN passages p ON p.id = passages_fts.rowid AND p.boilerplate = 0"
        if table is Table.PASSAGES
        else ""
    )
    sql = (
        f"SELECT {table}.rowid, -bm25({table}) FROM {table} {stating}"
        f" WHERE {table} MATCH :match ORDER BY {table}.rowid"
    )
    return _found(db, sql, {"match": match})


def _found(db: Database, sql: str, values: dict[str, Any]) -> list[Any]:
    return db.execute(sql, values).fetchall()


def by_names(db: Database, words: Sequence[str], filters: Filters) -> list[int]:
    """Return documents whose names (ref, coroner, area, recipients, ...) hold every word.

    At most 200, none before another: they are all lifted alike.
    """
    all_of = " AND ".join('"' + word.replace('"', "") + '"' for word in words)
    where, values = of_document(db, filters)
    rows = db.execute(
        "SELECT d.id FROM details_fts JOIN documents d ON d.id = details_fts.rowid"
        f" WHERE details_fts MATCH :match AND {where} ORDER BY d.id LIMIT 200",
        values | {"match": f"names : ({all_of})"},
    )
    return [row[0] for row in rows]


def by_ref(db: Database, ref: str, filters: Filters) -> list[int]:
    """Return the documents of a normalised ref (refs are not unique in the published rows)."""
    where, values = of_document(db, filters)
    rows = db.execute(
        f"SELECT d.id FROM documents d WHERE d.ref = :ref AND {where} ORDER BY d.id",
        values | {"ref": ref},
    )
    return [row[0] for row in rows]


def document_ids(db: Database, ids: Sequence[int], *, stating: bool = False) -> dict[int, int]:
    """Return the document of each passage; with `stating` boilerplate is left out."""
    rows = db.execute(
        "SELECT id, document_id FROM passages WHERE id IN (SELECT value FROM json_each(?))"
        + (" AND boilerplate = 0" if stating else ""),
        [json.dumps(list(ids))],
    )
    return dict(rows.fetchall())


def allowed(db: Database, filters: Filters) -> list[tuple[int, int]]:
    """Return (passage id, document id) of every passage that the filters let through."""
    where, values = of_passage(db, filters)
    rows = db.execute(
        "SELECT p.id, p.document_id FROM passages p JOIN documents d ON d.id = p.document_id"
        f" WHERE {where} ORDER BY p.id",
        values,
    )
    return [(row[0], row[1]) for row in rows]


def browse(db: Database, filters: Filters) -> list[tuple[int | None, int]]:
    """Return (passage id or None, document id), newest document first.

    Narrowed by theme or section, every such passage; otherwise each document once, by the first
    passage that states a matter, or None where only the published details are held.
    """
    if filters.theme is not None or filters.section is not None:
        where, values = of_passage(db, filters)
        sql = (
            "SELECT p.id, d.id FROM passages p JOIN documents d ON d.id = p.document_id"
            f" WHERE {where} ORDER BY d.date DESC NULLS LAST, d.docno, p.position"
        )
    else:
        where, values = of_document(db, filters)
        sql = (
            "SELECT (SELECT p.id FROM passages p WHERE p.document_id = d.id AND p.boilerplate = 0"
            f" ORDER BY p.section_kind NOT IN ({_MATTERS_SQL}), p.position LIMIT 1), d.id"
            f" FROM documents d WHERE {where} ORDER BY d.date DESC NULLS LAST, d.docno"
        )
    return [(row[0], row[1]) for row in db.execute(sql, values)]
