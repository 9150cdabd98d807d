"""What was raised with whom? And what did it answer, plan, or only get named in?"""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from kb.documents import Role
from kb.errors import NotHeld, UsageError
from kb.kinds import KINDS, kind_named, kind_of
from kb.organisations import organisation, predecessors, successors
from kb.queries import role_named
from kb.store.caveats import HELD, NO_RANKING, role_clause, trust
from kb.store.roles import organisation_count, organisation_counts, standings
from webui import access
from webui.csvs import Cell
from webui.hits import CLOSED
from webui.params import whole_number
from webui.provider import Provider
from webui.roles import ROLE_WORDS
from webui.sheets import PICTURES, TABLES, chart_answer, table_answer

pages = Blueprint("organisations", __name__)

_LISTED = 10
_CONCERNS = 12
_PAGE_SIZE = 100
_LONGEST_NAME = 300


def _role() -> Role:
    return role_named(request.args.get("role", "") or Role.RECIPIENT)


def _part() -> str:
    part = request.args.get("name", "").strip()
    if len(part) > _LONGEST_NAME:
        raise UsageError("The name asked for is too long to be one.")
    return part


def _body() -> str | None:
    body = request.args.get("body", "") or None
    if body is not None:
        kind_named(body)
    return body


@pages.get("/organisations")
def every() -> str | Redirect:
    """Every organisation with a role, by name, and its documents in each role."""
    if "by" in request.args:  # where the table of themes stood before
        by, role = request.args["by"], request.args.get("role") or None
        return redirect(url_for("across.table", by=by, role=role))
    role, part, body = _role(), _part(), _body()
    page = whole_number(request.args.get("page", ""), name="page", most=100_000)
    offset = (page - 1) * _PAGE_SIZE
    found, total = organisation_counts(
        access.store().db, role=role, part=part, body=body, limit=_PAGE_SIZE, offset=offset
    )
    return render_template(
        "organisations/every.html",
        found=found,
        total=total,
        role=role,
        part=part,
        body=body,
        kinds=KINDS,
        kind_of=kind_of,
        words=ROLE_WORDS,
        page=page,
        last=max(1, -(-total // _PAGE_SIZE)),
        args={
            "role": None if role is Role.RECIPIENT else str(role),
            "name": part or None,
            "body": body,
        },
        caveats=(HELD, NO_RANKING),
    )


@pages.get("/organisations/list")
def every_before() -> Redirect:
    """The list where it stood before."""
    given: dict[str, Any] = request.args.to_dict()
    return redirect(url_for("organisations.every", **given))


@pages.get(f"/organisations.<{TABLES}>")
def download(extension: str) -> Response:
    """The same list as a file, whole."""
    role, part, body = _role(), _part(), _body()
    found, total = organisation_counts(
        access.store().db, role=role, part=part, body=body, limit=None
    )

    def rows() -> Iterator[tuple[Cell, ...]]:
        yield "organisation", "kind", *(of.held.lower() for of in ROLE_WORDS.values())
        for one in found:
            yield one.name, KINDS[kind_of(one.name)], *(one.counts[of] for of in ROLE_WORDS)

    about: list[tuple[Cell, Cell]] = [
        ("Table", f"Organisations counted as: {role.label.lower()}, by name"),
        ("Of", f"{total} organisations"),
    ]
    about += [("With in the name", part)] if part else []
    about += [("Kind of organisation", KINDS[body])] if body else []
    about += [("Caveat", HELD), ("Caveat", NO_RANKING)]
    return table_answer(extension, f"pfd-kb-organisations-{role}", about=about, rows=rows())


@pages.get("/organisations/<path:name>")
def one(name: str) -> str:
    """An organisation: what it was sent, answered and named in, and its themes beside its kind."""
    db = access.store().db
    found = organisation_count(db, name)
    known = organisation(found.name)
    shown = Provider.of(access.store(), found.name, _role(), list(access.book().values()))
    return render_template(
        "organisations/one.html",
        found=found,
        known=known,
        after=successors(known) if known else (),
        before=predecessors(found.name) if known else (),
        words=ROLE_WORDS,
        shown=shown,
        role=_role(),
        role_clause=role_clause(_role()),
        trust=trust(db, access.book().values()),
        most_concerns=_CONCERNS,
        lists={
            role: standings(db, found.name, role, limit=_LISTED)
            for role, count in found.counts.items()
            if count
        },
        closed=CLOSED,
    )


def _asked() -> Provider:
    """Return the organisation that a file is asked of. Raises `NotHeld`."""
    store = access.store()
    name = organisation_count(store.db, request.args.get("name", "")).name
    return Provider.of(store, name, _role(), list(access.book().values()))


@pages.get(f"/organisations/themes.<{TABLES}>")
def themes_file(extension: str) -> Response:
    """The themes of an organisation beside all of its kind, as a file."""
    shown = _asked()
    return table_answer(
        extension, "pfd-kb-organisation-themes", about=shown.about(), rows=shown.beside.file_rows()
    )


@pages.get(f"/organisations/themes.<{PICTURES}>")
def themes_picture(extension: str) -> Response:
    """The same as a picture."""
    shown = _asked()
    if not shown.beside_svg:
        raise NotHeld("There is nothing to draw: neither has ten documents held with text.")
    return chart_answer(
        extension, "pfd-kb-organisation-themes", shown.beside_svg, about=shown.about()
    )


@pages.get(f"/organisations/years.<{TABLES}>")
def years_file(extension: str) -> Response:
    """What is held of an organisation, by year, as a file."""
    shown = _asked()
    return table_answer(
        extension, "pfd-kb-organisation-years", about=shown.about(), rows=shown.year_rows()
    )


@pages.get(f"/organisations/years.<{PICTURES}>")
def years_picture(extension: str) -> Response:
    """The same as a picture."""
    shown = _asked()
    if not shown.years_svg:
        raise NotHeld("There is nothing to draw: no report sent to it has a date.")
    return chart_answer(
        extension, "pfd-kb-organisation-years", shown.years_svg, about=shown.about()
    )
