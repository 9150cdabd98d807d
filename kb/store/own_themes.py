"""Users' own themes as held, the book of all themes, and what tagging with them needs."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from sqlite_utils import Database

from kb.encoder import Vectors
from kb.errors import NotHeld, UsageError
from kb.own_themes import OwnTheme
from kb.store import judgements, meta
from kb.themes import TagSource, Theme, ThemeTag, themes


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A passage that may show a theme; `vector` None where it has none of the library's model."""

    id: int
    key: str
    text: str
    vector: Vectors | None


def every(db: Database) -> list[OwnTheme]:
    """Return the users' themes by name."""
    return [
        OwnTheme(
            **row | {name: tuple(json.loads(row[name])) for name in ("cues", "examples")},
        )
        for row in db.query("SELECT * FROM own_themes ORDER BY name COLLATE NOCASE")
    ]


def held(db: Database, key: str) -> OwnTheme:
    """Return one user's theme. Raises `NotHeld`."""
    for one in every(db):
        if one.key == key:
            return one
    raise NotHeld(f"The library holds no own theme '{key}'. 'pfdkb theme list' shows them.")


def book(db: Database) -> dict[str, Theme]:
    """Return all themes by key: the codebook's, then the users' own."""
    return {**themes(), **{one.key: one.theme() for one in every(db)}}


def keep(db: Database, own: OwnTheme) -> OwnTheme:
    """Write a new theme; return it as kept. The caller holds the transaction.

    Raises `UsageError` for a name that is taken, `NotHeld` for an example that is not held.
    """
    if db.execute("SELECT 1 FROM own_themes WHERE key = ?", [own.key]).fetchone():
        raise UsageError(
            f"There is an own theme of that name already ({own.key}). Choose another name, or "
            "remove the earlier one first."
        )
    for key in own.examples:
        if not db.execute("SELECT 1 FROM passages WHERE key = ?", [key]).fetchone():
            raise NotHeld(f"The library holds no passage '{key}' to take as an example.")
    kept = replace(own, at=datetime.now(UTC).isoformat(timespec="seconds"))
    db.execute(
        "INSERT INTO own_themes VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            *(kept.key, kept.name, kept.definition),
            *(json.dumps(kept.cues, ensure_ascii=False), json.dumps(kept.examples)),
            *(kept.who, kept.at),
        ],
    )
    return kept


def remove(db: Database, key: str) -> int:
    """Remove a user's theme with its tags and the judgements of them; return how many of these.

    Raises `NotHeld`.
    """
    held(db, key)
    with db.atomic():
        meta.tags_changed(db)
        db.execute("DELETE FROM own_themes WHERE key = ?", [key])
        db.execute("DELETE FROM tags WHERE theme = ?", [key])
        return db.execute("DELETE FROM judgements WHERE theme = ?", [key]).rowcount


def passages(db: Database, key: str) -> int:
    """Return how many passages show a theme now."""
    (count,) = db.execute(
        "SELECT count(DISTINCT passage_id) FROM tags WHERE theme = ? AND rejected = 0", [key]
    ).fetchone()
    return int(count)


def candidates(
    db: Database, fingerprint: str | None, *, docno: str | None = None
) -> Iterator[Candidate]:
    """Yield the passages of a document (None: of all) with their vectors, but no boilerplate."""
    rows = db.execute(
        "SELECT p.id, p.key, p.text, v.vector FROM passages p LEFT JOIN vectors v"
        " ON v.text_sha256 = p.text_sha256 AND v.fingerprint = :fingerprint"
        " WHERE p.boilerplate = 0 AND (:docno IS NULL OR p.document_id ="
        " (SELECT id FROM documents WHERE docno = :docno)) ORDER BY p.id",
        {"fingerprint": fingerprint, "docno": docno},
    )
    yield from (_candidate(row) for row in rows)


def examples(db: Database, keys: Sequence[str], fingerprint: str | None) -> list[Candidate]:
    """Return the passages of these keys that are held."""
    rows = db.execute(
        "SELECT p.id, p.key, p.text, v.vector FROM passages p LEFT JOIN vectors v"
        " ON v.text_sha256 = p.text_sha256 AND v.fingerprint = ?"
        " WHERE p.key IN (SELECT value FROM json_each(?)) ORDER BY p.id",
        [fingerprint, json.dumps(list(keys))],
    )
    return [_candidate(row) for row in rows]


def _candidate(row: tuple[int, str, str, bytes | None]) -> Candidate:
    id_, key, text, held_vector = row
    vector = None if held_vector is None else np.frombuffer(held_vector, dtype="<f4")
    return Candidate(id_, key, text, vector)


def write_tags(
    db: Database, key: str, tags: Iterable[tuple[int, ThemeTag]], *, docno: str | None = None
) -> None:
    """Put the tags of an own theme (by passage) in the place of a document's, or (None) of all.

    Editors' words stand. The caller holds the transaction.
    """
    db.execute(
        "DELETE FROM tags WHERE theme = :theme AND source <> :editor AND (:docno IS NULL"
        " OR passage_id IN (SELECT p.id FROM passages p JOIN documents d ON d.id = p.document_id"
        " WHERE d.docno = :docno))",
        {"theme": key, "editor": TagSource.EDITOR, "docno": docno},
    )
    found = list(tags)
    db.conn.executemany(
        "INSERT INTO tags VALUES (?, ?, ?, ?, ?, ?, 0)",
        ((at, t.theme, t.source, t.score, t.start, t.end) for at, t in found),
    )
    judgements.settle(db, [at for at, _ in found])
