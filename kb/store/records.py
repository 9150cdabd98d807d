"""What documents state beyond their passages: actions, recommendations, tables, doubts."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from kb.documents import Document, Doubt
from kb.records import Action, Claim, Recommendation, Table


def write(db: Database, document_id: int, document: Document) -> None:
    """Write a document's records and doubts; the caller holds the transaction."""
    stated = (
        ("action", [asdict(one) for one in document.actions]),
        ("recommendation", [asdict(one) for one in document.recommendations]),
        ("table", [asdict(one) for one in document.tables]),
    )
    for kind, values in stated:
        db.conn.executemany(
            "INSERT INTO records VALUES (?, ?, ?, ?)",
            (
                (document_id, kind, at, json.dumps(value, ensure_ascii=False))
                for at, value in enumerate(values)
            ),
        )
    db.conn.executemany(
        "INSERT INTO doubts VALUES (?, ?, ?, ?, ?)",
        (
            (document_id, at, doubt.field, doubt.words, doubt.reason)
            for at, doubt in enumerate(document.doubts)
        ),
    )


def read(db: Database, document_id: int) -> dict[str, Any]:
    """Return a document's records and doubts by the names of its fields."""
    found: dict[str, list[Any]] = {"action": [], "recommendation": [], "table": []}
    for kind, payload in db.execute(
        "SELECT kind, payload FROM records WHERE document_id = ? ORDER BY kind, position",
        [document_id],
    ):
        found[kind].append(_READERS[kind](json.loads(payload)))
    doubts = db.execute(
        "SELECT field, words, reason FROM doubts WHERE document_id = ? ORDER BY position",
        [document_id],
    )
    return {
        "actions": tuple(found["action"]),
        "recommendations": tuple(found["recommendation"]),
        "tables": tuple(found["table"]),
        "doubts": tuple(Doubt(*row) for row in doubts),
    }


def _claim(raw: dict[str, Any] | None) -> Claim | None:
    return Claim(**raw) if raw else None


_CLAIMS = ("status", "owner", "due", "completed", "evidence", "wording", "reviewed", "as_of")


def _action(raw: dict[str, Any]) -> Action:
    claims = {name: _claim(raw[name]) for name in _CLAIMS}
    figures = tuple(Claim(**one) for one in raw["figures"])
    return Action(**raw | claims | {"figures": figures})


def _recommendation(raw: dict[str, Any]) -> Recommendation:
    claims = {name: _claim(raw[name]) for name in ("wording", "update")}
    actions = tuple(_action(one) for one in raw["actions"])
    return Recommendation(**raw | claims | {"actions": actions})


def _table(raw: dict[str, Any]) -> Table:
    rows = tuple(tuple(row) for row in raw["rows"])
    return Table(**raw | {"header": tuple(raw["header"]), "rows": rows})


_READERS = {"action": _action, "recommendation": _recommendation, "table": _table}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An editor's word on one field of one document: what, who, why, when."""

    docno: str
    field: str
    value: str
    who: str
    why: str
    at: str = ""


def write_correction(db: Database, correction: Correction) -> None:
    """Keep a correction, replacing an earlier one of the same field."""
    at = correction.at or datetime.now(UTC).isoformat(timespec="seconds")
    db.execute(
        "INSERT OR REPLACE INTO corrections VALUES (?, ?, ?, ?, ?, ?)",
        [correction.docno, correction.field, correction.value, correction.who, correction.why, at],
    )


def corrections(db: Database, docno: str | None = None) -> list[Correction]:
    """Return the corrections of a document, or all of them."""
    where = "WHERE docno = ?" if docno else ""
    rows = db.query(
        f"SELECT * FROM corrections {where} ORDER BY docno, field", [docno] if docno else None
    )
    return [Correction(**row) for row in rows]


def versions(db: Database, docno: str) -> list[tuple[int, str, str]]:
    """Return (version, source, when it was replaced) of a document's earlier texts."""
    rows = db.execute(
        "SELECT version, source, replaced FROM versions WHERE docno = ? ORDER BY version", [docno]
    )
    return [(row[0], row[1], row[2]) for row in rows]


def earlier_text(db: Database, docno: str, version: int) -> str | None:
    """Return the text that a document had in an earlier version, None if it is not held."""
    row = db.execute(
        "SELECT text FROM versions WHERE docno = ? AND version = ?", [docno, version]
    ).fetchone()
    return row[0] if row else None


def replace_likenesses(db: Database, pairs: Iterable[tuple[str, str, float]]) -> None:
    """Store which documents say nearly the same, in one transaction; each pair once."""
    with db.atomic():
        db.execute("DELETE FROM likenesses")
        for one, other, share in pairs:
            db.execute("INSERT INTO likenesses VALUES (?, ?, ?)", [one, other, share])
            db.execute("INSERT INTO likenesses VALUES (?, ?, ?)", [other, one, share])


def like(db: Database, docno: str) -> list[tuple[str, float]]:
    """Return the documents that say nearly the same as this one, the likest first."""
    rows = db.execute(
        "SELECT other, share FROM likenesses WHERE docno = ? ORDER BY share DESC, other", [docno]
    )
    return [(row[0], row[1]) for row in rows]
