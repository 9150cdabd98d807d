"""Writing a document whole, reading it back, and removing it everywhere."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlite_utils import Database

from kb.documents import (
    Concern,
    Document,
    Kind,
    Origin,
    Party,
    Role,
    Section,
    SectionKind,
)
from kb.errors import NotHeld
from kb.refs import passage_key, text_hash
from kb.store import judgements, meta, records

OrganisationKey = Callable[[str], str]


def write_document(
    db: Database, document: Document, *, organisation_key: OrganisationKey
) -> list[tuple[str, str]]:
    """Write a document with everything that hangs on it, replacing an earlier version.

    Must run inside a transaction. What editors said of its passages' themes stands as long as the
    words do. Returns (text hash, text) of the passages that search needs a vector for.
    """
    earlier = db.execute(
        "SELECT id, version, text_sha256 FROM documents WHERE docno = ?", [document.docno]
    ).fetchone()
    if earlier:
        changed = earlier[2] != text_hash(document.text)
        if changed:
            _keep_version(db, earlier[0])
        _remove_rows(db, earlier[0])
    version = earlier[1] + changed if earlier else 1
    row_id = _write_row(db, document, row_id=earlier[0] if earlier else None, version=version)
    _write_parties(db, row_id, document.parties, organisation_key)
    _write_divisions(db, row_id, document)
    records.write(db, row_id, document)
    wanted = _write_passages(db, row_id, document)
    db.execute(
        "INSERT INTO details (document_id, names, matters) VALUES (?, ?, ?)",
        [row_id, _names(document), _matters(document)],
    )
    meta.next_generation(db)
    return wanted


def remove_document(db: Database, docno: str) -> None:
    """Remove a document from every table; unknown docnos are left in peace."""
    row = db.execute("SELECT id FROM documents WHERE docno = ?", [docno]).fetchone()
    if row:
        _remove_rows(db, row[0])
        db.execute("DELETE FROM contributions WHERE docno = ?", [docno])
        meta.next_generation(db)


def _keep_version(db: Database, row_id: int) -> None:
    db.execute(
        "INSERT OR REPLACE INTO versions SELECT docno, version, text, text_sha256, source, ?"
        " FROM documents WHERE id = ? AND text <> ''",
        [datetime.now(UTC).isoformat(timespec="seconds"), row_id],
    )


def _remove_rows(db: Database, row_id: int) -> None:
    # The search tables follow by trigger, so passages and details go by statements of their own:
    # a cascade from documents would also do, but would hide what is removed.
    for table in (
        "passages",
        "details",
        "sections",
        "concerns",
        "parties",
        "categories",
        "records",
        "doubts",
    ):
        db.execute(f"DELETE FROM {table} WHERE document_id = ?", [row_id])
    db.execute("DELETE FROM documents WHERE id = ?", [row_id])
    db.execute(
        "DELETE FROM organisations WHERE NOT EXISTS"
        " (SELECT 1 FROM parties WHERE parties.organisation_id = organisations.id)"
    )


def _write_row(db: Database, document: Document, *, row_id: int | None, version: int) -> int:
    values = {
        "id": row_id,
        "docno": document.docno,
        "version": version,
        "kind": document.kind,
        "title": document.title,
        "text": document.text,
        "text_sha256": text_hash(document.text),
        "origin": document.origin,
        "source": document.source,
        "pages": json.dumps(document.pages),
        "facts": json.dumps(dict(document.facts)),
        "claims": json.dumps(dict(document.claims)),
        "updated": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    for name in (
        "ref",
        "ref_written",
        "date",
        "coroner",
        "coroner_area",
        "url",
        "deceased",
        "licence",
        "digest",
    ):
        values[name] = getattr(document, name)
    columns = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    cursor = db.execute(f"INSERT INTO documents ({columns}) VALUES ({marks})", values)
    for category in dict.fromkeys(document.categories):
        db.execute("INSERT INTO categories VALUES (?, ?)", [cursor.lastrowid, category])
    return int(cursor.lastrowid or 0)


def _write_parties(
    db: Database, row_id: int, parties: Sequence[Party], organisation_key: OrganisationKey
) -> None:
    for position, party in enumerate(parties):
        key = organisation_key(party.name)
        db.execute(
            "INSERT INTO organisations (key, name) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
            [key, party.name],
        )
        db.execute(
            "INSERT INTO parties SELECT ?, ?, ?, ?, id, ?, ? FROM organisations WHERE key = ?",
            [row_id, position, party.role, party.written, party.start, party.end, key],
        )


def _write_divisions(db: Database, row_id: int, document: Document) -> None:
    db.conn.executemany(
        "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?)",
        (
            (row_id, position, s.kind, s.heading, s.start, s.end)
            for position, s in enumerate(document.sections)
        ),
    )
    db.conn.executemany(
        "INSERT INTO concerns VALUES (?, ?, ?, ?, ?)",
        (
            (row_id, position, c.number, c.start, c.end)
            for position, c in enumerate(document.concerns)
        ),
    )


def _write_passages(db: Database, row_id: int, document: Document) -> list[tuple[str, str]]:
    seen: dict[str, int] = {}
    wanted: list[tuple[str, str]] = []
    for position, passage in enumerate(document.passages):
        repeat = seen.get(passage.text, 0)
        seen[passage.text] = repeat + 1
        hashed = text_hash(passage.text)
        cursor = db.execute(
            "INSERT INTO passages (key, document_id, position, section, section_kind, start, end,"
            " text, text_sha256, label, page, boilerplate)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                passage_key(document.docno, passage.text, repeat),
                row_id,
                position,
                passage.section,
                document.sections[passage.section].kind,
                passage.start,
                passage.end,
                passage.text,
                hashed,
                passage.label,
                passage.page,
                int(passage.boilerplate),
            ],
        )
        db.conn.executemany(
            "INSERT INTO tags VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (cursor.lastrowid, t.theme, t.source, t.score, t.start, t.end, int(t.rejected))
                for t in passage.tags
            ),
        )
        if not passage.boilerplate:
            wanted.append((hashed, passage.text))
    written = db.execute("SELECT id FROM passages WHERE document_id = ?", [row_id])
    judgements.settle(db, [row[0] for row in written])
    return wanted


def _names(document: Document) -> str:
    facts = [
        document.title,
        document.ref,
        document.ref_written,
        document.coroner,
        document.coroner_area,
        document.deceased,
        *document.categories,
        *(party.written for party in document.parties if party.role is not Role.MENTIONED),
    ]
    return "\n".join(fact for fact in facts if fact)


def _matters(document: Document) -> str:
    """Return the words that the document is about: its concerns, else everything not of the form.

    Words over whole concern sections find documents whose concern is spread over passages.
    """
    about = {SectionKind.CONCERNS, SectionKind.RECOMMENDATIONS, SectionKind.ANSWER}
    kept = [p for p in document.passages if not p.boilerplate]
    chosen = [p for p in kept if document.sections[p.section].kind in about] or kept
    return "\n".join(p.text for p in chosen)


def read_document(db: Database, docno: str) -> Document:
    """Return a document without its passages (see `kb.store.passages`). Raises `NotHeld`."""
    rows = list(db.query("SELECT * FROM documents WHERE docno = ?", [docno]))
    if not rows:
        raise NotHeld(f"The library holds no document named '{docno}'.")
    row = rows[0]
    row_id = row.pop("id")
    for name in ("version", "text_sha256", "updated"):
        row.pop(name)
    row["kind"] = Kind(row["kind"])
    row["origin"] = Origin(row["origin"])
    row["pages"] = tuple(json.loads(row["pages"]))
    row["facts"] = json.loads(row["facts"])
    row["claims"] = json.loads(row["claims"])
    return Document(
        **row,
        **records.read(db, row_id),
        categories=tuple(_column(db, "category", "categories", row_id, order="category")),
        parties=tuple(
            Party(Role(r), w, n, s, e)
            for r, w, n, s, e in db.execute(
                "SELECT p.role, p.written, o.name, p.start, p.end FROM parties p"
                " JOIN organisations o ON o.id = p.organisation_id WHERE p.document_id = ?"
                " ORDER BY p.position",
                [row_id],
            )
        ),
        sections=tuple(
            Section(SectionKind(k), h, s, e)
            for k, h, s, e in db.execute(
                "SELECT kind, heading, start, end FROM sections WHERE document_id = ?"
                " ORDER BY position",
                [row_id],
            )
        ),
        concerns=tuple(
            Concern(n, s, e)
            for n, s, e in db.execute(
                "SELECT number, start, end FROM concerns WHERE document_id = ? ORDER BY position",
                [row_id],
            )
        ),
    )


def _column(db: Database, column: str, table: str, row_id: int, *, order: str) -> list[str]:
    rows = db.execute(
        f"SELECT {column} FROM {table} WHERE document_id = ? ORDER BY {order}", [row_id]
    )
    return [row[0] for row in rows]


def concern_texts(db: Database) -> dict[str, str]:
    """Return the words of all concerns of every report held with text, by docno."""
    rows = db.execute(
        "SELECT d.docno, group_concat(substr(d.text, c.start + 1, c.end - c.start), char(10))"
        " FROM concerns c JOIN documents d ON d.id = c.document_id"
        " WHERE d.kind = ? GROUP BY d.docno",
        [Kind.REPORT],
    )
    return dict(rows.fetchall())
