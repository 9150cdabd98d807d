"""Finding passages by words and by filter, and loading what a hit must carry."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from kb.documents import Kind, Origin, SectionKind
from kb.errors import NotHeld
from kb.queries import FacetValue, Filters
from kb.store import own_themes
from kb.store.filters import STANDING, as_role, of_document, of_passage
from kb.themes import TagSource, ThemeTag

MATTERS = (SectionKind.CONCERNS, SectionKind.RECOMMENDATIONS, SectionKind.ANSWER)
_MATTERS_SQL = ",".join(f"'{kind}'" for kind in MATTERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """The details of a document that a list shows."""

    id: int
    docno: str
    kind: Kind
    title: str
    date: str | None
    ref: str | None
    coroner: str | None
    coroner_area: str | None
    url: str | None
    source: str
    origin: Origin
    organisations: tuple[str, ...]
    """Who stands in a role to it; not those whom its text only names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageRow:
    """A passage as held, with its tags; offsets count in the document's text."""

    id: int
    key: str
    document_id: int
    position: int
    section: int
    section_kind: SectionKind
    heading: str
    start: int
    end: int
    text: str
    label: str | None
    page: int | None
    boilerplate: bool
    tags: tuple[ThemeTag, ...]


def by_words(
    db: Database, match: str, filters: Filters, *, limit: int, since: int = 0
) -> list[tuple[int, int, float]]:
    """Return (passage id, document id, BM25) of the best passages; larger is better.

    A `limit` of -1 means all. Passages of an id under `since` are not looked at.
    """
    if not match:
        return []
    values = {"match": match, "since": since, "limit": limit}
    if not filters.empty or limit < 0:
        where, more = of_passage(db, filters)
        return _found(db, _BY_WORDS.format(where=where), values | more)
    deep = limit
    while True:  # the search table also holds boilerplate, so more may have to be asked for
        deep *= 2
        rows = db.execute(_BEST.format(table="passages_fts"), values | {"limit": deep}).fetchall()
        found = _found(db, _STATING, {"rows": json.dumps(rows), "limit": limit})
        if len(found) == limit or len(rows) < deep:
            return found


