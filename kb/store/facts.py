"""What counting needs to know of passages and documents: read for many at once."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from kb.documents import Role


@dataclass(frozen=True, slots=True)
class PassageFacts:
    """A passage's document, whether it is standard wording, and its standing themes, each once."""

    document: int
    boilerplate: bool
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A document's kind, year and coroner area (None: unknown), categories, parties and themes.

    `parties` are (role, name of the organisation), each once, `standing` the names of those in any
    role but mentioned; `themes` has for each theme the highest score of the document's passages.
    """

    kind: str
    year: str | None
    area: str | None
    categories: tuple[str, ...]
    parties: tuple[tuple[str, str], ...]
    standing: tuple[str, ...]
    themes: Mapping[str, float]


def of_passages(db: Database, ids: Iterable[int]) -> dict[int, PassageFacts]:
    """Return the facts of passages by id; ids that are not held are left out."""
    wanted = json.dumps(list(ids))
    themes: dict[int, list[str]] = defaultdict(list)
    for passage, theme in db.execute(
        "SELECT DISTINCT passage_id, theme FROM tags WHERE rejected = 0"
        " AND passage_id IN (SELECT value FROM json_each(?))",
        [wanted],
    ):
        themes[passage].append(theme)
    return {
        passage: PassageFacts(document, bool(boilerplate), tuple(themes.get(passage, ())))
        for passage, document, boilerplate in db.execute(
            "SELECT id, document_id, boilerplate FROM passages"
            " WHERE id IN (SELECT value FROM json_each(?))",
            [wanted],
        )
    }


def of_documents(db: Database, ids: Iterable[int]) -> dict[int, DocumentFacts]:
    """Return the facts of documents by id; ids that are not held are left out."""
    wanted = json.dumps(list(ids))
    categories = _gathered(db, _CATEGORIES, wanted)
    parties = _gathered(db, _PARTIES, wanted)
    themes = _gathered(db, _THEMES, wanted)
    return {
        document: DocumentFacts(
            kind,
            year or None,
            area,
            tuple(one for (one,) in categories.get(document, ())),
            tuple((role, name) for role, name in parties.get(document, ())),
            _standing(parties.get(document, ())),
            dict(themes.get(document, ())),
        )
        for document, kind, year, area in db.execute(_LISTED, [wanted])
    }


def _standing(parties: Iterable[tuple[Any, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for role, name in parties if role != Role.MENTIONED))


_AMONG = "IN (SELECT value FROM json_each(?))"
# Without the index each document's whole text would be passed over to reach its date.
_LISTED = (
    "SELECT id, kind, substr(date, 1, 4), coroner_area FROM documents INDEXED BY documents_listed"
    f" WHERE id {_AMONG}"
)
_CATEGORIES = f"SELECT DISTINCT document_id, category FROM categories WHERE document_id {_AMONG}"
_PARTIES = (
    "SELECT DISTINCT y.document_id, y.role, o.name FROM parties y"
    f" JOIN organisations o ON o.id = y.organisation_id WHERE y.document_id {_AMONG}"
)
# CROSS JOIN holds SQLite to this order: it would read all tags of each theme.
_THEMES = (
    "SELECT p.document_id, t.theme, max(t.score) FROM passages p"
    " CROSS JOIN tags t ON t.passage_id = p.id AND NOT t.rejected"
    f" WHERE p.document_id {_AMONG} GROUP BY 1, 2"
)


def _gathered(db: Database, sql: str, wanted: str) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for document, *values in db.execute(sql, [wanted]):
        found[document].append(tuple(values))
    return found
