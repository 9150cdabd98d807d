"""The ledger: every source ends in exactly one of done or failed-with-reason."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """How a source ended. `reason` is a short key and `detail` the advice, None when done."""

    key: str
    source: str
    docno: str | None
    sha256: str | None
    recipe: str
    state: str
    reason: str | None = None
    detail: str | None = None
    at: str = ""


def record(db: Database, entry: Entry) -> None:
    """Write a source's ending, replacing an earlier one."""
    db.execute(
        "INSERT OR REPLACE INTO ledger (key, source, docno, sha256, recipe, state, reason, detail,"
        " at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            entry.key,
            entry.source,
            entry.docno,
            entry.sha256,
            entry.recipe,
            entry.state,
            entry.reason,
            entry.detail,
            entry.at or datetime.now(UTC).isoformat(timespec="seconds"),
        ],
    )


def entries(db: Database, *, state: str | None = None) -> list[Entry]:
    """Return the ledger in order of key, or only the rows of one state."""
    where = "WHERE state = ?" if state else ""
    rows = db.query(f"SELECT * FROM ledger {where} ORDER BY key", [state] if state else None)
    return [Entry(**row) for row in rows]


def by_key(db: Database) -> dict[str, Entry]:
    """Return every ending by the key of its source."""
    return {entry.key: entry for entry in entries(db)}
