"""Filters as SQL over `passages p` and `documents d`, values always bound, never pasted in."""

import difflib
from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from kb.errors import UnknownFilterValue
from kb.queries import Filters
from kb.themes import is_own

Where = tuple[str, dict[str, Any]]

STANDING = "y.role <> 'mentioned'"
"""The condition on `parties y` that every count has unless it asks for a role."""

_OF_DOCUMENT = {
    "kind": "d.kind = :kind",
    "area": "d.coroner_area = :area",
    "category": "EXISTS (SELECT 1 FROM categories c"
    " WHERE c.document_id = d.id AND c.category = :category)",
    "year": "substr(d.date, 1, 4) = substr(:year, 1, 4)",
    "from_date": "d.date >= :from_date",
    # A stored "2021" and a limit "2021-09" compare as text; the tail lets the limit's own
    # month or year in.
    "to_date": "d.date <= :to_date || '~'",
}
_OF_PASSAGE = {
    "theme": "EXISTS (SELECT 1 FROM tags t"
    " WHERE t.passage_id = p.id AND t.theme = :theme AND t.rejected = 0)",
    "section": "p.section_kind = :section",
}


def of_document(db: Database, filters: Filters) -> Where:
    """Return the condition on documents alone; "1" when there is none.

    Raises `UnknownFilterValue` for an organisation that the library does not name.
    """
    where, values = _conditions(filters, _OF_DOCUMENT)
    if filters.organisation is not None or filters.role is not None:
        condition, more = as_role(filters.role)
        if filters.organisation is not None:
            ids = _organisation_ids(db, filters.organisation, filters.role)
            condition += f" AND y.organisation_id IN ({','.join(str(one) for one in ids)})"
        where.append(f"d.id IN (SELECT y.document_id FROM parties y WHERE {condition})")
        values |= more
    return " AND ".join(where) or "1", values


def as_role(role: str | None) -> Where:
    """Return the condition on `parties y` for a role; None lets in all but who is only named."""
    return ("y.role = :role", {"role": str(role)}) if role else (STANDING, {})


def of_passage(db: Database, filters: Filters) -> Where:
    """Return the condition on a passage and its document, leaving boilerplate out.

    Raises `UnknownFilterValue` for an organisation or an own theme that the library does not hold.
    """
    document, values = of_document(db, filters)
    where, more = _conditions(filters, _OF_PASSAGE)
    if filters.theme is not None and is_own(filters.theme):
        _own_theme_held(db, filters.theme)
    return " AND ".join([document, "p.boilerplate = 0", *where]), values | more


def _own_theme_held(db: Database, key: str) -> None:
    """Raise `UnknownFilterValue` for an own theme that the library does not hold."""
    if not db.execute("SELECT 1 FROM own_themes WHERE key = ?", [key]).fetchone():
        raise UnknownFilterValue(
            f"There is no own theme '{key}'. 'pfdkb theme list' shows those there are."
        )


def _conditions(filters: Filters, table: dict[str, str]) -> tuple[list[str], dict[str, Any]]:
    used = [name for name in table if getattr(filters, name) is not None]
    return [table[name] for name in used], {name: getattr(filters, name) for name in used}


def _organisation_ids(db: Database, asked: str, role: str | None) -> Sequence[int]:
    """Return the organisations of exactly this name, else all whose name contains the words."""
    exact = db.execute("SELECT id FROM organisations WHERE name = ? COLLATE NOCASE", [asked])
    found = [row[0] for row in exact]
    if not found:
        part = db.execute(
            "SELECT id FROM organisations WHERE instr(lower(name), lower(?))", [asked]
        )
        found = [row[0] for row in part]
    if not found or not asked.strip():
        raise UnknownFilterValue(_no_organisation(db, asked, role))
    return found


def _no_organisation(db: Database, asked: str, role: str | None) -> str:
    # A body that is only mentioned is no help to a person who asks for another role.
    condition, values = as_role(role)
    rows = db.execute(
        "SELECT DISTINCT o.name FROM organisations o JOIN parties y ON y.organisation_id = o.id"
        f" WHERE {condition} ORDER BY 1",
        values,
    )
    close = difflib.get_close_matches(asked, [row[0] for row in rows], n=3, cutoff=0.5)
    hint = f" Close to it: {'; '.join(close)}." if close else ""
    return f"No document names an organisation '{asked}'.{hint}"
