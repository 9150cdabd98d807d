"""Organisations by their roles: how many documents of each, and which. Documents, never rows."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from kb.documents import Kind, Role, SectionKind
from kb.errors import NotHeld
from kb.store.across import know_groupings
from kb.store.filters import as_role

_LONG_QUOTE = 90


@dataclass(frozen=True, slots=True)
class OrganisationCount:
    """An organisation and the number of distinct documents in which it has each role."""

    name: str
    counts: dict[Role, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A document in which an organisation has a role.

    `words` quotes where the text first names a body that is only mentioned, and `passage` is the
    key of the passage that holds it, in its section; all are None in the other roles.
    """

    docno: str
    kind: Kind
    title: str
    date: str | None
    ref: str | None
    words: str | None = None
    passage: str | None = None
    section: SectionKind | None = None


def organisation_counts(
    db: Database,
    *,
    role: Role,
    part: str = "",
    body: str | None = None,
    limit: int | None = 100,
    offset: int = 0,
) -> tuple[list[OrganisationCount], int]:
    """Return the organisations that have a role, by name and never by number, and how many.

    `part` keeps those whose name contains it, in whatever case, `body` those of a kind (a key of
    `kb.kinds.KINDS`). `limit` None returns all.
    """
    know_groupings(db)
    values = {
        "role": str(role),
        "part": part,
        "body": body,
        "limit": -1 if limit is None else limit,
        "offset": offset,
    }
    having = (
        "o.id IN (SELECT y.organisation_id FROM parties y WHERE y.role = :role)"
        " AND (:part = '' OR instr(lower(o.name), lower(:part)))"
        " AND (:body IS NULL OR kind_of(o.name) = :body)"
    )
    counts = ", ".join(
        f"count(DISTINCT CASE WHEN y.role = '{one}' THEN y.document_id END) AS {one}"
        for one in Role
    )
    rows = db.query(
        f"SELECT o.name, {counts} FROM organisations o JOIN parties y ON y.organisation_id = o.id"
        f" WHERE {having} GROUP BY o.id ORDER BY lower(o.name), o.name LIMIT :limit OFFSET :offset",
        values,
    )
    total = db.execute(f"SELECT count(*) FROM organisations o WHERE {having}", values)
    found = [OrganisationCount(row["name"], {one: row[one] for one in Role}) for row in rows]
    return found, int(total.fetchone()[0])


def organisation_count(db: Database, name: str) -> OrganisationCount:
    """Return one organisation by its exact name, in whatever case. Raises `NotHeld`."""
    rows = db.execute(
        "SELECT o.name, y.role, count(DISTINCT y.document_id) FROM organisations o"
        " JOIN parties y ON y.organisation_id = o.id WHERE o.name = ? COLLATE NOCASE GROUP BY 1, 2",
        [name],
    ).fetchall()
    if not rows:
        raise NotHeld(f"No document held here names an organisation '{name}'.")
    counts = {Role(role): count for _, role, count in rows}
    return OrganisationCount(rows[0][0], {role: counts.get(role, 0) for role in Role})


def standings(db: Database, name: str, role: Role, *, limit: int) -> list[Standing]:
    """Return the documents in which an organisation has a role, the newest first."""
    condition, values = as_role(role)
    rows = db.query(
        "SELECT d.docno, d.kind, d.title, d.date, d.ref, d.text, y.start, y.end,"
        " p.key AS passage, p.section_kind"
        " FROM parties y JOIN documents d ON d.id = y.document_id"
        " LEFT JOIN passages p ON p.document_id = d.id AND p.start <= y.start AND y.end <= p.end"
        " JOIN organisations o ON o.id = y.organisation_id"
        f" WHERE o.name = :name COLLATE NOCASE AND {condition} GROUP BY d.id"
        " ORDER BY d.date DESC NULLS LAST, d.docno LIMIT :limit",
        values | {"name": name, "limit": limit},
    )
    return [
        Standing(
            docno=row["docno"],
            kind=Kind(row["kind"]),
            title=row["title"],
            date=row["date"],
            ref=row["ref"],
            words=None if row["start"] is None else _quoted(row["text"], row["start"], row["end"]),
            passage=row["passage"],
            section=SectionKind(row["section_kind"]) if row["section_kind"] else None,
        )
        for row in rows
    ]


def mentioned_in(
    db: Database, docnos: Iterable[str], *, part: str = ""
) -> dict[str, list[tuple[str, str | None]]]:
    """Return whom documents only name and the key of the passage that does so first, by docno.

    `part` keeps those whose name contains it, in whatever case.
    """
    found: dict[str, list[tuple[str, str | None]]] = {}
    for docno, name, key in db.execute(
        "SELECT d.docno, o.name, p.key FROM parties y JOIN documents d ON d.id = y.document_id"
        " JOIN organisations o ON o.id = y.organisation_id"
        " LEFT JOIN passages p ON p.document_id = d.id AND p.start <= y.start AND y.end <= p.end"
        " WHERE y.role = 'mentioned' AND d.docno IN (SELECT value FROM json_each(:docnos))"
        " AND (:part = '' OR instr(lower(o.name), lower(:part))) ORDER BY d.id, y.position",
        {"docnos": json.dumps(list(docnos)), "part": part},
    ):
        found.setdefault(docno, []).append((name, key))
    return found


def _quoted(text: str, start: int, end: int) -> str:
    """Return a name with what stands around it in its paragraph, cut at whole words."""
    before = text[max(0, start - _LONG_QUOTE) : start].rpartition("\n\n")[2]
    after = text[end : end + _LONG_QUOTE].partition("\n\n")[0]
    if start - len(before) > 0 and len(before) == _LONG_QUOTE:
        before = "…" + before.partition(" ")[2]
    if end + len(after) < len(text) and len(after) == _LONG_QUOTE:
        after = after.rpartition(" ")[0] + "…"
    return " ".join(f"{before}{text[start:end]}{after}".split())
