"""Which passages and documents hold given words, and in how many documents each word stands."""

import re
from collections import Counter
from enum import StrEnum

from sqlite_utils import Database

_LETTERS = re.compile(r"[^\W\d_]{4,}")


class Table(StrEnum):
    """The search tables; a row of each is a passage, or a document's details."""

    PASSAGES = "passages_fts"
    DETAILS = "details_fts"


_ROWS = {Table.PASSAGES: "passages", Table.DETAILS: "documents"}


def size(db: Database, table: Table) -> tuple[int, int]:
    """Return how many rows a search table has, and the last one's id (0 where there are none)."""
    rows, last = db.execute(f"SELECT count(*), max(id) FROM {_ROWS[table]}").fetchone()
    return rows, last or 0


def rows_holding(db: Database, table: Table, match: str) -> int:
    """Return how many rows of a search table match an FTS5 query."""
    sql = f"SELECT count(*) FROM {table} WHERE {table} MATCH ?"
    (found,) = db.execute(sql, [match]).fetchone()
    return int(found)


def passages_holding(db: Database, match: str) -> frozenset[int]:
    """Return the passages that match an FTS5 query."""
    rows = db.execute("SELECT rowid FROM passages_fts WHERE passages_fts MATCH ?", [match])
    return frozenset(row[0] for row in rows)


def documents_holding(db: Database, match: str) -> frozenset[int]:
    """Return the documents that match an FTS5 query in a passage or in their details."""
    rows = db.execute(
        "SELECT document_id FROM passages WHERE id IN"
        " (SELECT rowid FROM passages_fts WHERE passages_fts MATCH :match)"
        " UNION SELECT rowid FROM details_fts WHERE details_fts MATCH :match",
        {"match": match},
    )
    return frozenset(row[0] for row in rows)


def stand(db: Database, match: str) -> bool:
    """Tell whether anything, a passage or a document's details, matches an FTS5 query."""
    (found,) = db.execute(
        "SELECT EXISTS (SELECT 1 FROM passages_fts WHERE passages_fts MATCH :match)"
        " OR EXISTS (SELECT 1 FROM details_fts WHERE details_fts MATCH :match)",
        {"match": match},
    ).fetchone()
    return bool(found)


def counts(db: Database) -> Counter[str]:
    """Return each word of four letters or more with the number of documents whose passages hold it.

    The search table itself cannot say: it keeps stems, and nobody writes "coordin".
    """
    found: Counter[str] = Counter()
    document, words = None, set[str]()
    for current, text in db.execute(
        "SELECT document_id, text FROM passages WHERE boilerplate = 0 ORDER BY document_id"
    ):
        if current != document:
            found.update(words)
            document, words = current, set()
        words.update(_LETTERS.findall(text.lower()))
    found.update(words)
    return found
