"""Single facts about the library: its generation and what the index was built from."""

import json
from typing import Any

from sqlite_utils import Database

State = tuple[tuple[str, str], ...]


def get(db: Database, key: str) -> Any:
    """Return the value kept under a key, or None."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", [key]).fetchone()
    return None if row is None else json.loads(row[0])


def put(db: Database, key: str, value: Any) -> None:
    """Keep a JSON value under a key."""
    db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", [key, json.dumps(value)])


def generation(db: Database) -> int:
    """Return a number that grows whenever a document is written or removed."""
    return int(get(db, "generation") or 0)


def edition(db: Database) -> State:
    """Return what tells the documents held apart from those of any other library or time."""
    rows = db.execute(
        "SELECT key, value FROM meta WHERE key IN ('generation', 'library') ORDER BY key"
    )
    return tuple((row[0], row[1]) for row in rows)


def next_generation(db: Database) -> None:
    """Say that the passages have changed, so that caches of them are stale."""
    put(db, "generation", generation(db) + 1)


def tags_changed(db: Database) -> None:
    """Say that theme tags have changed, so that caches of them are stale."""
    put(db, "tags", int(get(db, "tags") or 0) + 1)


def state(db: Database) -> State:
    """Return what tells states of a library apart: its documents, their tags, judged points."""
    rows = db.execute(
        "SELECT key, value FROM meta WHERE key IN ('generation', 'library', 'points', 'tags')"
        " ORDER BY key"
    )
    return tuple((row[0], row[1]) for row in rows)


def points_changed(db: Database) -> None:
    """Say that points of concern have been judged, so that caches of them are stale."""
    put(db, "points", int(get(db, "points") or 0) + 1)
