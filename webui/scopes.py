"""From an address to what is counted across providers, and from a number to its passages."""

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from kb.across import Row, Scope
from kb.documents import Kind
from kb.errors import UnknownFilterValue, UsageError
from kb.kinds import KINDS
from kb.queries import Filters, role_named
from kb.store import Store
from kb.store.across import area_names
from kb.store.providers import organisations_named
from kb.themes import Theme

MOST_CHOSEN = 60
_EVERY = "all"
_LONGEST = 300
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_SCOPED = ("by", "role", "kind", "body", "area", "from", "to")

Args = MultiDict[str, str]


def scope_asked(store: Store, args: Args, *, by: str | None = None) -> Scope:
    """Read what is to be counted; `by` outranks the address.

    Raises `UsageError` with a sentence for values that cannot be, `NotHeld` for an organisation
    that no document names.
    """
    given = {name: _clean(args.get(name, "")) for name in _SCOPED}
    names = [one for one in map(_clean, args.getlist("organisation")) if one]
    if len(names) > MOST_CHOSEN:
        raise UsageError(f"Choose at most {MOST_CHOSEN} organisations.")
    role = role_named(given["role"] or "recipient")
    kind = given["kind"] or role.kind
    scope = Scope(
        by=by or given["by"] or "organisation",
        role=role,
        kind=None if kind in (None, _EVERY) else str(kind),
        organisations=organisations_named(store.db, names),
        body=given["body"] or None,
        area=given["area"] or None,
        from_date=given["from"] or None,
        to_date=given["to"] or None,
    )
    if scope.kind is not None and scope.kind not in set(Kind):
        raise UnknownFilterValue(
            f"There is no kind of document '{scope.kind}'. The kinds are: {', '.join(Kind)}, all."
        )
    Filters(from_date=scope.from_date, to_date=scope.to_date)  # says what is wrong with a date
    if scope.area and not area_names(store.db, scope.area):
        raise UnknownFilterValue(f"No document held here is of a coroner area '{scope.area}'.")
    return scope


def themes_asked(book: dict[str, Theme], args: Args) -> list[Theme]:
    """Return the themes that an address asks for, all where none. Raises `UnknownFilterValue`."""
    keys = [one for one in args.getlist("theme") if one]
    for key in keys:
        if key not in book:
            raise UnknownFilterValue(
                f"There is no theme '{_clean(key)}'. The themes are: {', '.join(book)}."
            )
    return [theme for key, theme in book.items() if not keys or key in keys]


def scope_args(scope: Scope) -> dict[str, str | list[str]]:
    """Return the address's parameters that ask for a scope, without what goes without saying."""
    usual = Scope(by=scope.by, role=scope.role, kind=scope.role.kind)
    found: dict[str, str | list[str]] = {"by": scope.by}
    if scope.role != Scope().role:
        found["role"] = str(scope.role)
    if scope.kind != usual.kind:
        found["kind"] = scope.kind or _EVERY
    if scope.organisations:
        found["organisation"] = list(scope.organisations)
    if scope.body:
        found["body"] = scope.body
    if scope.area:
        found["area"] = scope.area
    if scope.from_date:
        found["from"] = scope.from_date
    if scope.to_date:
        found["to"] = scope.to_date
    return found


def scope_words(scope: Scope) -> list[tuple[str, str]]:
    """Return what narrows a scope, as (label, value) in words."""
    found = [("Organisations counted as", scope.role.label.lower())]
    found.append(("Documents", Kind(scope.kind).label if scope.kind else "of every kind"))
    if scope.organisations:
        found.append(("Organisations", "; ".join(scope.organisations)))
    if scope.body:
        found.append(("Kind of organisation", KINDS[scope.body]))
    if scope.area:
        found.append(("Coroner area", scope.area))
    if scope.from_date:
        found.append(("From", scope.from_date))
    if scope.to_date:
        found.append(("To", scope.to_date))
    return found


class Links:
    """The addresses behind the numbers of one table.

    A search where its filters say exactly what is counted; where they cannot (a kind of
    organisation, an area of several spellings, several organisations at once) a list of its own.
    """

    def __init__(self, store: Store, scope: Scope) -> None:
        self._scope = scope
        self._search = url_for("search.results")
        self._behind = url_for("across.behind")
        self._area = area_names(store.db, scope.area) if scope.area else ()

    def to(self, row: Row | None, theme: str | None = None) -> str:
        """Return where the documents of a row stand, of all rows for None."""
        asked = self._asked(row)
        if asked is None:
            return f"{self._behind}?{self._of_its_own(row, theme)}"
        if theme:
            asked["theme"] = theme
        return f"{self._search}?{urlencode(asked)}"

    def _asked(self, row: Row | None) -> dict[str, str] | None:
        """Return the filters of a search; None where they cannot say it."""
        scope = self._scope
        organisations, areas = scope.organisations, list(self._area)
        if row is not None and scope.by == "organisation":
            organisations = (row.key,)
        if row is not None and scope.by == "area":
            areas = list(row.names)
        rows_of_kinds = row is not None and scope.by == "kind"
        narrowed = scope.body and not (row is not None and scope.by == "organisation")
        if rows_of_kinds or narrowed or len(organisations) > 1 or len(areas) > 1:
            return None
        if any(len(one) > _LONGEST or _clean(one) != one for one in (*organisations, *areas)):
            return None
        asked = {"kind": scope.kind or ""}
        if organisations:
            asked |= {"organisation": organisations[0], "role": str(scope.role)}
        if areas:
            asked["area"] = areas[0]
        if row is not None and scope.by == "year":
            asked["year"] = row.key
        asked |= {"from": scope.from_date or "", "to": scope.to_date or ""}
        return {name: value for name, value in asked.items() if value}

    def _of_its_own(self, row: Row | None, theme: str | None) -> str:
        asked: dict[str, str | list[str]] = dict(scope_args(self._scope))
        if row is not None:
            asked["row"] = row.key
        if theme:
            asked["theme"] = theme
        return urlencode(asked, doseq=True)


def only(scope: Scope, names: Sequence[str]) -> Scope:
    """Return a scope of these organisations alone."""
    return replace(scope, organisations=tuple(names))


def _clean(written: str) -> str:
    value = _CONTROL.sub(" ", written).strip()
    if len(value) > _LONGEST:
        raise UsageError("A value asked for is too long to be one.")
    return value
