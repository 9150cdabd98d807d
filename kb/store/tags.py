"""Theme tags as held: a tagger's can be replaced; what editors said of them stands."""

from collections.abc import Iterator, Mapping, Sequence
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


def text_at(db: Database, docno: str, start: int, length: int) -> str | None:
    """Return words of a document's text by their place; None where it is not held."""
    row = db.execute(
        "SELECT substr(text, ?, ?) FROM documents WHERE docno = ?", [start + 1, length, docno]
    ).fetchone()
    return row[0] if row else None
