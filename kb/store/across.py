"""Distinct documents by theme and by organisation, kind of organisation, coroner area or year.

Every number is of documents held. What a row can be of (its denominator) is the documents held
with text: of the others only the published details are held, and they cannot show a theme.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlite_utils import Database

from kb.across import Across, Row, Scope
from kb.areas import area_key
from kb.kinds import KINDS, kind_of
from kb.store.filters import Where, of_document

_ROW = {
    "organisation": "o.name",
    "kind": "kind_of(o.name)",
    "area": "area_key(d.coroner_area)",
    "year": "substr(d.date, 1, 4)",
}
_OF_PARTIES = ("organisation", "kind")
_PARTIES = (
    " JOIN parties y ON y.document_id = d.id AND y.role = :role"
    " JOIN organisations o ON o.id = y.organisation_id{chosen}"
)
# The pairs first, then their documents: half the time of going through every passage.
_SHOWN = (
    "WITH shown(id, theme) AS MATERIALIZED (SELECT DISTINCT p.document_id, t.theme FROM tags t"
    " CROSS JOIN passages p ON p.id = t.passage_id AND p.boilerplate = 0 WHERE t.rejected = 0) "
)
_TAGGED = (
    "EXISTS (SELECT 1 FROM passages p JOIN tags t ON t.passage_id = p.id AND t.rejected = 0"
    " WHERE p.document_id = d.id AND p.boilerplate = 0)"
)
_COUNTED = (
    "count(DISTINCT d.id), count(DISTINCT CASE WHEN d.text <> '' THEN d.id END),"
    f" count(DISTINCT CASE WHEN {_TAGGED} THEN d.id END)"
)


def across(db: Database, scope: Scope) -> Across:
    """Count the scope's documents. Rows stand in the order of their names, never of their numbers.

    Raises `NotHeld` for an organisation that no document names.
    """
    source, where, values = _source(db, scope)
    row = _ROW[scope.by]
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for key, theme, count in db.execute(
        f"{_SHOWN}SELECT {row}, s.theme, count(DISTINCT d.id) FROM shown s"
        f" JOIN documents d ON d.id = s.id{source} WHERE {where} GROUP BY 1, 2",
        values,
    ):
        if key is not None:
            counts[key][theme] = count
    whole, nowhere = _whole(db, scope)
    return Across(
        scope=scope,
        rows=rows_held(db, scope),
        counts=dict(counts),
        totals=_totals(db, scope),
        whole=whole,
        nowhere=nowhere,
    )


def rows_held(db: Database, scope: Scope) -> tuple[Row, ...]:
    """Return the rows alone, without their themes: by year, which years are held with text."""
    source, where, values = _source(db, scope)
    row = _ROW[scope.by]
    held = db.execute(
        f"SELECT {row}, {_COUNTED} FROM documents d{source} WHERE {where} GROUP BY 1",
        values,
    ).fetchall()
    held = [found for found in held if found[0] is not None]
    names = _names(db, scope, [key for key, *_ in held])
    rows = [
        Row(key=key, names=names[key], held=n, with_text=text, tagged=tagged)
        for key, n, text, tagged in held
    ]
    return tuple(sorted(rows, key=_ORDER.get(scope.by, lambda one: one.name.casefold())))


_ORDER: dict[str, Callable[[Row], Any]] = {
    "kind": lambda one: list(KINDS).index(one.key),
    "year": lambda one: one.key,
}


def without_row(db: Database, scope: Scope) -> Row:
    """Return what of a scope has no row: by year, the documents without a date."""
    return _whole(db, scope)[1]


_ROWLESS = {
    "area": "area_key(d.coroner_area) IS NULL",
    "year": "d.date IS NULL",
}
_NO_PARTY = "NOT EXISTS (SELECT 1 FROM parties y WHERE y.document_id = d.id AND y.role = :role)"


def totals_of(db: Database, scope: Scope) -> tuple[dict[str, int], Row]:
    """Return what stands under the scope's table alone: by theme, and every document once."""
    return _totals(db, scope), _whole(db, scope)[0]


def _totals(db: Database, scope: Scope) -> dict[str, int]:
    where, values = _where(db, scope)
    rows = db.execute(
        f"{_SHOWN}SELECT s.theme, count(*) FROM shown s JOIN documents d ON d.id = s.id"
        f" WHERE {where} GROUP BY 1",
        values,
    )
    return dict(rows.fetchall())


