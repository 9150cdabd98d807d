"""Single facts about the library: its generation and what the index was built from."""

import json
from typing import Any

from sqlite_utils import Database


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


def next_generation(db: Database) -> None:
    """Say that the passages have changed, so that caches of them are stale."""
    put(db, "generation", generation(db) + 1)


def tags_changed(db: Database) -> None:
    """Say that theme tags have changed, so that caches of them are stale."""
    put(db, "tags", int(get(db, "tags") or 0) + 1)


def state(db: Database) -> tuple[int, int]:
    """Return two numbers that tell states of the library apart: its documents, and their tags."""
    return generation(db), int(get(db, "tags") or 0)
