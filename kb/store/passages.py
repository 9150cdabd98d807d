"""Loading passages and the details of their documents: what a hit must carry."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from kb.documents import Kind, Origin, SectionKind
from kb.errors import NotHeld
from kb.store.filters import STANDING
from kb.themes import TagSource, ThemeTag


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