def _whole(db: Database, scope: Scope) -> tuple[Row, Row]:
    """Return what stands under the table: every document once, and those that have no row."""
    where, values = _where(db, scope)
    rowless = _ROWLESS.get(scope.by, _NO_PARTY)
    found = {"whole": (0, 0, 0), "nowhere": (0, 0, 0)}
    for without, *counts in db.execute(
        f"SELECT {rowless}, {_COUNTED} FROM documents d WHERE {where} GROUP BY 1",
        values,
    ):
        for name in ("whole", "nowhere") if without else ("whole",):
            held, text, tagged = found[name]
            found[name] = (held + counts[0], text + counts[1], tagged + counts[2])
    whole, nowhere = (
        Row(key=name, names=(name,), held=held, with_text=text, tagged=tagged)
        for name, (held, text, tagged) in found.items()
    )
    return whole, nowhere


_PASSAGES = (
    " JOIN passages p ON p.document_id = d.id AND p.boilerplate = 0"
    " JOIN tags t ON t.passage_id = p.id AND t.rejected = 0"
)


def cell(
    db: Database, scope: Scope, *, row: str | None, theme: str | None
) -> list[tuple[int | None, int]]:
    """Return (passage id, document id) behind a number of a table, newest document first.

    `row` None: of all rows together. `theme` None: every document of the row once, with the id
    None. The documents are exactly those that `across` counts there.
    """
    source, where, values = _source(db, scope) if row else ("", *_where(db, scope))
    if row:
        where += f" AND {_ROW[scope.by]} = :row"
        values = values | {"row": row}
    of, tags = "NULL", ""
    if theme:
        of, tags, where = "p.id", _PASSAGES, f"{where} AND t.theme = :theme"
        values = values | {"theme": theme}
    rows = db.execute(
        f"SELECT DISTINCT {of}, d.id, d.date, d.docno{', p.position' if theme else ''}"
        f" FROM documents d{source}{tags} WHERE {where}"
        f" ORDER BY d.date DESC NULLS LAST, d.docno{', p.position' if theme else ''}",
        values,
    )
    return [(one[0], one[1]) for one in rows]


def area_names(db: Database, area: str) -> tuple[str, ...]:
    """Return the spellings of a coroner area that is asked for in one of them, commonest first."""
    know_groupings(db)
    rows = db.execute(
        "SELECT coroner_area FROM documents WHERE area_key(coroner_area) = area_key(?)"
        " GROUP BY 1 ORDER BY count(*) DESC, 1",
        [area],
    )
    return tuple(one for (one,) in rows)


def know_groupings(db: Database) -> None:
    """Make the groupings known to SQL, so that one pass counts by them."""
    for name, function in (("kind_of", kind_of), ("area_key", area_key)):
        db.conn.create_function(
            name, 1, lambda value, of=function: None if value is None else of(value) or None,
            deterministic=True,
        )  # fmt: skip


def _source(db: Database, scope: Scope) -> tuple[str, str, dict[str, Any]]:
    """Return the joins, the condition and the values of a count by row."""
    where, values = _where(db, scope)
    if scope.by not in _OF_PARTIES:
        return "", where, values
    return _PARTIES.format(chosen=_chosen(scope)), where, values


def _chosen(scope: Scope) -> str:
    """Return what limits `organisations o` to those asked for."""
    condition = ""
    if scope.organisations:
        condition += " AND o.name IN (SELECT value FROM json_each(:organisations))"
    if scope.body:  # asked of each organisation once, not of each document
        condition += " AND o.id IN (SELECT id FROM organisations WHERE kind_of(name) = :body)"
    return condition


def _where(db: Database, scope: Scope) -> Where:
    """Return the condition on documents that holds for the whole of a table."""
    know_groupings(db)
    where, values = of_document(db, scope.filters)
    if scope.organisations or scope.body:
        where += (
            " AND d.id IN (SELECT y.document_id FROM parties y JOIN organisations o"
            f" ON o.id = y.organisation_id WHERE y.role = :role{_chosen(scope)})"
        )
    if scope.area:
        where += " AND area_key(d.coroner_area) = area_key(:area)"
    more = {
        "role": str(scope.role),
        "organisations": json.dumps(scope.organisations),
        "body": scope.body,
        "area": scope.area,
    }
    return where, values | more


def _names(db: Database, scope: Scope, keys: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return what each row is called, and by which other spellings it goes."""
    if scope.by == "kind":
        return {key: (KINDS[key],) for key in keys}
    if scope.by != "area":
        return {key: (key,) for key in keys}
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    for written, count in db.execute(
        "SELECT coroner_area, count(*) FROM documents WHERE coroner_area IS NOT NULL GROUP BY 1"
    ):
        spelt[area_key(written)][written] += count
    return {key: tuple(sorted(spelt[key], key=lambda one: (-spelt[key][one], one))) for key in keys}
