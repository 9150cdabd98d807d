"""What narrows an answer: the values of what was found, with counts of distinct documents."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sqlite_utils import Database

from kb.documents import Kind
from kb.queries import FacetValue
from kb.store import own_themes
from kb.store.filters import as_role

_SHOWN = 12


def facets(
    db: Database,
    *,
    passage_ids: Sequence[int],
    document_ids: Sequence[int],
    role: str | None = None,
) -> dict[str, tuple[FacetValue, ...]]:
    """Return, for each facet, its commonest values with counts of distinct documents.

    Themes are counted over the passages found, everything else over their documents. Years stand
    newest first, all others by count. Organisations count in a role, or in all but mentioned.
    """
    wanted = json.dumps(list(document_ids))
    listed = db.execute(
        # Without the index each document's whole text would be passed over to reach its date.
        "SELECT kind, substr(date, 1, 4), coroner_area FROM documents INDEXED BY documents_listed"
        " WHERE id IN (SELECT value FROM json_each(?))",
        [wanted],
    ).fetchall()
    kinds, years, areas = (Counter(row[at] for row in listed if row[at]) for at in range(3))
    return {
        "theme": _themes(db, passage_ids),
        "kind": tuple(FacetValue(k, Kind(k).label, n) for k, n in _commonest(kinds)),
        "organisation": _values(_organisations(db, wanted, role)),
        "year": _values(sorted(years.items(), reverse=True)),
        "area": _values(_commonest(areas)),
        "category": _values(_commonest(_categories(db, wanted))),
    }


def _commonest(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:_SHOWN]


def _values(counts: Iterable[tuple[str, int]]) -> tuple[FacetValue, ...]:
    return tuple(FacetValue(value, value, count) for value, count in counts)


def _organisations(db: Database, wanted: str, role: str | None) -> list[tuple[str, int]]:
    condition, values = as_role(role)
    rows = db.execute(
        "SELECT y.document_id, y.organisation_id FROM parties y"
        f" WHERE y.document_id IN (SELECT value FROM json_each(:wanted)) AND {condition}",
        values | {"wanted": wanted},
    )
    counts = Counter(organisation for _, organisation in set(rows))
    names = dict(
        db.execute(
            "SELECT id, name FROM organisations WHERE id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(counts))],
        ).fetchall()
    )
    return _commonest({names[one]: count for one, count in counts.items()})


def _categories(db: Database, wanted: str) -> Counter[str]:
    rows = db.execute(
        "SELECT DISTINCT document_id, category FROM categories"
        " WHERE document_id IN (SELECT value FROM json_each(?))",
        [wanted],
    )
    return Counter(row[1] for row in rows)


def _themes(db: Database, passage_ids: Sequence[int]) -> tuple[FacetValue, ...]:
    wanted = json.dumps(list(passage_ids))
    document_of = dict(
        db.execute(
            "SELECT id, document_id FROM passages WHERE id IN (SELECT value FROM json_each(?))",
            [wanted],
        ).fetchall()
    )
    rows = db.execute(
        "SELECT passage_id, theme FROM tags WHERE rejected = 0"
        " AND passage_id IN (SELECT value FROM json_each(?))",
        [wanted],
    )
    shown = {(document_of[passage], theme) for passage, theme in rows}
    book = own_themes.book(db)
    counts = Counter(theme for _, theme in shown if theme in book)
    return tuple(FacetValue(key, book[key].name, n) for key, n in _commonest(counts))