_BEST = (
    "SELECT rowid, -rank FROM {table} WHERE {table} MATCH :match AND rowid >= :since"
    " ORDER BY rank LIMIT :limit"
)
_STATING = (
    "SELECT p.id, p.document_id, r.value ->> 1 AS score FROM json_each(:rows) r"
    " JOIN passages p ON p.id = r.value ->> 0 WHERE p.boilerplate = 0"
    " ORDER BY score DESC, p.id LIMIT :limit"
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


def _found(db: Database, sql: str, values: dict[str, Any]) -> list[Any]:
    return db.execute(sql, values).fetchall()


def by_names(db: Database, words: Sequence[str], filters: Filters) -> list[int]:
    """Return documents whose names (ref, coroner, area, recipients, ...) hold every word."""
    all_of = " AND ".join('"' + word.replace('"', "") + '"' for word in words)
    where, values = of_document(db, filters)
    rows = db.execute(
        "SELECT d.id FROM details_fts JOIN documents d ON d.id = details_fts.rowid"
        f" WHERE details_fts MATCH :match AND {where} ORDER BY rank, d.id LIMIT 200",
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


def document_ids(db: Database, ids: Sequence[int]) -> dict[int, int]:
    """Return the document of each passage."""
    rows = db.execute(
        "SELECT id, document_id FROM passages WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps(list(ids))],
    )
    return dict(rows.fetchall())


def reports_among(db: Database, ids: Iterable[int]) -> frozenset[int]:
    """Return which of the documents are reports, and so raise concerns themselves."""
    rows = db.execute(
        "SELECT id FROM documents WHERE id IN (SELECT value FROM json_each(?)) AND kind = ?",
        [json.dumps(list(ids)), Kind.REPORT],
    )
    return frozenset(row[0] for row in rows)


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


def documents_of(db: Database, ids: Iterable[int]) -> dict[int, DocumentRow]:
    """Return document details by id."""
    wanted = json.dumps(list(ids))
    names: dict[int, list[str]] = {}
    for document_id, name in db.execute(
        "SELECT y.document_id, o.name FROM parties y JOIN organisations o"
        " ON o.id = y.organisation_id WHERE y.document_id IN (SELECT value FROM json_each(?))"
        f" AND {STANDING} ORDER BY y.document_id, y.position",
        [wanted],
    ):
        names.setdefault(document_id, []).append(name)
    rows = db.query(
        "SELECT id, docno, kind, title, date, ref, coroner, coroner_area, url, source, origin"
        " FROM documents WHERE id IN (SELECT value FROM json_each(?))",
        [wanted],
    )
    return {
        row["id"]: DocumentRow(
            **row
            | {
                "kind": Kind(row["kind"]),
                "origin": Origin(row["origin"]),
                "organisations": tuple(dict.fromkeys(names.get(row["id"], ()))),
            }
        )
        for row in rows
    }


def passages_by_id(db: Database, ids: Iterable[int]) -> dict[int, PassageRow]:
    """Return passages by id."""
    rows = _passages(db, "p.id IN (SELECT value FROM json_each(?))", json.dumps(list(ids)))
    return {row.id: row for row in rows}


def passages_of(db: Database, docno: str) -> list[PassageRow]:
    """Return a document's passages in reading order."""
    return _passages(db, "p.document_id = (SELECT id FROM documents WHERE docno = ?)", docno)


def passages_by_key(db: Database, keys: Sequence[str]) -> list[PassageRow]:
    """Return passages by their stable keys, in the order asked; unknown keys are left out."""
    rows = _passages(db, "p.key IN (SELECT value FROM json_each(?))", json.dumps(list(keys)))
    held = {row.key: row for row in rows}
    return [held[key] for key in keys if key in held]


def passage(db: Database, key: str) -> PassageRow:
    """Return one passage. Raises `NotHeld`."""
    rows = passages_by_key(db, [key])
    if not rows:
        raise NotHeld("The library does not hold that passage. Its document may have changed.")
    return rows[0]


def _passages(db: Database, where: str, value: str) -> list[PassageRow]:
    rows = list(
        db.query(
            "SELECT p.id, p.key, p.document_id, p.position, p.section, p.section_kind, s.heading,"
            " p.start, p.end, p.text, p.label, p.page, p.boilerplate FROM passages p"
            " JOIN sections s ON s.document_id = p.document_id AND s.position = p.section"
            f" WHERE {where} ORDER BY p.document_id, p.position",
            [value],
        )
    )
    tags = tags_of(db, [row["id"] for row in rows])
    return [
        PassageRow(
            **row
            | {
                "section_kind": SectionKind(row["section_kind"]),
                "boilerplate": bool(row["boilerplate"]),
                "tags": tags.get(row["id"], ()),
            }
        )
        for row in rows
    ]


def tags_of(db: Database, ids: Iterable[int]) -> dict[int, tuple[ThemeTag, ...]]:
    """Return the standing tags of passages, most central first; each theme once.

    An editor's tag of a theme stands for the software's.
    """
    found: dict[int, dict[str, ThemeTag]] = {}
    for passage_id, theme, source, score, start, end in db.execute(
        "SELECT passage_id, theme, source, score, start, end FROM tags WHERE rejected = 0"
        " AND passage_id IN (SELECT value FROM json_each(?))"
        " ORDER BY passage_id, score DESC, theme, source <> ?",
        [json.dumps(list(ids)), TagSource.EDITOR],
    ):
        tag = ThemeTag(theme=theme, source=TagSource(source), score=score, start=start, end=end)
        of_passage = found.setdefault(passage_id, {})
        if theme not in of_passage or tag.source is TagSource.EDITOR:
            of_passage[theme] = tag
    return {key: tuple(value.values()) for key, value in found.items()}


_FACETS: Mapping[str, str] = {
    "kind": "SELECT d.kind, count(*) FROM documents d WHERE d.id IN hits GROUP BY 1",
    "organisation": "SELECT o.name, count(DISTINCT y.document_id) FROM parties y"
    " JOIN organisations o ON o.id = y.organisation_id WHERE y.document_id IN hits"
    " AND {role} GROUP BY 1",
    "year": "SELECT substr(d.date, 1, 4), count(*) FROM documents d"
    " WHERE d.id IN hits AND d.date IS NOT NULL GROUP BY 1",
    "area": "SELECT d.coroner_area, count(*) FROM documents d"
    " WHERE d.id IN hits AND d.coroner_area IS NOT NULL GROUP BY 1",
    "category": "SELECT c.category, count(DISTINCT c.document_id) FROM categories c"
    " WHERE c.document_id IN hits GROUP BY 1",
}


def facets(
    db: Database,
    *,
    passage_ids: Sequence[int],
    document_ids: Sequence[int],
    role: str | None = None,
    top: int = 12,
) -> dict[str, tuple[FacetValue, ...]]:
    """Return, for each facet, its commonest values with counts of distinct documents.

    Themes are counted over the passages found, everything else over their documents. Years stand
    newest first, all others by count. Organisations count in a role, or in all but mentioned.
    """
    condition, values = as_role(role)
    hits = {"hits": json.dumps(list(document_ids)), **values}
    out: dict[str, tuple[FacetValue, ...]] = {"theme": _theme_facet(db, passage_ids)[:top]}
    for name, sql in _FACETS.items():
        rows = db.execute(
            "WITH hits(id) AS (SELECT value FROM json_each(:hits)) " + sql.format(role=condition),
            hits,
        ).fetchall()
        if name == "year":
            rows.sort(reverse=True)
        else:
            rows.sort(key=lambda row: (-row[1], row[0]))
        out[name] = tuple(
            FacetValue(value, Kind(value).label if name == "kind" else value, count)
            for value, count in (rows if name == "year" else rows[:top])
        )
    return out


def _theme_facet(db: Database, passage_ids: Sequence[int]) -> tuple[FacetValue, ...]:
    rows = db.execute(
        "SELECT t.theme, count(DISTINCT p.document_id) AS n FROM tags t"
        " JOIN passages p ON p.id = t.passage_id WHERE t.rejected = 0"
        " AND t.passage_id IN (SELECT value FROM json_each(?)) GROUP BY 1 ORDER BY n DESC, 1",
        [json.dumps(list(passage_ids))],
    )
    book = own_themes.book(db)
    return tuple(FacetValue(key, book[key].name, n) for key, n in rows if key in book)
