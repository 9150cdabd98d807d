"""What each source says of a document, before sources are merged."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlite_utils import Database

from kb.documents import Draft, Origin, Part, SectionKind
from kb.store.documents import remove_document


def write_contribution(db: Database, draft: Draft) -> None:
    """Keep what a source says of a document, replacing what the same kind of source said."""
    db.execute(
        "INSERT OR REPLACE INTO contributions VALUES (?, ?, ?, ?)",
        [draft.docno, draft.origin, draft.key, json.dumps(asdict(draft))],
    )


def contributions(db: Database, docno: str) -> list[Draft]:
    """Return what each source says of a document, in order of preference."""
    rows = db.execute("SELECT payload FROM contributions WHERE docno = ?", [docno])
    drafts = [_draft(json.loads(row[0])) for row in rows]
    return sorted(drafts, key=lambda draft: list(Origin).index(draft.origin))


def file_of_docno(db: Database, docno: str) -> str | None:
    """Return the ledger key of the file that a docno belongs to, None if it belongs to none."""
    row = db.execute(
        "SELECT key FROM contributions WHERE docno = ? AND origin = ?", [docno, Origin.FILE]
    ).fetchone()
    return row[0] if row else None


def withdraw(db: Database, docno: str, key: str) -> None:
    """Take back what one source said of a document; the last one takes the document with it."""
    db.execute("DELETE FROM contributions WHERE docno = ? AND key = ?", [docno, key])
    if not contributions(db, docno):
        remove_document(db, docno)


def _draft(raw: Mapping[str, Any]) -> Draft:
    parts = tuple(Part(SectionKind(p["kind"]), p["heading"], p["text"]) for p in raw["parts"])
    fields = {k: tuple(v) if isinstance(v, list) else v for k, v in raw["fields"].items()}
    return Draft(
        key=raw["key"],
        docno=raw["docno"],
        origin=Origin(raw["origin"]),
        source=raw["source"],
        sha256=raw["sha256"],
        parts=parts,
        pages=tuple(raw["pages"]),
        fields=fields,
    )
