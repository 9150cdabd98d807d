"""Which passages have I chosen? The case list, and its downloads with citations."""

import re
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from kb.errors import UsageError
from kb.library import CasePack, case_entries, case_markdown, lost_words
from kb.store import passages
from kb.store.tables import status
from webui import access, case_list
from webui.case_docx import case_docx
from webui.phrases import counted

pages = Blueprint("case", __name__)

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_STEPS = {"up": -1, "down": 1}


def _pack() -> CasePack:
    store = access.store()
    return CasePack(
        title=case_list.title(),
        entries=case_entries(store, case_list.keys()),
        accessed=str(status(store.db)["updated"] or "")[:10],
    )


@pages.get("/case")
def listed() -> str:
    """The chosen passages in order, with what can be done with them."""
    return render_template("case/listed.html", pack=_pack(), most=case_list.MOST, lost=lost_words)


@pages.get("/case.md")
def as_markdown() -> Response:
    """The list as Markdown."""
    return _download(case_markdown(_pack()).encode(), "text/markdown; charset=utf-8", "md")


@pages.get("/case.docx")
def as_docx() -> Response:
    """The list as a Word document."""
    return _download(case_docx(_pack()), _WORD, "docx")


@pages.post("/case/add")
def add() -> Answer:
    """Put a passage into the list and go back to where it was read."""
    key = request.form.get("key", "")
    passages.passage(access.store().db, key)
    try:
        case_list.add(key)
    except UsageError as full:
        flash(full.sentence)
    else:
        held = counted(len(case_list.keys()), "passage")
        flash(f"Added. The case list holds {held}.")
    return redirect(_back(key))


@pages.post("/case/remove")
def remove() -> Answer:
    """Take a passage out of the list."""
    case_list.remove(request.form.get("key", ""))
    flash("Removed from the case list.")
    return redirect(url_for("case.listed"))


@pages.post("/case/move")
def move() -> Answer:
    """Move a passage one place up or down."""
    way = request.form.get("way", "")
    if way not in _STEPS:
        raise UsageError("A passage can be moved up or down.")
    key = request.form.get("key", "")
    case_list.move(key, steps=_STEPS[way])
    return redirect(url_for("case.listed", _anchor=f"p-{key}"))


@pages.post("/case/title")
def retitle() -> Answer:
    """Name the list."""
    case_list.retitle(request.form.get("title", ""))
    flash("The title is kept.")
    return redirect(url_for("case.listed"))


@pages.post("/case/clear")
def clear() -> Answer:
    """Empty the list."""
    case_list.clear()
    flash("The case list is empty.")
    return redirect(url_for("case.listed"))


def _download(body: bytes, mimetype: str, ending: str) -> Response:
    stem = re.sub(r"[^a-z0-9]+", "-", case_list.title().lower()).strip("-")[:60] or "case-list"
    return Response(
        body,
        content_type=mimetype,
        headers={"Content-Disposition": f'attachment; filename="{stem}.{ending}"'},
    )


def _back(key: str) -> str:
    """Return the page of ours that the form names, at the passage; anything else is the list."""
    asked = request.form.get("back", "")
    parts = urlsplit(asked.split("#")[0])
    ours = asked.startswith("/") and not asked.startswith("//") and "\\" not in asked
    if not ours or parts.scheme or parts.netloc or not asked.isprintable():
        return url_for("case.listed")
    return f"{parts.geturl()}#p-{key}"
