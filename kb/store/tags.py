"""Theme tags as held: a tagger's can be replaced; what editors said of them stands."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from kb.documents import Kind, SectionKind
from kb.store import judgements
from kb.themes import OWN, TagSource, ThemeTag


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPassage:
    """A passage as a tagger needs it."""

    id: int
    text: str
    kind: Kind
    section: SectionKind
    boilerplate: bool


def passages_to_tag(db: Database, *, size: int) -> Iterator[list[HeldPassage]]:
    """Yield every passage held, in the order of their ids, at most `size` at a time."""
    last = 0
    while rows := db.execute(
        "SELECT p.id, p.text, d.kind, p.section_kind, p.boilerplate FROM passages p"
        " JOIN documents d ON d.id = p.document_id WHERE p.id > ? ORDER BY p.id LIMIT ?",
        [last, size],
    ).fetchall():
        yield [
            HeldPassage(
                id=row[0],
                text=row[1],
                kind=Kind(row[2]),
                section=SectionKind(row[3]),
                boilerplate=bool(row[4]),
            )
            for row in rows
        ]
        last = rows[-1][0]


def replace_tags(db: Database, tags: Mapping[int, Sequence[ThemeTag]]) -> None:
    """Put a tagger's tags of passages (by id) in the place of earlier ones.

    Editors' words outrank them, and tags of users' own themes are not a tagger's. The caller holds
    the transaction.
    """
    for passage, found in tags.items():
        db.execute(
            "DELETE FROM tags WHERE passage_id = ? AND source <> ? AND theme NOT LIKE ?",
            [passage, TagSource.EDITOR, f"{OWN}%"],
        )
        for tag in found:
            db.execute(
                "INSERT INTO tags (passage_id, theme, source, score, start, end)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [passage, tag.theme, tag.source, tag.score, tag.start, tag.end],
            )
    judgements.settle(db, list(tags))


def show_themes(db: Database, ids: Iterable[int], asked: Mapping[str, float]) -> dict[int, float]:
    """Return how far documents (by id) show the themes asked for, 0..1; the others are left out.

    `asked` weighs each theme 0..1. A document counts by the passage that shows one most surely.
    """
    rows = db.execute(
        # CROSS JOIN and the plus hold SQLite to this order: it would read all tags of each theme.
        "SELECT p.document_id, t.theme, max(t.score) FROM passages p"
        " CROSS JOIN tags t ON t.passage_id = p.id AND NOT t.rejected"
        " AND +t.theme IN (SELECT value FROM json_each(:themes))"
        " WHERE p.document_id IN (SELECT value FROM json_each(:ids)) GROUP BY 1, 2",
        {"ids": json.dumps(list(ids)), "themes": json.dumps(list(asked))},
    )
    shown: dict[int, float] = {}
    for document, theme, score in rows:
        shown[document] = max(shown.get(document, 0.0), score * asked[theme])
    return shown


def text_at(db: Database, docno: str, start: int, length: int) -> str | None:
    """Return words of a document's text by their place; None where it is not held."""
    row = db.execute(
        "SELECT substr(text, ?, ?) FROM documents WHERE docno = ?", [start + 1, length, docno]
    ).fetchone()
    return row[0] if row else None
