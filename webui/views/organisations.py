"""What was raised with whom? And what did it answer, plan, or only get named in?"""

from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Blueprint, Response, render_template, request

from kb.documents import Role
from kb.errors import UnknownFilterValue, UsageError
from kb.organisations import organisation, predecessors, successors
from kb.queries import role_named
from kb.store import Store
from kb.store.roles import organisation_count, organisation_counts, standings
from kb.store.tables import CountTable, theme_table
from webui import access
from webui.csvs import Cell, csv_answer
from webui.hits import CLOSED
from webui.params import whole_number
from webui.phrases import counted
from webui.roles import ROLE_WORDS
from webui.views.search import CAVEATS, library_words

pages = Blueprint("organisations", __name__)

_TOP = 20
_SHADES = 5
_BY = ("organisation", "year")
_LISTED = 10
_PAGE_SIZE = 100
_LONGEST_NAME = 300


def _role() -> Role:
    return role_named(request.args.get("role", "") or Role.RECIPIENT)


def _table() -> CountTable:
    by = request.args.get("by", "") or "organisation"
    if by not in _BY:
        raise UnknownFilterValue("Themes are counted here by organisation or by year.")
    role = _role() if by == "organisation" else Role.RECIPIENT
    return theme_table(access.store().db, by=by, kind=role.kind, role=role, top=_TOP)


@pages.get("/organisations")
def table() -> str:
    """Themes by organisation or by year: distinct documents, each number a link to them."""
    counted_table = _table()
    peak = max((n for row in counted_table.counts.values() for n in row.values()), default=0)
    return render_template(
        "organisations/table.html",
        table=counted_table,
        themes=list(access.book().values()),
        shade=lambda count: -(-count * _SHADES // peak) if peak else 0,
        link=_link(counted_table),
        words=ROLE_WORDS,
        nouns=_nouns(counted_table.role),
        caveats=_caveats(counted_table),
    )


def _link(shown: CountTable) -> dict[str, str]:
    """Return what every link of the table asks for besides theme and column.

    A report's organisations are its recipients unless a role is asked for, so theirs need none.
    """
    asked = {"kind": shown.kind} if shown.kind else {}
    return asked if shown.role is Role.RECIPIENT else {**asked, "role": str(shown.role)}


def _nouns(role: Role) -> str:
    return counted(2, ROLE_WORDS[role].noun).partition(" ")[2]


def _caveats(shown: CountTable) -> list[str]:
    noun = ROLE_WORDS[shown.role].noun
    own = {
        "organisation": f"A {noun} of two organisations counts with each of them, and once in "
        "the total. An organisation with more of them is not thereby less safe.",
        "year": "Reports without a date are in the total only. The first and last years held may "
        "be incomplete.",
    }
    if shown.role is Role.RECIPIENT:
        own["organisation"] = (
            "A report sent to two organisations counts with each of them, and once in the total. "
            "An organisation that is sent more reports is not thereby less safe."
        )
    return [own[shown.by], *CAVEATS[:3]]


@pages.get("/organisations.csv")
def download() -> Response:
    """The same table as a file."""
    shown = _table()
    role = "" if shown.role is Role.RECIPIENT else f"-{shown.role}"
    return csv_answer(
        f"pfd-kb-themes-by-{shown.by}{role}.csv",
        about=_about(access.store(), shown),
        rows=_rows(shown),
    )


def _about(store: Store, shown: CountTable) -> Iterator[tuple[Cell, Cell]]:
    nouns = _nouns(shown.role)
    yield "Table", f"Distinct {nouns} by theme and {shown.by}"
    if shown.by == "organisation":
        yield "Organisations counted as", shown.role.label.lower()
    yield "Of", f"{counted(shown.documents, ROLE_WORDS[shown.role].noun)} held with text"
    yield "Made on", datetime.now(UTC).date().isoformat()
    yield "Library", library_words(store)
    for caveat in _caveats(shown):
        yield "Caveat", caveat


def _rows(shown: CountTable) -> Iterator[tuple[Cell, ...]]:
    nouns = _nouns(shown.role).removeprefix("PFD ")
    yield "theme", *shown.columns, f"all {nouns}"
    yield f"{nouns} held with text", *(shown.held[c] for c in shown.columns), shown.documents
    for theme in access.book().values():
        row = shown.counts.get(theme.key, {})
        counts = (row.get(column, 0) for column in shown.columns)
        yield theme.name, *counts, shown.totals.get(theme.key, 0)


@pages.get("/organisations/list")
def every() -> str:
    """Every organisation with a role, and the number of documents it has in each role."""
    part = " ".join(request.args.get("name", "").split())
    if len(part) > _LONGEST_NAME:
        raise UsageError("The name asked for is too long to be one.")
    role, page = _role(), whole_number(request.args.get("page", ""), name="page", most=100_000)
    found, total = organisation_counts(
        access.store().db, role=role, part=part, limit=_PAGE_SIZE, offset=(page - 1) * _PAGE_SIZE
    )
    return render_template(
        "organisations/every.html",
        found=found,
        total=total,
        role=role,
        part=part,
        words=ROLE_WORDS,
        page=page,
        last=max(1, -(-total // _PAGE_SIZE)),
        args={"role": None if role is Role.RECIPIENT else str(role), "name": part or None},
    )


@pages.get("/organisations/<path:name>")
def one(name: str) -> str:
    """An organisation: what it was sent, answered and planned, and where it is only named."""
    db = access.store().db
    found = organisation_count(db, name)
    known = organisation(found.name)
    return render_template(
        "organisations/one.html",
        found=found,
        known=known,
        after=successors(known) if known else (),
        before=predecessors(found.name) if known else (),
        words=ROLE_WORDS,
        lists={
            role: standings(db, found.name, role, limit=_LISTED)
            for role, count in found.counts.items()
            if count
        },
        closed=CLOSED,
    )
